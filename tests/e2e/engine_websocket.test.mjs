// Engine.IO 4 over WebSocket: the opening handshake, heartbeats, closing, and the upgrade of a polling session.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { PollingSession, RawSocket, Tcp, engineRequest, frame } from './support/raw.mjs';
import { request } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { soon } from './support/waiting.mjs';

const ONE = { flags: ['--shards', '1'] };
const BEATS = { flags: ['--shards', '1', '--ping-interval', '300', '--ping-timeout', '200'] };
const BAD_REQUEST = '{"code":3,"message":"Bad request"}';

const connectPacket = (user = 'alice') => `40/chat,${JSON.stringify({ token: tokenOf(user) })}`;

async function probed(server) {
  const session = await PollingSession.open(server);
  const socket = new RawSocket(server, { sid: session.sid });
  assert.equal(await socket.opened, true);
  socket.send('2probe');
  assert.equal(await socket.next(), '3probe');
  return { session, socket };
}

async function upgraded(server) {
  const { session, socket } = await probed(server);
  socket.send('5').send(connectPacket());
  assert.match(await socket.next(), /^40\/chat,\{"sid":"/);
  return { session, socket };
}

async function assertPollingLives(session) {
  assert.equal((await session.post('40/nope,')).text, 'ok');
  await session.packet((packet) => packet.startsWith('44/nope,'));
}

test('the opening handshake answers the key as RFC 6455 says', () => withServer(ONE, async (server) => {
  const key = Buffer.from('sixteen bytes ok').toString('base64');
  const tcp = new Tcp(server);
  tcp.send(`GET /ws/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n`
    + `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
  const head = await tcp.receives((bytes) => {
    const text = bytes.toString('latin1');
    return text.includes('\r\n\r\n') && text;
  }, 'a response head');
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  assert.match(head, /^HTTP\/1\.1 101 /);
  assert.ok(head.includes(accept), head);
}));

for (const [what, parameters, message] of [
  ['an unknown session', { sid: 'nobody' }, 'Session ID unknown'],
  ['an unknown transport', { transport: 'abc' }, 'Transport unknown'],
  ['EIO 3', { EIO: '3' }, 'Unsupported protocol version'],
]) {
  test(`an upgrade with ${what} is refused with 400 and the reason as text`, () => withServer(ONE, async (server) => {
    const tcp = new Tcp(server);
    assert.equal(await tcp.upgrade(parameters), 400);
    await soon(tcp.closed, 'the end of the connection');
    assert.equal(tcp.received.toString(), message);
  }));
}

for (const [what, headers] of [
  ['another version', { 'Sec-WebSocket-Version': '7' }], ['no key', { 'Sec-WebSocket-Key': undefined }],
  ['a key that is none', { 'Sec-WebSocket-Key': 'short' }],
]) {
  test(`an upgrade with ${what} is refused`, () => withServer(ONE, async (server) => {
    const status = await new Tcp(server).upgrade({}, headers);
    assert.ok([400, 426].includes(status), String(status));
  }));
}

test('an upgrade on a path that is not the server\'s is refused', () => withServer(ONE, async (server) => {
  const tcp = new Tcp(server);
  tcp.send('GET /elsewhere/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
    + 'Sec-WebSocket-Key: c2l4dGVlbiBieXRlcyBvaw==\r\nSec-WebSocket-Version: 13\r\n\r\n');
  await soon(Promise.race([tcp.closed, tcp.receives((bytes) => bytes.length > 12, 'an answer')]), 'an end');
  assert.doesNotMatch(tcp.received.toString('latin1'), /^HTTP\/1\.1 101/);
}));

test('pings come at the interval, and pongs keep the connection', () => withServer(BEATS, async (server) => {
  const socket = await RawSocket.open(server, { silent: true });
  let last = performance.now();
  for (let i = 0; i < 4; i += 1) {
    assert.equal(await socket.next(), '2');
    assert.ok(performance.now() - last >= 250, 'not before the interval');
    last = performance.now();
    socket.send('3');
  }
}));

test('a ping without a pong closes the connection after ping-timeout and not before', () =>
  withServer(BEATS, async (server) => {
    const socket = await RawSocket.open(server, { silent: true });
    assert.equal(await socket.next(), '2');
    const asked = performance.now();
    await socket.close();
    const passed = performance.now() - asked;
    assert.ok(passed >= 150 && passed < 2000, `${passed} ms`);
  }));

test('only a pong answers a ping: a busy connection without pongs is closed all the same', () =>
  withServer(BEATS, async (server) => {
    const socket = await RawSocket.chat(server, tokenOf('alice'), { silent: true });
    let open = true;
    let answers = 0;
    socket.closed.then(() => { open = false; });
    while (open) {
      socket.ws.send(`42/chat,${answers}["channel:join",{"channelId":"general"}]`, () => {});
      const message = await socket.next().catch(() => undefined);
      if (typeof message === 'string' && message.startsWith('43/chat')) answers += 1;
    }
    assert.ok(answers > 0);
  }));

test('a WebSocket ping is answered with its own payload', () => withServer(ONE, async (server) => {
  const tcp = new Tcp(server);
  assert.equal(await tcp.upgrade(), 101);
  await tcp.frame();
  tcp.send(frame('are you there', { opcode: 9 }));
  const { opcode, payload } = await tcp.frame();
  assert.deepEqual([opcode, payload.toString()], [10, 'are you there']);
}));

test('a packet in three fragments with a ping between is one packet', () => withServer(ONE, async (server) => {
  const tcp = new Tcp(server);
  assert.equal(await tcp.upgrade(), 101);
  await tcp.frame();
  tcp.send(Buffer.concat([frame('40/', { fin: false }), frame('', { opcode: 0, fin: false }), frame('x', { opcode: 9 }),
    frame('nope,', { opcode: 0 })]));
  assert.equal((await tcp.frame()).opcode, 10);
  assert.equal((await tcp.frame()).payload.toString(), '44/nope,{"message":"Invalid namespace"}');
}));

test('frames that arrive byte by byte are read all the same', () => withServer(ONE, async (server) => {
  const tcp = new Tcp(server);
  tcp.socket.setNoDelay(true);
  assert.equal(await tcp.upgrade(), 101);
  await tcp.frame();
  for (const byte of frame('40/nope,')) {
    await new Promise((sent) => tcp.socket.write(Buffer.from([byte]), sent));
  }
  assert.equal((await tcp.frame()).payload.toString(), '44/nope,{"message":"Invalid namespace"}');
}));

test('a close frame is answered with a close frame of the same code, and then the connection ends', () =>
  withServer(ONE, async (server) => {
    const tcp = new Tcp(server);
    assert.equal(await tcp.upgrade(), 101);
    await tcp.frame();
    tcp.send(frame(Buffer.from([0x03, 0xe8]), { opcode: 8 }));
    assert.equal(await tcp.closeCode(), 1000);
    await soon(tcp.closed, 'the end of the connection');
  }));

for (const packet of ['1', '2', 'abc', '7']) {
  test(`the packet ${packet} closes the connection`, () => withServer(ONE, async (server) => {
    const socket = await RawSocket.open(server);
    socket.send(packet);
    await socket.close();
  }));
}

test('the probe is answered, polling goes on meanwhile, and 5 moves the session', () => withServer(ONE, async (server) => {
  const { session, socket } = await probed(server);
  assert.equal((await session.post(connectPacket())).text, 'ok');
  socket.send('5');
  assert.match(await socket.next(), /^40\/chat,\{"sid":"/);
  assert.match(await socket.next(), /^42\/chat,\["welcome",/);
}));

test('a poll parked before the probe is released with a noop', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  const parked = session.get();
  await request(server, '/healthz');
  const socket = new RawSocket(server, { sid: session.sid });
  await socket.opened;
  socket.send('2probe');
  assert.equal(await socket.next(), '3probe');
  assert.equal((await parked).text, '6');
}));

test('a poll that comes during the probe is released with a noop', () => withServer(ONE, async (server) => {
  const { session, socket } = await probed(server);
  assert.deepEqual(await session.poll(), ['6']);
  socket.send('5').send(connectPacket());
  assert.match(await socket.next(), /^40\/chat,/);
}));

test('after the upgrade polling requests of the session are 400', () => withServer(ONE, async (server) => {
  const { session } = await upgraded(server);
  const get = await session.get();
  assert.deepEqual([get.status, get.text], [400, BAD_REQUEST]);
  const post = await session.post('40');
  assert.deepEqual([post.status, post.text], [400, BAD_REQUEST]);
}));

test('after the upgrade a second WebSocket of the session is closed and the first goes on', () =>
  withServer(ONE, async (server) => {
    const { session, socket } = await upgraded(server);
    const second = new RawSocket(server, { sid: session.sid });
    await second.close('the second WebSocket is to be closed');
    socket.send('40/nope,');
    await socket.nextMatching((message) => message.startsWith('44/nope,'));
  }));

test('a second probe during the first is closed and the first goes on', () => withServer(ONE, async (server) => {
  const { session, socket } = await probed(server);
  const second = new RawSocket(server, { sid: session.sid });
  await second.close('the second probe is to be closed');
  socket.send('5').send(connectPacket());
  assert.match(await socket.next(), /^40\/chat,/);
}));

for (const packet of ['40', '2', '1', 'nonsense']) {
  test(`a probe that says ${packet} is closed and the polling session lives`, () => withServer(ONE, async (server) => {
    const session = await PollingSession.open(server);
    const socket = new RawSocket(server, { sid: session.sid });
    await socket.opened;
    socket.send(packet);
    await socket.close();
    await assertPollingLives(session);
  }));
}

test('a probe that goes away leaves the polling session alive', () => withServer(ONE, async (server) => {
  const { session, socket } = await probed(server);
  socket.ws.terminate();
  await socket.close();
  await assertPollingLives(session);
}));

test('the heartbeat goes on over the new transport after an upgrade', () => withServer(BEATS, async (server) => {
  const session = await PollingSession.open(server);
  const socket = new RawSocket(server, { sid: session.sid }, { silent: true });
  await socket.opened;
  socket.send('2probe');
  await socket.nextMatching((message) => message === '3probe');
  socket.send('5');
  for (let i = 0; i < 3; i += 1) {
    await socket.nextMatching((message) => message === '2');
    socket.send('3');
  }
}));

test('the end of the server ends its connections', () => withServer(ONE, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  const session = await PollingSession.open(server);
  const parked = session.get().catch(() => 'cut off');
  await request(server, '/healthz');
  await server.stop();
  await socket.close();
  await parked;
  await assert.rejects(engineRequest(server, { transport: 'polling' }));
}));
