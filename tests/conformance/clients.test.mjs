// Real clients of every version hold a conversation with Atrium, and for control with the official server: whoever fails
// with both is wrong itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { io as io3 } from 'socket.io-client-3';
import msgpackParser from 'socket.io-msgpack-parser';
import { PENDING } from './pending.mjs';
import { Person } from './support/person.mjs';
import { startAtrium, startReference } from './support/programs.mjs';
import { soon, within } from './support/waiting.mjs';

const CLIENTS = {
  'socket.io-client 4': { io: io4, version: 4 },
  'socket.io-client 3': { io: io3, version: 3 },
  'socket.io-client 2': { io: io2, version: 2, feature: 'socketio2', flags: ['--allow-eio3'] },
  'socket.io-client 4 with msgpack': { io: io4, version: 4, parser: msgpackParser, feature: 'msgpack', flags: ['--msgpack'] },
};

const TRANSPORTS = {
  'websocket only': ['websocket'],
  'polling only': ['polling'],
  'polling, then an upgrade': ['polling', 'websocket'],
};

const DATA = { code: 'E42', retry: false };  // of the refusal
const INTRODUCTION = { token: '123', name: 'żółw 🐢' };

/** The official server and Atrium with one shard and with two; without the flags of features that are pending. */
async function startServers({ flags = [], feature } = {}) {
  const ours = PENDING.features.includes(feature) ? [] : flags;
  const [official, one, two] = await Promise.all([
    startReference('conversation', flags),
    startAtrium('conversation', ours),
    startAtrium('conversation', [...ours, '--shards', '2']),
  ]);
  return { 'the official server': official, Atrium: one, 'Atrium with two shards': two };
}

const stopAll = (servers) => Promise.all(Object.values(servers).map((server) => server.stop()));

async function converse(client, url, transports) {
  // Version 2 has no payload of CONNECT.
  const introduced = client.version === 2 ? {} : INTRODUCTION;
  const ann = new Person(client, url, { transports, auth: INTRODUCTION, reconnection: true });
  const bob = new Person(client, url, { transports });
  try {
    assert.deepEqual(await ann.next(), ['connect']);
    assert.deepEqual(await ann.next(), ['auth', introduced]);
    assert.deepEqual(await bob.next(), ['connect']);
    assert.deepEqual(await bob.next(), ['auth', {}]);
    if (transports.length === 2) await Promise.all([ann.upgraded(), bob.upgraded()]);

    ann.emit('message', 1, '2', [3, { four: null }], true);
    assert.deepEqual(await ann.next(), ['message-back', 1, '2', [3, { four: null }], true]);
    assert.deepEqual(await ann.ask('message-with-ack', 'a', 1), ['a', 1]);
    ann.emit('ask-me', 7, Buffer.from([8]));
    assert.deepEqual(await ann.next(), ['answered', 'the answer to', 7, Buffer.from([8])]);

    const octets = [Buffer.from([1, 2, 255]), { inside: [Buffer.alloc(0), Buffer.alloc(70_000, 3)] }];
    ann.emit('message', ...octets);
    assert.deepEqual(await ann.next(), ['message-back', ...octets]);
    assert.deepEqual(await ann.ask('message-with-ack', Buffer.from([9])), [Buffer.from([9])]);
    ann.emit('message', 'ż'.repeat(100_000));
    assert.deepEqual(await ann.next(), ['message-back', 'ż'.repeat(100_000)]);

    assert.deepEqual([await ann.ask('join', 'x'), await bob.ask('join', 'x')], [['joined'], ['joined']]);
    ann.emit('say', 'x', 'hello', Buffer.from([5]));
    assert.deepEqual(await bob.next(), ['said', 'hello', Buffer.from([5])]);
    bob.emit('say-to-all', 'x', 'everybody');
    assert.deepEqual([await ann.next(), await bob.next()], [['said', 'everybody'], ['said', 'everybody']]);

    const custom = new Person(client, url, { namespace: '/custom', manager: ann.manager, auth: { second: true } });
    assert.deepEqual(await custom.next(), ['connect']);
    assert.deepEqual(await custom.next(), ['auth', client.version === 2 ? {} : { second: true }]);
    assert.deepEqual(await custom.ask('message-with-ack', 'there'), ['there']);
    const refused = new Person(client, url, { namespace: '/refuses-with-data', manager: ann.manager });
    assert.deepEqual(await refused.next(), ['connect_error', client.version === 2 ? DATA : { message: 'not you', data: DATA }]);
    custom.emit('end-me');
    assert.deepEqual((await custom.next()).slice(0, 2), ['disconnect', 'io server disconnect']);

    await ann.ask('join', `watching ${bob.id}`);
    const gone = bob.id;
    bob.leave();
    assert.deepEqual(await ann.next(), ['gone', gone, 'client namespace disconnect']);

    const { id } = ann;
    ann.emit('drop-me');
    assert.deepEqual((await ann.next()).slice(0, 2), ['disconnect', 'transport close']);
    assert.deepEqual(await ann.next(), ['connect']);
    assert.deepEqual(await ann.next(), ['auth', introduced]);
    assert.notEqual(ann.id, id);
    assert.deepEqual(await ann.ask('message-with-ack', 'again'), ['again']);
    ann.emit('end-me', 'connection');
    assert.deepEqual((await ann.next()).slice(0, 2), ['disconnect', 'io server disconnect']);
    assert.deepEqual([ann.heard, bob.heard.filter(([event]) => event !== 'disconnect')], [[], []]);
  } finally {
    ann.leave();
    bob.leave();
  }
}

for (const [name, client] of Object.entries(CLIENTS)) {
  describe(name, () => {
    let servers;
    before(async () => { servers = await startServers(client); });
    after(() => stopAll(servers));
    for (const who of ['the official server', 'Atrium', 'Atrium with two shards']) {
      const pending = who !== 'the official server' && PENDING.features.includes(client.feature);
      for (const [how, transports] of Object.entries(TRANSPORTS)) {
        if (pending) {
          test(`cannot talk with ${who} yet, ${how}`, () =>
            assert.rejects(within(500, converse(client, servers[who].url, transports), 'no conversation')));
        } else {
          test(`talks with ${who}, ${how}`, () => converse(client, servers[who].url, transports));
        }
      }
    }
  });
}

describe('python3-socketio', () => {
  // Debian's package belongs to Debian's Python, which need not be the first one of the path.
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const script = fileURLToPath(new URL('support/conversation.py', import.meta.url));
  let servers;
  before(async () => { servers = await startServers(); });
  after(() => stopAll(servers));

  test('is installed', () => {
    const { status } = spawnSync(python, ['-c', 'import socketio, requests, websocket'], { stdio: 'ignore' });
    assert.equal(status, 0, 'install python3-socketio, python3-requests and python3-websocket (scripts/setup --test does)');
  });

  for (const who of ['the official server', 'Atrium', 'Atrium with two shards']) {
    test(`talks with ${who}`, async () => {
      const child = spawn(python, ['-B', script, servers[who].url], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
      const ended = new Promise((done) => { child.once('close', done); });
      try {
        assert.equal(await soon(ended, () => `the Python client does not come to an end\n${said}`), 0, said);
      } finally {
        child.kill('SIGKILL');
      }
      assert.equal(said.match(/^[a-z ]+: /gm)?.length, 30, said);
    });
  }
});
