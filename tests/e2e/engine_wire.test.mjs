// Engine.IO 4 over HTTP, byte by byte: the handshake, what is refused with which code, and the life of a polling session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PollingSession, RawSocket, Tcp, engineRequest } from './support/raw.mjs';
import { request } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { soon, until } from './support/waiting.mjs';

// One shard reads its connections in the order of their arrival, which lets a test park a poll before its next request.
const ONE = { flags: ['--shards', '1'] };
const BEATS = { flags: ['--shards', '1', '--ping-interval', '300', '--ping-timeout', '200'] };

const ERRORS = {
  unknownTransport: '{"code":0,"message":"Transport unknown"}',
  unknownSession: '{"code":1,"message":"Session ID unknown"}',
  badMethod: '{"code":2,"message":"Bad handshake method"}',
  badRequest: '{"code":3,"message":"Bad request"}',
  unsupportedVersion: '{"code":5,"message":"Unsupported protocol version"}',
};

function assertRefused(answer, text) {
  assert.equal(answer.status, 400, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.equal(answer.text, text);
}

/** A GET that the server has read and keeps: a later request on another connection has already been answered. */
async function park(session) {
  const parked = { answer: session.get() };
  parked.answer.catch(() => {});
  await request(session.server, '/healthz');
  return parked;
}

const assertGone = async (session) => assertRefused(await session.get(), ERRORS.unknownSession);

const connectPacket = (user = 'alice') => `40/chat,${JSON.stringify({ token: tokenOf(user) })}`;

for (const [what, parameters, text] of [
  ['no transport', {}, 'unknownTransport'],
  ['an unknown transport', { transport: 'abc' }, 'unknownTransport'],
  ['neither transport nor EIO', { EIO: undefined }, 'unknownTransport'],
  ['an unknown transport and an unknown session', { transport: 'abc', sid: 'nobody' }, 'unknownTransport'],
  ['an inherited name as transport', { transport: 'constructor' }, 'unknownTransport'],
  ['an unknown session', { transport: 'polling', sid: 'nobody' }, 'unknownSession'],
  ['an unknown session of another version', { transport: 'polling', sid: 'nobody', EIO: '3' }, 'unknownSession'],
  ['no EIO', { transport: 'polling', EIO: undefined }, 'unsupportedVersion'],
  ['EIO 3', { transport: 'polling', EIO: '3' }, 'unsupportedVersion'],
  ['EIO abc', { transport: 'polling', EIO: 'abc' }, 'unsupportedVersion'],
  ['websocket without an Upgrade', { transport: 'websocket' }, 'badRequest'],
]) {
  test(`GET with ${what} is 400 ${text}`, () => withServer(ONE, async (server) => {
    assertRefused(await engineRequest(server, parameters), ERRORS[text]);
  }));
}

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
  test(`a handshake by ${method} is 400 badMethod`, () => withServer(ONE, async (server) => {
    assertRefused(await engineRequest(server, { transport: 'polling' }, { method }), ERRORS.badMethod);
  }));
}

test('the polling handshake offers the upgrade and keeps the order of its keys', () =>
  withServer({ flags: ['--ping-interval', '1234', '--ping-timeout', '567', '--max-payload', '89000'] }, async (server) => {
    const { handshakeText, sid } = await PollingSession.open(server);
    assert.match(sid, /^[A-Za-z0-9_-]{20}$/);
    assert.equal(handshakeText,
      `0{"sid":"${sid}","upgrades":["websocket"],"pingInterval":1234,"pingTimeout":567,"maxPayload":89000}`);
  }));

test('the WebSocket handshake offers no upgrade', () => withServer(ONE, async (server) => {
  const socket = await RawSocket.open(server);
  assert.deepEqual(Object.keys(socket.handshake), ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload']);
  assert.deepEqual(socket.handshake.upgrades, []);
}));

test('given no settings, then a connection is asked every 20 s for a sign of life, has 10 s to give it, and says 1 MiB at most', () =>
  withServer({}, async (server) => {
    const { handshake } = await RawSocket.open(server);
    assert.deepEqual([handshake.pingInterval, handshake.pingTimeout, handshake.maxPayload], [20_000, 10_000, 1_048_576]);
  }));

test('a thousand sessions have a thousand ids', () => withServer({}, async (server) => {
  const sids = new Set();
  for (let i = 0; i < 1000; i += 50) {
    const opened = await Promise.all(Array.from({ length: 50 }, () => PollingSession.open(server)));
    for (const { sid } of opened) sids.add(sid);
  }
  assert.equal(sids.size, 1000);
}));

test('polling answers carry the headers of the protocol', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  const post = await session.post(connectPacket());
  assert.deepEqual([post.status, post.text, post.headers['content-length']], [200, 'ok', '2']);
  assert.match(post.headers['content-type'], /^text\/html/);
  assert.equal(post.headers['cache-control'], 'no-store');
  const get = await session.get();
  assert.equal(get.status, 200);
  assert.match(get.headers['content-type'], /^text\/plain; charset=UTF-8$/i);
  assert.equal(get.headers['cache-control'], 'no-store');
}));

test('several packets in one request are all taken, and several answers come in one poll', () =>
  withServer(ONE, async (server) => {
    const session = await PollingSession.open(server);
    assert.equal((await session.post(`${connectPacket()}\x1e40\x1e40/nope,`)).text, 'ok');
    const missing = new Set(['40/chat,{', '40{', '44/nope,{']);
    await session.packet((packet) => {
      for (const beginning of missing) if (packet.startsWith(beginning)) missing.delete(beginning);
      return missing.size === 0;
    });
  }));

test('a binary packet in a request is base64 with padding', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  await session.post(connectPacket());
  await session.packet((packet) => packet.startsWith('42/chat,["presence:online"'));
  const event = '451-/chat,7["message:send",{"channelId":"general","content":{"_placeholder":true,"num":0}}]';
  assert.equal((await session.post(`${event}\x1eb${Buffer.from([1, 2, 3, 4]).toString('base64')}`)).text, 'ok');
  const ack = await session.packet((packet) => packet.startsWith('43/chat,7'));
  assert.match(ack, /"field":"content"/);
}));

test('a method other than GET and POST on a session is 500 with an empty body', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  for (const method of ['PUT', 'DELETE']) {
    const answer = await engineRequest(server, { transport: 'polling', sid: session.sid }, { method });
    assert.deepEqual([answer.status, answer.text], [500, '']);
  }
  assert.ok(await session.alive());
}));

test('of two polls at once the second is 400, the first gets the close packet, and the session is gone', () =>
  withServer(ONE, async (server) => {
    const session = await PollingSession.open(server);
    const first = await park(session);
    const second = await session.get();
    assert.deepEqual([second.status, second.text], [400, '']);
    const { status, text } = await first.answer;
    assert.deepEqual([status, text], [200, '1']);
    await assertGone(session);
  }));

test('a client that drops its poll has ended the session', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  const tcp = new Tcp(server);
  tcp.send(`GET /ws/?EIO=4&transport=polling&sid=${session.sid} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await request(server, '/healthz');
  tcp.socket.destroy();
  await until(async () => !(await session.alive()), 'the session ends');
}));

test('a POST of octet-stream is 400 and ends the session', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  const answer = await session.post(Buffer.from([1, 2, 3]), { 'content-type': 'application/octet-stream' });
  assert.deepEqual([answer.status, answer.text], [400, '']);
  await assertGone(session);
}));

test('a POST beyond maxPayload is 413 with an empty body, and the session lives', () =>
  withServer({ flags: ['--shards', '1', '--max-payload', '20000'] }, async (server) => {
    const session = await PollingSession.open(server);
    const answer = await session.post(`4${'x'.repeat(20_001)}`);
    assert.deepEqual([answer.status, answer.text], [413, '']);
    assert.equal((await session.post(connectPacket())).text, 'ok');
    await session.packet((packet) => packet.startsWith('42/chat,["welcome"'));
  }));

for (const body of ['abc', '', '7', '\x1e']) {
  test(`the undecodable body ${JSON.stringify(body)} ends the session`, () => withServer(ONE, async (server) => {
    const session = await PollingSession.open(server);
    const { status } = await session.post(body);
    // The specification says 400; the original says ok first and closes then.
    assert.ok([200, 400].includes(status), String(status));
    await assertGone(session);
  }));
}

test('a binary packet whose base64 is none ends the session', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  await session.post('b***');
  await until(async () => (await session.get()).status === 400, 'the session ends');
}));

test('a client\'s close packet releases its parked poll with a noop and ends the session', () =>
  withServer(ONE, async (server) => {
    const session = await PollingSession.open(server);
    const parked = await park(session);
    assert.equal((await session.post('1')).text, 'ok');
    assert.equal((await parked.answer).text, '6');
    await assertGone(session);
  }));

test('the server\'s close reaches a parked poll as the close packet', () =>
  withServer({ flags: ['--shards', '1', '--limbo', '300'] }, async (server) => {
    const session = await PollingSession.open(server);
    await session.post('40/chat,{"token":"bad"}');
    await session.packet((packet) => packet.startsWith('42/chat,["error"'));
    const packets = [];
    await session.packet((packet) => { packets.push(packet); return packet === '1'; });
    assert.ok(packets.every((packet) => packet === '1' || packet === '6' || packet.startsWith('41/chat')), packets.join(' '));
    await assertGone(session);
  }));

test('polling: pings come at the interval, and pongs keep the session', () => withServer(BEATS, async (server) => {
  const session = await PollingSession.open(server);
  for (let i = 0; i < 3; i += 1) {
    const asked = performance.now();
    assert.deepEqual(await session.poll(), ['2']);
    assert.ok(performance.now() - asked >= 250, 'not before the interval');
    assert.equal((await session.post('3')).text, 'ok');
  }
}));

test('polling: a ping without a pong ends the session', () => withServer(BEATS, async (server) => {
  const session = await PollingSession.open(server);
  assert.deepEqual(await session.poll(), ['2']);
  await session.get();
  await assertGone(session);
}));

test('polling: a ping by the client ends the session', () => withServer(ONE, async (server) => {
  const session = await PollingSession.open(server);
  await session.post('2');
  await assertGone(session);
}));

test('a session of one transport is not served by the other without an upgrade', () => withServer(ONE, async (server) => {
  const socket = await RawSocket.open(server);
  assertRefused(await engineRequest(server, { transport: 'polling', sid: socket.handshake.sid }), ERRORS.badRequest);
  socket.send('40/nope,');
  assert.match(await socket.next(), /^44\/nope,/);
}));

test('requests on one kept connection are answered in turn', () => withServer(ONE, async (server) => {
  const tcp = new Tcp(server);
  const get = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
  tcp.send(get.repeat(3));
  const count = (bytes) => bytes.toString('latin1').split('HTTP/1.1 200').length - 1;
  await tcp.receives((bytes) => count(bytes) === 3, 'three answers');
  tcp.socket.end();
  await soon(tcp.closed, 'the end of the connection');
}));
