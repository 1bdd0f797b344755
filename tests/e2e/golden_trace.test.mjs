// The article's controller was recorded once against the original Socket.IO; in the seed profile the same steps must give
// the same events. Alice (A), bob (B) and alice's second tab (A2) are served; X has a bad token and is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { withServer } from './support/server.mjs';
import { emailOf } from './support/token.mjs';
import { until } from './support/waiting.mjs';

// Short pings: a polling client whose connection is cut between two polls is noticed by its missing pong.
const SEED = { flags: ['--profile', 'seed', '--ping-interval', '1000', '--ping-timeout', '1000'] };
const C1 = 'c1';

const online = (userId) => ['presence:online', { userId, userName: emailOf(userId) }];
const welcome = (userId) => ['welcome', { userId }];
const hello = ['message:new', {
  channelId: C1, senderId: 'alice', senderName: emailOf('alice'), content: 'Hello!',
}];

const TRACE = {
  A: [welcome('alice'), online('alice'), online('bob'), ['channel:user_joined', { channelId: C1, userId: 'bob' }],
    online('alice'), ['channel:user_joined', { channelId: C1, userId: 'alice' }], hello],
  B: [welcome('bob'), online('bob'), ['channel:typing', { channelId: C1, userId: 'alice', userName: emailOf('alice') }],
    online('alice'), ['channel:user_joined', { channelId: C1, userId: 'alice' }], hello,
    ['channel:user_left', { channelId: C1, userId: 'alice' }], ['presence:offline', { userId: 'alice' }]],
  A2: [welcome('alice'), online('alice'), hello],
};

/** What the client received, without acks, added fields, and the stops that end a typing it was told of. */
function received(client, expected) {
  const typing = new Set();
  const events = client.log.filter(({ event, data }) => {
    if (event === 'ack') return false;
    if (event === 'channel:typing') typing.add(data.userId);
    return event !== 'channel:stop_typing' || !typing.delete(data.userId);
  });
  return events.map(({ event, data }, i) => {
    const fields = Object.keys(expected[i]?.[1] ?? {});
    return [event, Object.fromEntries(fields.map((field) => [field, data?.[field]]))];
  });
}

/** Plays the steps of the trace, each to its end before the next; returns the four clients. */
async function play(server, options) {
  const A = await Client.open(server, 'alice', { ...options, name: 'A' });
  const B = await Client.open(server, 'bob', { ...options, name: 'B' });
  await A.next('presence:online', { userId: 'bob' });
  const X = await new Client(server, { token: 'not.a.token', ...options, name: 'X' }).connected();
  await X.next('error', { message: 'Invalid authentication token' });
  await A.join(C1);
  await B.join(C1);
  await A.next('channel:user_joined', { userId: 'bob' });
  X.emit('channel:join', { channelId: C1 });
  await X.next('error', { message: 'Not authenticated' });
  A.emit('channel:typing', { channelId: C1 });
  await B.next('channel:typing');
  const A2 = await Client.open(server, 'alice', { ...options, name: 'A2' });
  for (const other of [A, B]) await other.next('presence:online', { userId: 'alice' });
  await A2.join(C1);
  for (const other of [A, B]) await other.next('channel:user_joined', { userId: 'alice' });
  A.emit('message:send', { channelId: C1, content: 'Hello!' });
  for (const client of [A, B, A2]) await client.next('message:new');
  A.sever();
  X.emit('channel:typing', { channelId: C1 });
  await X.next('error', { message: 'Not authenticated' });
  X.emit('message:send', { channelId: C1, content: 'let me in' });
  await X.next('error', { message: 'Not authenticated' });
  A2.emit('channel:leave', { channelId: C1 });
  await B.next('channel:user_left', { userId: 'alice' });
  await A2.barrier();
  A2.leave();
  await B.next('presence:offline', { userId: 'alice' });
  await B.barrier();
  return { A, B, A2, X };
}

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: authenticated sockets receive the golden trace event for event`, () =>
    withServer(SEED, async (server) => {
      const clients = await play(server, options);
      for (const [name, expected] of Object.entries(TRACE)) {
        assert.deepEqual(received(clients[name], expected), expected, `the trace of ${name}\n${clients[name].story()}`);
      }
      const [{ messageId, createdAt }] = clients.B.all('message:new');
      assert.match(messageId, /^[0-9a-f]{24}$/);
      assert.equal(new Date(createdAt).toISOString(), createdAt);
      assert.equal(clients.A.all('message:new')[0].messageId, messageId);
    }));

  test(`${transport}: welcome carries the id of the socket`, () => withServer(SEED, async (server) => {
    const A = await Client.open(server, 'alice', options);
    assert.equal(A.welcome.id, A.socket.id);
    assert.equal(A.welcome.userId, 'alice');
  }));

  test(`${transport}: a socket with a bad token only ever receives error events`, () => withServer(SEED, async (server) => {
    const { X } = await play(server, options);
    assert.ok(X.log.length >= 2 && X.log.length <= 4, X.story());
    assert.deepEqual([...new Set(X.log.map(({ event }) => event))], ['error'], X.story());
    assert.equal(X.log[0].data.message, 'Invalid authentication token');
    assert.ok(X.log.slice(1).every(({ data }) => data.message === 'Not authenticated'), X.story());
  }));

  test(`${transport}: the typing of a socket that dies is ended for the others`, () => withServer(SEED, async (server) => {
    const A = await Client.open(server, 'alice', options);
    const B = await Client.open(server, 'bob', options);
    await A.join(C1);
    await B.join(C1);
    A.emit('channel:typing', { channelId: C1 });
    await B.next('channel:typing', { userId: 'alice' });
    A.sever();
    await B.next('channel:stop_typing', { channelId: C1, userId: 'alice' });
    await B.next('presence:offline', { userId: 'alice' });
    await B.nothingElse();
  }));
}

test('with two transports the client is on WebSocket when the flow is over', () => withServer(SEED, async (server) => {
  const { B } = await play(server, TRANSPORTS['polling, then upgrade']);
  assert.equal(await until(() => B.socket.io.engine.transport.name, 'a transport'), 'websocket');
}));
