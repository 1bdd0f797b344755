// Connection state recovery as the official client knows it: `socket.recovered`, the same id, and what was missed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { io } from 'socket.io-client';
import { BINARY, cleanEnvironment } from './support/server.mjs';
import { happens, soon, until } from './support/waiting.mjs';

const PROGRAM = join(dirname(BINARY), 'tests/recovery_server');

class RecoveryServer {
  #child;
  #clients = [];

  async start(port = 0) {
    if (!existsSync(PROGRAM)) throw new Error(`There is no ${PROGRAM}: build the target recovery_server.`);
    this.#child = spawn(PROGRAM, [String(port)], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout.setEncoding('utf8');
    const [line] = await happens(this.#child.stdout, 'data', 'the server to listen');
    this.port = Number(/^Listening on (\d+)/.exec(line)[1]);
    return this;
  }

  async kill() {
    const ended = happens(this.#child, 'close', 'the end of the server');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async connect(options = {}) {
    const socket = io(`http://127.0.0.1:${this.port}`, { forceNew: true, reconnection: false, ...options });
    this.#clients.push(socket);
    socket.heard = [];
    socket.on('news', (...args) => socket.heard.push(args.slice(0, -1)));  // the last is the offset
    await happens(socket, 'connect');
    return socket;
  }

  endClients() {
    for (const client of this.#clients) client.disconnect();
  }
}

async function withServer(body) {
  const server = await new RecoveryServer().start();
  try {
    await body(server);
  } finally {
    server.endClients();
    await server.kill();
  }
}

const ask = (socket, ...words) => soon(socket.emitWithAck(...words), words.join(' '));

/** The connection is lost, not closed by a word of either side. */
async function lose(socket) {
  const lost = happens(socket, 'disconnect');
  socket.io.engine.close();
  await lost;
}

async function comeBack(socket) {
  const connected = happens(socket, 'connect');
  socket.connect();
  await connected;
}

async function assertHeard(socket, ...news) {
  await until(() => socket.heard.length >= news.length, `${news.length} news, of which came ${JSON.stringify(socket.heard)}`);
  assert.deepEqual(socket.heard, news);
}

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  test(`a lost client finds again what it was and hears what it missed (${transports})`, () => withServer(async (server) => {
    const speaker = await server.connect();
    const socket = await server.connect({ transports });
    const { id } = socket;
    assert.equal(socket.recovered, false);
    await ask(socket, 'join', 'red');
    await ask(speaker, 'say', '', 1);
    await assertHeard(socket, [1]);
    for (let round = 0; round < 4; round += 1) {
      await lose(socket);
      await ask(speaker, 'say', 'red', 'to the room', round);
      await ask(speaker, 'say', 'blue', 'to another');
      await ask(speaker, 'say', id, 'to it alone', round);
      await comeBack(socket);
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
      await ask(speaker, 'say', 'red', 'live', round);
      await assertHeard(socket, [1], ['to the room', round], ['to it alone', round], ['live', round]);
      socket.heard.splice(1);
    }
  }));
}

test('a client that has heard nothing yet is recovered too', () => withServer(async (server) => {
  const speaker = await server.connect();
  const socket = await server.connect();
  await lose(socket);
  await comeBack(socket);
  assert.equal(socket.recovered, true);
  await lose(socket);
  await ask(speaker, 'say', '', 'missed');
  await comeBack(socket);
  assert.equal(socket.recovered, true);
  await assertHeard(socket, ['missed']);
}));

test('neither a volatile event nor one without arguments breaks recovery', () => withServer(async (server) => {
  const speaker = await server.connect();
  const socket = await server.connect({ transports: ['websocket'] });
  await ask(speaker, 'say:volatile', '', 'volatile');
  await assertHeard(socket, ['volatile']);
  await lose(socket);
  await ask(speaker, 'say:nothing', '');
  await comeBack(socket);
  assert.equal(socket.recovered, true);
  await assertHeard(socket, ['volatile'], []);
  await lose(socket);
  await ask(speaker, 'say', '', 'missed');
  await comeBack(socket);
  assert.equal(socket.recovered, true);
  await assertHeard(socket, ['volatile'], [], ['missed']);
}));

test('what one shard told a client alone is known wherever it comes back', () => withServer(async (server) => {
  const socket = await server.connect({ transports: ['websocket'] });
  const all = [];
  for (let round = 0; round < 6; round += 1) {
    socket.emit('whisper', `whisper ${round}`);
    all.push([`whisper ${round}`]);
    await assertHeard(socket, ...all);
    await lose(socket);
    await comeBack(socket);
    assert.equal(socket.recovered, true);
    await assertHeard(socket, ...all);
  }
}));

test('a client that disconnects is not recovered', () => withServer(async (server) => {
  const socket = await server.connect();
  const { id } = socket;
  socket.disconnect();
  await comeBack(socket);
  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
}));

test('after the server was started again a client begins anew, and is recovered from then on', () => withServer(async (server) => {
  const socket = await server.connect({ transports: ['websocket'] });
  let speaker = await server.connect();
  for (let i = 0; i < 20; i += 1) await ask(speaker, 'say', '', i);
  await until(() => socket.heard.length === 20, 'all news');
  socket.heard.length = 0;
  const lost = happens(socket, 'disconnect');
  await server.kill();
  await lost;
  await server.start(server.port);
  await comeBack(socket);
  assert.equal(socket.recovered, false);
  // The client still names the last offset of the server that has gone.
  await lose(socket);
  speaker = await server.connect();
  for (let i = 0; i < 40; i += 1) await ask(speaker, 'say', '', i);
  await comeBack(socket);
  assert.equal(socket.recovered, true);
  await assertHeard(socket, ...Array.from({ length: 40 }, (_, i) => [i]));
}));
