// What a node of ours does when the Redis, or another node, is not as it should be; and whom else it listens to.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';
import { until } from '../e2e/support/waiting.mjs';
import { Authority } from './support/certificates.mjs';
import { Node, assertHeard } from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

test('the emitter reaches clients of ours', async () => {
  const client = createClient({ url: redis.url });
  await client.connect();
  const node = await Node.start('atrium', redis.url);
  try {
    const emitter = new Emitter(client);
    const [a, b, c] = [await node.client(), await node.client(), await node.client('/chat')];
    await a.ask('join', 'red');
    emitter.emit('news', 1, Buffer.from('octets'));
    emitter.to('red').emit('news', 2);
    emitter.except('red').emit('news', 3);
    emitter.of('/chat').volatile.emit('news', 4);
    emitter.in('red').socketsJoin('blue');
    emitter.to('blue').emit('news', 5);
    emitter.in('red').socketsLeave('blue');
    emitter.to('blue').emit('news', 6);
    emitter.serverSideEmit('told', 'by the emitter');
    emitter.emit('mark', 'end');
    const values = async (one) => (await one.until('end')).map(([event, value]) => [event, value]);
    const told = ['server', 'by the emitter'];
    assert.deepEqual(await values(a), [['news', 1], ['news', 2], ['news', 5], told]);
    assert.deepEqual(await values(b), [['news', 1], ['news', 3], told]);
    await until(() => c.heard.length === 1, 'c heard it');
    assert.deepEqual(c.heard, [['news', 4]]);
    emitter.in('red').disconnectSockets(true);
    await until(() => !a.socket.connected, 'a is disconnected');
    assert.ok(b.socket.connected);
  } finally {
    await node.stop();
    await client.quit();
  }
});

test('a node that does not answer costs a part, at the deadline', async () => {
  const nodes = [await Node.start('atrium', redis.url), await Node.start('atrium', redis.url), await Node.start('atrium', redis.url)];
  try {
    const [a, b, c] = await Promise.all(nodes.map((node) => node.client()));
    for (const client of [a, b, c]) client.answer = client.id;
    nodes[2].child.kill('SIGSTOP');
    const before = performance.now();
    const [sockets, asked, servers] = await Promise.all([
      a.ask('fetch', {}), a.ask('ask', { timeout: 1000 }, 'question'), a.ask('servers:ask', 1)]);
    const took = performance.now() - before;
    assert.deepEqual(sockets.map(({ id }) => id), [a.id, b.id].sort());
    assert.deepEqual([[...asked.answers].sort(), asked.complete], [[a.id, b.id].sort(), false]);
    assert.deepEqual(servers, [{ heard: 1 }]);
    assert.ok(took > 900 && took < 5000, `${took} ms`);
    nodes[2].child.kill('SIGCONT');
    await until(async () => (await a.ask('fetch', {})).length === 3, 'the third one answers again');
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
});

test('without a Redis a node goes on by itself, and is one of the cluster again when it is back', async () => {
  const own = await Redis.start();
  const nodes = [await Node.start('atrium', own.url), await Node.start('atrium', own.url)];
  try {
    const [a, b, c] = [await nodes[0].client(), await nodes[0].client(), await nodes[1].client()];
    for (const client of [a, b, c]) client.answer = client.id;
    const from = nodes.map((node) => node.said.length);
    await own.stop();
    await Promise.all(nodes.map((node, i) => node.says(/^down$/m, from[i])));
    const before = performance.now();
    await a.ask('emit', {}, 'news', 'alone');
    await assertHeard(a, [[a, ['news', 'alone']], [b, ['news', 'alone']]]);
    assert.equal((await a.ask('fetch', {})).length, 2);
    assert.deepEqual(await a.ask('servers:ask', 1), []);
    const { answers, complete } = await a.ask('ask', { timeout: 10_000 }, 'question');
    assert.deepEqual([[...answers].sort(), complete], [[a.id, b.id].sort(), false], 'somebody may not have been asked');
    assert.ok(performance.now() - before < 3000, 'nobody waits for it');
    for (const client of [a, b, c]) client.heard.splice(0);
    await own.restart();
    await Promise.all(nodes.map((node, i) => node.says(/^down$[^]*^up$/m, from[i])));
    await a.ask('emit', {}, 'news', 'together');
    await assertHeard(a, [[a, ['news', 'together']], [b, ['news', 'together']], [c, ['news', 'together']]]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
  }
});

test('a Redis that hangs holds nobody up, and is given up after a while', async () => {
  const own = await Redis.start();
  const nodes = [await Node.start('atrium', own.url), await Node.start('atrium', own.url)];
  try {
    const [a, b] = [await nodes[0].client(), await nodes[1].client()];
    const from = nodes.map((node) => node.said.length);
    const each = (words, ms) => Promise.all(nodes.map((node, i) => node.says(words, from[i], ms)));
    own.pause();
    await a.ask('emit', {}, 'news', 'while it hangs');
    await assertHeard(a, [[a, ['news', 'while it hangs']]]);
    await each(/^down$/m, 20_000);
    assert.deepEqual(b.heard, []);
    own.resume();
    await each(/^down$[^]*^up$/m);
    b.heard.splice(0);  // what the Redis has still passed on
    await a.ask('emit', {}, 'news', 'again');
    await assertHeard(a, [[a, ['news', 'again']], [b, ['news', 'again']]]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
  }
});

test('a Redis may want a password, and be a Unix socket', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'atrium-redis-')), 'redis.sock');
  const own = await Redis.start('--unixsocket', path, '--requirepass', 'p@ss/word');
  const nodes = [];
  try {
    nodes.push(await Node.start('atrium', `redis://:p%40ss%2Fword@127.0.0.1:${own.port}/3`));
    nodes.push(await Node.start('atrium', `unix://:p%40ss%2Fword@${path}?db=3`));
    const [a, b] = [await nodes[0].client(), await nodes[1].client()];
    await a.ask('emit', {}, 'news', 1);
    await assertHeard(a, [[a, ['news', 1]], [b, ['news', 1]]]);
    assert.ok(nodes.every(({ said }) => !said.includes('p@ss')), 'no log has the password');
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
    rmSync(dirname(path), { recursive: true, force: true });
  }
});

test('a Redis may speak TLS, and want to know who we are', async () => {
  const authority = new Authority();
  const own = await Redis.startWithTls(authority);
  const { cert, key } = authority.certificate('node', 'DNS:node.example');
  const url = `${own.url}?ca=${authority.file}&cert=${cert}&key=${key}`;
  const nodes = [];
  try {
    for (const mode of ['classic', 'sharded', 'streams']) {
      const pair = [await Node.start('atrium', url, mode), await Node.start('atrium', url, mode)];
      nodes.push(...pair);
      const [a, b] = await Promise.all(pair.map((node) => node.client()));
      const large = 'x'.repeat(500_000);
      await a.ask('emit', {}, 'news', large);
      await assertHeard(a, [[a, ['news', large]], [b, ['news', large]]]);
      const from = pair.map((node) => node.said.length);
      await own.restart();
      await Promise.all(pair.map((node, i) => node.says(/^down$[^]*^up$/m, from[i])));
      await b.ask('emit', {}, 'news', mode);
      await assertHeard(b, [[a, ['news', mode]], [b, ['news', mode]]]);
    }
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
    authority.forget();
  }
});

test('whoever cannot have TLS with a Redis is told how to mend it', async () => {
  const [authority, stranger] = [new Authority('authority'), new Authority('stranger')];
  const own = await Redis.startWithTls(authority);
  const plain = await Redis.start();
  const { cert, key } = stranger.certificate('node', 'DNS:node.example');
  const troubles = [
    [own.url, /is not trusted: no authority that this system knows vouches for it; name the PEM file of its authority as ca/],
    [`${own.url}?ca=${stranger.file}`, /'CN=redis', issued by 'CN=authority', is not trusted: nobody in '.*' vouches for it/],
    [`${own.url.replace('localhost', '127.0.0.1')}?ca=${authority.file}`, /for another host: DNS:localhost; connect to it by/],
    [`${own.url}?ca=${authority.file}`, /gets no answer from rediss:.*; if it wants client certificates .* add cert=FILE&key=FILE to/],
    [`${own.url}?ca=${authority.file}&cert=${cert}&key=${key}`, /gets no answer from rediss:.*; does it trust who issued our certificate/],
    [own.url.replace('rediss', 'redis'), /gets no answer from redis:.*; if that is a port for TLS, write rediss:/],
    [plain.url.replace('redis', 'rediss'), /cannot reach rediss:.*TLS/],
  ];
  const nodes = [];
  try {
    for (const [url, words] of troubles) nodes.push(await Node.start('atrium', url, 'classic', { awaited: words }));
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([own.stop(), plain.stop()]);
    for (const one of [authority, stranger]) one.forget();
  }
});

test('streams: a node that is cut off goes on where it was, and misses nothing', async () => {
  const own = await Redis.start();
  const speaker = await createClient({ url: own.url }).connect();
  const node = await Node.start('atrium', own.url, 'streams');
  try {
    const client = await node.client();
    const say = (value) => ['XADD', 'socket.io', '*', 'uid', '0123456789abcdef', 'nsp', '/', 'type', '3',
      'data', JSON.stringify({ packet: { type: 2, data: ['news', value] }, opts: { rooms: [], except: [], flags: {} } })];
    await speaker.sendCommand(say('before'));
    await until(() => client.heard.length === 1, 'the client hears the first');
    const from = node.said.length;
    // Nobody else comes in between: when the second is said, the node has no connection.
    const cut = speaker.multi().addCommand(['CLIENT', 'KILL', 'SKIPME', 'yes']).addCommand(say('meanwhile'));
    await cut.exec();
    await node.says(/^down$[^]*^up$/m, from);
    await speaker.sendCommand(say('after'));
    await until(() => client.heard.length === 3, 'the client hears the last');
    assert.deepEqual(client.heard.map(([, value]) => value), ['before', 'meanwhile', 'after']);
  } finally {
    await node.stop();
    await speaker.quit();
    await own.stop();
  }
});
