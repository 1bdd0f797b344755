// Every example, under the real socket.io-client: what examples/README.md says of it is what it does.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import tls from 'node:tls';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { happens, soon, until, within } from '../e2e/support/waiting.mjs';
import { Redis } from '../nodes/support/redis.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { io } = createRequire(join(here, '../e2e/package.json'))('socket.io-client');
const programs = resolve(process.env.ATRIUM_EXAMPLES ?? join(here, '../../build/release/examples'));

const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });

/** Runs the example while `body(example)` does; `example.connect(namespace, options)` gives connected clients. */
async function withExample(name, body, args = []) {
  const child = spawn(join(programs, `example_${name}`), ['--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) child[stream].setEncoding('utf8').on('data', (text) => (output[stream] += text));
  const ended = new Promise((done) => child.once('close', (code, signal) => done({ code, signal })));
  const clients = [];
  try {
    const url = await within(20_000, new Promise((found, fail) => {
      child.stdout.on('data', () => {
        const line = /^Listening on (\S+)$/m.exec(output.stdout);
        if (line) found(line[1]);
      });
      ended.then((end) => fail(new Error(`${name} ended: ${JSON.stringify(end)} ${output.stderr}`)));
    }), () => `${name} does not listen; ${output.stderr}`);
    const open = (namespace = '/', options = {}) => {
      const socket = io(url + namespace, { forceNew: true, reconnection: false, ...options });
      clients.push(socket);
      return socket;
    };
    const connect = async (...where) => {
      const socket = open(...where);
      if (!socket.connected) {
        const decided = new Promise((done, fail) => socket.once('connect', done).once('connect_error', fail));
        await soon(decided, `${name} takes nobody in`);
      }
      return socket;
    };
    await body({ url, open, connect, child, output, ended });
    assert.equal(output.stderr, '', `${name} complains`);
  } finally {
    for (const socket of clients) socket.disconnect();
    child.kill('SIGKILL');
    await ended;
    children.delete(child);
  }
}

const event = (socket, name) => happens(socket, name, `no ${name}`);
const ask = (socket, ...args) => soon(socket.emitWithAck(...args), `no answer to ${args[0]}`);

test('echo sends back whatever came, octets included, and answers with it when asked', async () => {
  await withExample('echo', async ({ connect }) => {
    const socket = await connect();
    const back = event(socket, 'hello');
    socket.emit('hello', 1, 'two', { three: Buffer.from([3, 4]) });
    assert.deepEqual(await back, [1, 'two', { three: Buffer.from([3, 4]) }]);
    assert.equal(await ask(socket, 'hello', 'you'), 'you');
  });
});

test('cluster is one chat on two servers', async () => {
  const redis = await Redis.start();
  try {
    await withExample('cluster', async (here) => withExample('cluster', async (there) => {
      for (const { output } of [here, there]) await until(() => output.stdout.includes('One of the cluster'), 'they hear each other');
      const [alice, bob] = [await here.connect(), await there.connect()];
      await ask(alice, 'join', { room: 'tea', name: 'Alice' });
      await ask(bob, 'join', { room: 'tea', name: 'Bob' });
      const heard = [alice, bob].map((socket) => event(socket, 'message'));
      alice.emit('message', { room: 'tea', text: 'Hello there!' });
      assert.deepEqual(await Promise.all(heard), [[{ room: 'tea', text: 'Hello there!' }], [{ room: 'tea', text: 'Hello there!' }]]);
      for (const socket of [alice, bob]) assert.deepEqual((await ask(socket, 'who', 'tea')).sort(), ['Alice', 'Bob']);
    }, [redis.url]), [redis.url]);
  } finally {
    await redis.stop();
  }
});

test('chat carries messages to the room and tells who came and went', async () => {
  await withExample('chat', async ({ connect }) => {
    const alice = await connect();
    const bob = await connect();
    const carol = await connect();
    const refused = await ask(bob, 'message', { room: 'tea', text: 'too early' });
    assert.equal(refused.error.code, 'NOT_JOINED');
    alice.emit('join', { room: 'tea', name: 'Alice' });
    carol.emit('join', { room: 'coffee', name: 'Carol' });
    carol.on('message', () => assert.fail('a message left its room'));
    await ask(carol, 'message', { room: 'nowhere', text: 'in the coffee room now' });
    await ask(alice, 'message', { room: 'nowhere', text: 'in the tea room now' });
    const joined = event(alice, 'joined');
    bob.emit('join', { room: 'tea', name: 'Bob' });
    assert.deepEqual(await joined, ['Bob']);
    const messages = Promise.all([event(alice, 'message'), event(bob, 'message')]);
    assert.equal(await ask(bob, 'message', { room: 'tea', text: 'Hello!', from: 'Alice' }), 'delivered');
    const expected = [{ room: 'tea', text: 'Hello!', from: 'Bob' }];
    assert.deepEqual(await messages, [expected, expected]);
    await ask(carol, 'message', { room: 'nowhere', text: 'nothing came here' });
    const left = event(alice, 'left');
    bob.disconnect();
    assert.deepEqual(await left, [{ name: 'Bob' }]);
  });
});

test('chat is written in 40 lines', () => {
  const lines = readFileSync(join(here, '../../examples/chat.cpp'), 'utf8').trimEnd().split('\n');
  assert.ok(lines.length <= 42, `${lines.length} lines`);
});

test('acknowledgements answers, asks back, and asks a room until the time is over', async () => {
  await withExample('acknowledgements', async ({ connect }) => {
    const asker = await connect();
    assert.equal(await ask(asker, 'divide', { dividend: 6, divisor: 3 }), 2);
    assert.equal((await ask(asker, 'divide', { dividend: 6, divisor: 0 })).error.code, 'DIVISION_BY_ZERO');
    const wrong = await ask(asker, 'divide', { dividend: 'six', divisor: 3 });
    assert.equal(wrong.error.code, 'VALIDATION_FAILED');
    assert.equal(wrong.error.field, 'dividend');

    asker.once('which number?', (answer) => answer(42));
    assert.equal(await ask(asker, 'guess'), 'right');
    asker.once('which number?', (answer) => answer(41));
    assert.equal(await ask(asker, 'guess'), 'wrong');

    asker.once('ping', (answer) => answer());
    const answered = event(asker, 'ping answered');
    asker.emit('ping me');
    assert.deepEqual(await answered, [true]);

    const voters = [await connect(), await connect(), await connect()];
    for (const voter of voters) assert.equal(await ask(voter, 'become voter'), true);
    voters[0].on('vote', (text, vote) => vote(text === 'Tea?' ? 'yes' : 'what?'));
    voters[1].on('vote', (text, vote) => vote('no'));
    assert.deepEqual(await ask(asker, 'vote', 'Tea?'), { yes: 1, no: 1, silent: 1 });
  });
});

test('upload puts the pieces of a file together', async () => {
  await withExample('upload', async ({ connect }) => {
    const socket = await connect('/', { transports: ['websocket'] });
    const file = Buffer.from(Array.from({ length: 700_001 }, (_, i) => i % 251));
    const { id } = await ask(socket, 'upload:begin', { name: 'data.bin', size: file.length });
    for (let at = 0; at < file.length; at += 256 * 1024) {
      const piece = file.subarray(at, at + 256 * 1024);
      assert.equal(await ask(socket, 'upload:piece', id, at, piece), at + piece.length);
    }
    const done = await ask(socket, 'upload:end', id);
    assert.deepEqual(done, {
      name: 'data.bin', size: file.length, sha256: createHash('sha256').update(file).digest('base64'),
    });
    assert.equal((await ask(socket, 'upload:end', id)).error.code, 'NO_SUCH_UPLOAD');
    const short = await ask(socket, 'upload:begin', { name: 'short', size: 2 });
    assert.equal((await ask(socket, 'upload:piece', short.id, 0, Buffer.alloc(3))).error.code, 'TOO_LONG');
    assert.equal((await ask(socket, 'upload:piece', short.id, 1, Buffer.alloc(1))).error.code, 'WRONG_PLACE');
    assert.equal((await ask(socket, 'upload:piece', short.id, 0, 'text')).error.code, 'VALIDATION_FAILED');
    assert.equal((await ask(socket, 'upload:end', short.id)).error.code, 'INCOMPLETE');
  });
});

test('private_messages reaches all windows of two people, and nobody else', async () => {
  await withExample('private_messages', async ({ connect, open }) => {
    const [refusal] = await event(open(), 'connect_error');
    assert.equal(refusal.message, 'who are you?');
    const as = (name) => connect('/', { auth: { name } });
    const alice = await as('alice');
    const otherWindow = await as('alice');
    const bob = await as('bob');
    const carol = await as('carol');
    carol.on('private message', () => assert.fail('carol reads what is not for her'));
    alice.on('private message', () => assert.fail('the sender is told what it knows'));
    assert.deepEqual(await ask(bob, 'who is there'), ['alice', 'bob', 'carol']);
    const got = Promise.all([event(otherWindow, 'private message'), event(bob, 'private message')]);
    alice.emit('private message', { to: 'bob', text: 'psst' });
    const expected = [{ to: 'bob', text: 'psst', from: 'alice' }];
    assert.deepEqual(await got, [expected, expected]);

    const gone = [];
    bob.on('user disconnected', (name) => gone.push(name));
    const closed = event(otherWindow, 'window closed');
    alice.disconnect();
    await closed;
    const wentFirst = event(bob, 'user disconnected');
    otherWindow.disconnect();
    await wentFirst;
    await ask(carol, 'who is there');
    assert.deepEqual(gone, ['alice'], 'told once, when the last window has closed');
  });
});

test('accounts lets in whoever has an account, and admins do more', async () => {
  await withExample('accounts', async ({ connect, open }) => {
    const [unknown] = await event(open('/members', { auth: { token: 'guessed' } }), 'connect_error');
    assert.equal(unknown.message, 'unknown token');
    assert.deepEqual(unknown.data, { code: 'UNKNOWN_TOKEN' });
    const [none] = await event(open('/members'), 'connect_error');
    assert.equal(none.message, 'a token is needed');
    assert.equal(await ask(await connect('/'), 'who am i'), 'anybody');
    const alice = await connect('/members', { auth: { token: 'token-of-alice' } });
    const bob = await connect('/members', { auth: { token: 'token-of-bob' } });
    assert.equal(await ask(bob, 'who am i'), 'bob');
    bob.once('announcement', () => assert.fail('bob is no admin'));
    assert.equal(await ask(bob, 'admin:announce', 'I am the boss'), 'only for admins');
    bob.off('announcement');
    const announcement = event(bob, 'announcement');
    assert.equal(await ask(alice, 'admin:announce', 'Tea is ready'), 'announced');
    assert.deepEqual(await announcement, ['Tea is ready']);
  });
});

test('beside_http serves an API on the same port, and brings its changes to sockets', async () => {
  await withExample('beside_http', async ({ connect, url }) => {
    const watching = await connect();
    const other = await connect();
    other.on('order', () => assert.fail('nobody asked for this order'));
    watching.emit('watch', '42');
    other.emit('watch', '43');
    const { count } = await (await fetch(`${url}/api/sockets`)).json();
    assert.equal(count, 2);
    const change = (body) => fetch(`${url}/api/orders/42/status`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    // The room is joined when the client's event has arrived, which a request on another connection may overtake.
    let order;
    watching.on('order', (told) => (order = told));
    await until(async () => {
      assert.equal((await change({ status: 'shipped' })).status, 204);
      return order;
    }, 'the watcher hears of the change');
    assert.deepEqual(order, { id: '42', status: 'shipped' });
    const refused = await change({ status: 7 });
    assert.equal(refused.status, 422);
    assert.equal((await refused.json()).errors[0].field, 'status');
    assert.match(await (await fetch(`${url}/`)).text(), /Orders/);
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
  });
});

test('controller takes bids, checks them, and tells who watches the lot', async () => {
  await withExample('controller', async ({ open }) => {
    const enter = async () => {
      const socket = open('/auction');
      const [bidders] = await event(socket, 'bidders');
      return { socket, bidders };
    };
    const first = await enter();
    assert.equal(first.bidders, 1);
    const { socket: second, bidders } = await enter();
    assert.equal(bidders, 2);
    assert.deepEqual(await ask(first.socket, 'lot:watch', 'clock'), { lot: 'clock', highest: 0, watchers: 1 });
    assert.equal((await ask(second, 'lot:watch', 'clock')).watchers, 2);
    const raised = event(first.socket, 'lot:raised');
    assert.equal(await ask(second, 'lot:bid', { lot: 'clock', amount: 10 }), 10);
    assert.deepEqual(await raised, [{ lot: 'clock', amount: 10 }]);
    assert.equal((await ask(first.socket, 'lot:bid', { lot: 'clock', amount: 10 })).error.code, 'TOO_LOW');
    assert.equal((await ask(first.socket, 'lot:bid', { lot: 'clock' })).error.field, 'amount');
    const left = event(first.socket, 'lot:left');
    second.disconnect();
    assert.deepEqual(await left, ['clock', 'client namespace disconnect']);
  });
});

test('typing tells the others in the channel', async () => {
  await withExample('typing', async ({ connect, open }) => {
    const socket = open('/chat');
    assert.deepEqual(await event(socket, 'welcome'), [socket.id]);
    const other = await connect('/chat', { transports: ['websocket'] });
    assert.equal(await ask(socket, 'join', { channelId: 'general' }), 'joined general');
    assert.equal(await ask(other, 'join', { channelId: 'general' }), 'joined general');
    const typing = event(other, 'typing');
    socket.emit('typing', { channelId: 'general' });
    assert.deepEqual(await typing, [{ channelId: 'general' }]);
  });
});

test('tls reads its certificate again on SIGHUP, and ends in good order on SIGTERM', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'atrium-examples-'));
  const file = (name) => join(directory, name);
  const makeCertificate = (name) => execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1',
    '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`),
  ], { stdio: 'ignore' });
  const install = (name) => {
    copyFileSync(file(`${name}.crt`), file('certificate.pem'));
    copyFileSync(file(`${name}.key`), file('key.pem'));
  };
  try {
    makeCertificate('old');
    makeCertificate('new');
    install('old');
    await withExample('tls', async ({ connect, url, child, output, ended }) => {
      const trusted = (name) => ({ ca: readFileSync(file(`${name}.crt`)) });
      const shown = () => new Promise((done, fail) => {
        const socket = tls.connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
          done(new X509Certificate(socket.getPeerCertificate().raw).subject);
          socket.destroy();
        }).once('error', fail);
      });
      const before = await connect('/', { ...trusted('old'), transports: ['websocket'] });
      assert.equal(await ask(before, 'secure?'), true);
      assert.equal(await shown(), 'CN=old');

      install('new');
      child.kill('SIGHUP');
      await until(() => output.stdout.includes('read again'), 'SIGHUP is heard');
      assert.equal(await shown(), 'CN=new');
      assert.equal(await ask(before, 'secure?'), true, 'an open connection goes on');
      const after = await connect('/', { ...trusted('new'), transports: ['polling'] });
      assert.equal(await ask(after, 'secure?'), true);

      child.kill('SIGTERM');
      assert.deepEqual(await soon(ended, 'SIGTERM ends it'), { code: 0, signal: null });
    }, [file('certificate.pem'), file('key.pem')]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
