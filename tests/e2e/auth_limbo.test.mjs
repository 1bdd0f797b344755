// Who may speak: a socket without a valid token stands in limbo. It is told so, hears nothing, counts nowhere, and leaves
// limbo by auth:refresh or by being closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { defaultWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { claimsOf, now, sign, tokenOf } from './support/token.mjs';

const GENERAL = 'general';
const expired = () => tokenOf('alice', { iat: now() - 7200, exp: now() - 3600 });
const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const BAD_TOKENS = {
  'no token': null,
  'an empty token': '',
  'text that is no token': 'not.a.token',
  'another secret\'s signature': sign(claimsOf('alice'), { secret: 'a different secret, also more than 32 bytes' }),
  'no signature at all (alg none)': `${b64({ alg: 'none', typ: 'JWT' })}.${b64(claimsOf('alice'))}.`,
  'a changed payload': tokenOf('alice').replace(/\.[^.]+\./, `.${b64(claimsOf('mallory'))}.`),
  'a start in the future': tokenOf('alice', { nbf: now() + 3600 }),
  'no subject': sign({ email: 'a@vibed.dev', exp: now() + 3600 }),
};

const inLimbo = async (server, options = {}) => {
  const client = await new Client(server, { token: 'not.a.token', name: 'X', ...options }).connected();
  await client.next('error', { message: 'Invalid authentication token' });
  return client;
};

for (const [what, token] of Object.entries(BAD_TOKENS)) {
  test(`${what}: connected, and told TOKEN_INVALID exactly once`, () => withServer({}, async (server) => {
    const client = await new Client(server, { auth: token === null ? {} : { token }, name: 'X' }).connected();
    const error = await client.next('error');
    assert.equal(error.message, 'Invalid authentication token');
    assert.equal(error.code, 'TOKEN_INVALID');
    assert.equal(error.status, 401);
    // The refused refresh is a round trip: a second error for the handshake would have come before its answer.
    const reply = await client.ask('auth:refresh', { token: 'still.not.good' });
    assert.equal(reply.ok, false);
    const errors = client.all('error').filter((e) => e.event === undefined);
    assert.equal(errors.length, 1, client.story());
    assert.equal(client.all('welcome').length, 0);
  }));
}

test('a token that is not a string is as good as none', () => withServer({}, async (server) => {
  for (const token of [42, true, {}, ['a']]) {
    const client = await new Client(server, { auth: { token }, name: 'X' }).connected();
    assert.equal((await client.next('error')).code, 'TOKEN_INVALID');
    client.close();
  }
}));

test('an expired token is called TOKEN_EXPIRED', () => withServer({}, async (server) => {
  const client = await new Client(server, { token: expired(), name: 'X' }).connected();
  const error = await client.next('error');
  assert.equal(error.code, 'TOKEN_EXPIRED');
  assert.equal(error.message, 'Invalid authentication token');
}));

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: three events of a limbo socket are answered 'Not authenticated', then it is closed`, () =>
    withServer({}, async (server) => {
      const client = await inLimbo(server, options);
      const events = ['channel:join', 'channel:typing', 'message:send', 'channel:leave', 'message:edit'];
      for (const event of events) client.emit(event, { channelId: GENERAL, content: 'let me in', messageId: 'x' });
      await client.gone();
      const refusals = client.all('error').slice(1);
      assert.equal(refusals.length, 3, client.story());
      refusals.forEach((refusal, i) => {
        assert.equal(refusal.message, 'Not authenticated');
        assert.equal(refusal.code, 'UNAUTHENTICATED');
        assert.equal(refusal.status, 401);
        assert.equal(refusal.event, events[i]);
      });
    }));

  test(`${transport}: limbo ends by itself after --limbo`, () => withServer({ flags: ['--limbo', '300'] }, async (server) => {
    const client = await inLimbo(server, options);
    assert.notEqual(await client.gone(), 'io client disconnect');
    assert.deepEqual(client.all('error').length, 1);
  }));

  test(`${transport}: auth:refresh leads out of limbo, and past the end of --limbo`, () =>
    withServer({ flags: ['--limbo', '700'] }, async (server) => {
      const client = await inLimbo(server, { ...options, name: 'late alice' });
      const reply = await client.must('auth:refresh', { token: tokenOf('alice') });
      assert.equal(reply.userId, 'alice');
      assert.equal((await client.next('welcome')).userId, 'alice');
      await client.next('presence:online', { userId: 'alice' });
      await client.join(GENERAL);
      // A socket that enters limbo after this one has been closed by its deadline; this one was not.
      const other = await inLimbo(server);
      await other.gone();
      await client.say(GENERAL, 'still here');
      await client.next('message:new', { content: 'still here' });
      assert.equal(client.closed, undefined);
    }));
}

test('a refused refresh leaves the socket in limbo', () => withServer({}, async (server) => {
  const client = await inLimbo(server);
  const reply = await client.ask('auth:refresh', { token: expired() });
  assert.equal(reply.ok, false);
  assert.equal(reply.error.code, 'TOKEN_EXPIRED');
  const join = await client.ask('channel:join', { channelId: GENERAL });
  assert.equal(join.ok, false);
  assert.equal(join.error.code, 'UNAUTHENTICATED');
}));

test('an event in limbo that asks for an acknowledgement gets the refusal there too', () => withServer({}, async (server) => {
  const client = await inLimbo(server);
  const reply = await client.ask('message:send', { channelId: GENERAL, content: 'hi' });
  assert.deepEqual([reply.ok, reply.error.code, reply.error.status], [false, 'UNAUTHENTICATED', 401]);
  await client.next('error', { code: 'UNAUTHENTICATED', event: 'message:send' });
}));

test('a limbo socket receives nothing of what the others do', () => withServer({}, async (server) => {
  const limbo = await inLimbo(server);
  limbo.emit('channel:join', { channelId: GENERAL });
  await limbo.next('error', { event: 'channel:join' });
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  await alice.join(GENERAL);
  alice.emit('channel:typing', { channelId: GENERAL });
  await bob.next('channel:typing');
  await messageFence(GENERAL, alice, bob);
  alice.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  limbo.emit('channel:leave', { channelId: GENERAL });
  await limbo.next('error', { event: 'channel:leave' });
  assert.deepEqual([...new Set(limbo.log.map(({ event }) => event))], ['error'], limbo.story());
}));

test('nobody is told that a limbo socket came, tried and went', () => withServer({}, async (server) => {
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  const limbo = await inLimbo(server);
  limbo.emit('channel:join', { channelId: GENERAL });
  limbo.emit('channel:typing', { channelId: GENERAL });
  limbo.emit('message:send', { channelId: GENERAL, content: 'let me in' });
  for (let i = 0; i < 3; i += 1) await limbo.next('error', { code: 'UNAUTHENTICATED' });
  limbo.leave();
  const alice = await Client.open(server, 'alice');
  await bob.next('presence:online', { userId: 'alice' });
  await messageFence(GENERAL, alice, bob);
  await bob.nothingElse();
}));

test('a limbo socket counts neither as online nor as a user', () => withServer({}, async (server) => {
  const bob = await Client.open(server, 'bob');
  await new Client(server, { token: expired(), name: 'X' }).connected().then((x) => x.next('error'));
  const workspace = await defaultWorkspace(server, 'bob');
  const presence = await rest(server, 'bob').get(`/workspaces/${workspace}/presence`);
  assert.deepEqual(presence.json.data.map(({ userId, userName }) => ({ userId, userName })), [{ userId: 'bob', userName: 'Bob' }]);
  const members = await rest(server, 'bob').get(`/workspaces/${workspace}/members`);
  assert.deepEqual(members.json.data.map(({ id }) => id), ['bob']);
  await bob.nothingElse();
}));

test('a connected socket may refresh its token and goes on as before', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await alice.join(GENERAL);
  const reply = await alice.must('auth:refresh', { token: tokenOf('alice', { exp: now() + 7200 }) });
  assert.equal(reply.userId, 'alice');
  await alice.say(GENERAL, 'same me');
  await alice.next('message:new', { senderId: 'alice' });
}));

test('a token that names no one creates the user with the local part of the email', () => withServer({}, async (server) => {
  const token = sign({ sub: 'u-1', email: 'grace.h@navy.example', iat: now(), exp: now() + 60 });
  const client = await new Client(server, { token, name: 'grace' }).connected();
  await client.next('welcome', { userId: 'u-1' });
  assert.equal((await client.next('presence:online', { userId: 'u-1' })).userName, 'grace.h');
}));

test('a token of a bare subject makes the subject the name', () => withServer({}, async (server) => {
  const client = await new Client(server, { token: sign({ sub: 'u-2', exp: now() + 60 }), name: 'u-2' }).connected();
  assert.equal((await client.next('presence:online', { userId: 'u-2' })).userName, 'u-2');
}));

test('the cookie of the handshake signs in, but not a page of another site', () => withServer({}, async (server) => {
  const cookie = `access_token=${tokenOf('alice')}`;
  const own = { extraHeaders: { cookie, origin: server.url } };
  const client = await new Client(server, { token: null, ...own }).connected();
  assert.equal((await client.next('welcome')).userId, 'alice');
}));

test('given several tokens, then that of auth is taken before that of the header, and that before the cookie', () =>
  withServer({}, async (server) => {
    const cookie = `access_token=${tokenOf('carol')}`;
    const authorization = `Bearer ${tokenOf('bob')}`;
    for (const [token, headers, user] of [
      [tokenOf('alice'), { authorization, cookie }, 'alice'],
      [null, { authorization, cookie }, 'bob'],
      [null, { cookie }, 'carol'],
    ]) {
      const client = await new Client(server, { token, extraHeaders: { ...headers, origin: server.url } }).connected();
      assert.equal((await client.next('welcome')).userId, user);
    }
  }));

test('a page of another site opens no connection, by whatever transport', () => withServer({}, async (server) => {
  for (const transports of [['websocket'], ['polling']]) {
    const options = { transports, reconnection: false, extraHeaders: { origin: 'https://evil.example' } };
    const foreign = new Client(server, { token: tokenOf('alice'), ...options });
    assert.match((await foreign.refused()).message, /websocket error|xhr poll error/);
  }
}));

test('a page of an allowed site connects, but the cookie does not sign it in', () => withServer({
  flags: ['--allowed-origins', 'https://app.example,https://other.example'],
}, async (server) => {
  const origin = 'https://app.example';
  const guest = await new Client(server, { token: tokenOf('alice'), extraHeaders: { origin } }).connected();
  assert.equal((await guest.next('welcome')).userId, 'alice');
  const cookie = `access_token=${tokenOf('alice')}`;
  const foreign = await new Client(server, { token: null, extraHeaders: { cookie, origin } }).connected();
  assert.equal((await foreign.next('error')).code, 'TOKEN_INVALID');
}));
