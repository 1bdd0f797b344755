// Sessions: refresh tokens that are exchanged once, and what happens to requests and sockets when a session ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as, claimsIn, connect, logIn, post, refresh, register } from './support/accounts.mjs';
import { Client, TRANSPORTS } from './support/client.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { claimsOf, now, sign, tokenOf } from './support/token.mjs';

const LIVE = '/api/v1/workspaces/default/stats/live';

/** Waits until the socket was told `code` and then closed; how long that took. */
async function putOut(client, code, status, since) {
  const error = await client.next('error', { code });
  assert.deepEqual([error.status, error.event], [status, undefined]);
  await client.gone();
  assert.equal(client.closed, 'io server disconnect', 'the client does not come back by itself');
  assert.equal(client.all('error').length, 1, client.story());
  const took = performance.now() - since;
  assert.ok(took < 1000, `within a second, not after ${took} ms`);
}

test('a refresh token is exchanged for the next pair of the same session', () => withServer({}, async (server) => {
  const first = await register(server);
  const { status, json } = await refresh(server, first.refreshToken);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json.data).sort(), ['accessToken', 'refreshToken']);
  assert.notEqual(json.data.refreshToken, first.refreshToken);
  assert.equal(claimsIn(json.data.accessToken).sid, claimsIn(first.accessToken).sid);
  assert.equal((await as(server, json.data.accessToken, '/users/me')).status, 200);
  assert.equal((await refresh(server, json.data.refreshToken)).status, 200);
}));

test('given many tabs, when all exchange one token at once, then all get the same successor', () => withServer({}, async (server) => {
  const { refreshToken } = await register(server);
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(server, refreshToken)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
  const successors = new Set(answers.map(({ json }) => json.data.refreshToken));
  assert.equal(successors.size, 1);
  assert.equal((await refresh(server, [...successors][0])).status, 200);
}));

test('given an exchanged token, when it comes again after ten seconds, then its session ends and no other', () =>
  withServer({}, async (server) => {
    const stolen = await register(server);
    const other = await logIn(server);
    const own = await refresh(server, stolen.refreshToken);
    const socket = await connect(server, own.json.data.accessToken);
    const elsewhere = await connect(server, other.accessToken);
    await new Promise((done) => setTimeout(done, 10_200));
    const since = performance.now();
    assertProblem(await refresh(server, stolen.refreshToken), 401, 'TOKEN_REUSED');
    await putOut(socket, 'SESSION_REVOKED', 401, since);
    assertProblem(await as(server, own.json.data.accessToken, '/users/me'), 401, 'SESSION_REVOKED');
    assertProblem(await refresh(server, own.json.data.refreshToken), 401, 'TOKEN_INVALID');
    assert.equal((await as(server, other.accessToken, '/users/me')).status, 200);
    await elsewhere.join('general');
  }));

test('a session that nobody used for --refresh-token-lifetime has expired', () =>
  withServer({ flags: ['--refresh-token-lifetime', '1'] }, async (server) => {
    const { accessToken, refreshToken } = await register(server);
    await new Promise((done) => setTimeout(done, 1100));
    assertProblem(await refresh(server, refreshToken), 401, 'TOKEN_EXPIRED');
    assertProblem(await as(server, accessToken, '/users/me'), 401, 'SESSION_REVOKED');
  }));

test('what is no refresh token is none', () => withServer({}, async (server) => {
  const { accessToken, refreshToken } = await register(server);
  for (const token of ['', 'x', accessToken, `${refreshToken}x`, refreshToken.slice(1), 'a'.repeat(100_000)]) {
    assertProblem(await refresh(server, token), 401, 'TOKEN_INVALID');
  }
  for (const body of [{}, { refreshToken: null }, { refreshToken: 7 }, { refreshToken: { $gt: '' } }]) {
    assertProblem(await post(server, '/auth/refresh', body), 422, 'VALIDATION_FAILED');
  }
  assertProblem(await as(server, refreshToken, '/users/me'), 401, 'UNAUTHORIZED');
}));

test('the database holds neither a refresh token nor a password', async () => {
  const { readFileSync, readdirSync } = await import('node:fs');
  await withServer({}, async (server) => {
    const { refreshToken } = await register(server);
    const next = (await refresh(server, refreshToken)).json.data.refreshToken;
    await server.stop();
    const files = readdirSync(server.directory).filter((name) => name.startsWith('x.db'));
    assert.ok(files.length > 0);
    for (const file of files) {
      const content = readFileSync(`${server.directory}/${file}`, 'latin1');
      for (const secret of [refreshToken, next, 'battery staple']) assert.ok(!content.includes(secret), file);
      if (file === 'x.db') assert.ok(content.includes('$argon2id$'));
    }
  });
});

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: given sockets of two sessions, when one logs out, then it is told and closed, the other goes on`, () =>
    withServer({ flags: ['--shards', '2'] }, async (server) => {
      const one = await register(server);
      const two = await logIn(server);
      const tabs = [await connect(server, one.accessToken, options), await connect(server, one.accessToken, options)];
      const other = await connect(server, two.accessToken, options);
      const since = performance.now();
      const { status, json } = await post(server, '/auth/logout', { refreshToken: one.refreshToken }, { token: one.accessToken });
      assert.deepEqual([status, json], [200, { success: true, data: null, message: 'Logged out successfully' }]);
      for (const tab of tabs) await putOut(tab, 'SESSION_REVOKED', 401, since);
      assertProblem(await as(server, one.accessToken, '/users/me'), 401, 'SESSION_REVOKED');
      assertProblem(await refresh(server, one.refreshToken), 401, 'TOKEN_INVALID');
      await other.join('general');
      assert.equal((await refresh(server, two.refreshToken)).status, 200);
    }));
}

test('logging out ends the session of the token, and of the refresh token if that is one\'s own', () =>
  withServer({}, async (server) => {
    const grace = await register(server);
    const phone = await logIn(server);
    const ada = await register(server, { email: 'ada@engine.example' });
    const foreign = await post(server, '/auth/logout', { refreshToken: ada.refreshToken }, { token: phone.accessToken });
    assert.equal(foreign.status, 200);
    assert.equal((await as(server, ada.accessToken, '/users/me')).status, 200, 'somebody else\'s stays');
    assertProblem(await as(server, phone.accessToken, '/users/me'), 401, 'SESSION_REVOKED');
    const laptop = await logIn(server);
    await post(server, '/auth/logout', { refreshToken: grace.refreshToken }, { token: laptop.accessToken });
    for (const { accessToken } of [grace, laptop]) {
      assertProblem(await as(server, accessToken, '/users/me'), 401, 'SESSION_REVOKED');
    }
  }));

test('logging out everywhere puts every socket of the user out, on every shard, and nobody else', () =>
  withServer({ flags: ['--shards', '3'] }, async (server) => {
    const sessions = [await register(server), await logIn(server), await logIn(server)];
    const sockets = [];
    for (const { accessToken } of sessions) for (let i = 0; i < 3; i += 1) sockets.push(await connect(server, accessToken));
    const bob = await Client.open(server, 'bob');
    const since = performance.now();
    const { status } = await request(server, '/api/v1/auth/logout-all', { method: 'POST', token: sessions[0].accessToken });
    assert.equal(status, 200);
    await Promise.all(sockets.map((socket) => putOut(socket, 'SESSION_REVOKED', 401, since)));
    for (const { refreshToken } of sessions) assertProblem(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
    await bob.join('general');
  }));

test('sessions are listed, and ended one by one', () => withServer({}, async (server) => {
  const one = await register(server);
  await request(server, '/api/v1/auth/login', {
    method: 'POST',
    headers: { 'user-agent': 'A phone/1.0 \u00e9' },
    body: { email: 'grace@navy.example', password: 'correct horse battery staple' },
  });
  const { json } = await as(server, one.accessToken, '/users/me/sessions');
  assert.deepEqual(json.data.map(({ current }) => current), [false, true]);
  const [phone, own] = json.data;
  assert.equal(own.id, claimsIn(one.accessToken).sid);
  assert.match(phone.device, /^A phone\/1\.0 \?+$/);
  assert.equal(phone.address, '127.0.0.1');
  for (const key of ['createdAt', 'lastUsedAt', 'expiresAt']) assert.equal(new Date(phone[key]).toISOString(), phone[key]);
  const end = (token, id) => as(server, token, `/users/me/sessions/${id}`, { method: 'DELETE' });
  const ada = await register(server, { email: 'ada@engine.example' });
  assertProblem(await end(ada.accessToken, phone.id), 404, 'SESSION_NOT_FOUND');
  assert.equal((await end(one.accessToken, phone.id)).status, 200);
  assertProblem(await end(one.accessToken, phone.id), 404, 'SESSION_NOT_FOUND');
  assert.deepEqual((await as(server, one.accessToken, '/users/me/sessions')).json.data.map(({ id }) => id), [own.id]);
}));

test('given a session ended elsewhere, then its socket is put out', () => withServer({}, async (server) => {
  const lost = await register(server);
  const own = await logIn(server);
  const socket = await connect(server, lost.accessToken);
  const since = performance.now();
  const id = claimsIn(lost.accessToken).sid;
  assert.equal((await as(server, own.accessToken, `/users/me/sessions/${id}`, { method: 'DELETE' })).status, 200);
  await putOut(socket, 'SESSION_REVOKED', 401, since);
}));

test('given a deactivated user, then his sockets are put out, whoever issued his tokens', () =>
  withServer({ flags: ['--superadmins', 'root', '--shards', '2'] }, async (server) => {
    const { user, accessToken } = await register(server);
    const sockets = [await connect(server, accessToken), await connect(server, accessToken)];
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    for (const [id, victims] of [[user.id, sockets], ['alice', [alice]]]) {
      const since = performance.now();
      assert.equal((await rest(server, 'root').patch(`/users/${id}`, { active: false })).status, 200);
      for (const victim of victims) await putOut(victim, 'USER_INACTIVE', 403, since);
      await bob.next('presence:offline', { userId: id });
    }
    assertProblem(await rest(server, 'alice').get('/users/me'), 403, 'USER_INACTIVE');
  }));

test('a socket comes in by no token of an ended session, and leaves limbo by one of a new session', () =>
  withServer({}, async (server) => {
    const old = await register(server);
    await post(server, '/auth/logout', {}, { token: old.accessToken });
    const socket = await new Client(server, { token: old.accessToken, name: 'grace' }).connected();
    assert.equal((await socket.next('error')).code, 'SESSION_REVOKED');
    const again = await socket.ask('auth:refresh', { token: old.accessToken });
    assert.deepEqual([again.ok, again.error.code], [false, 'SESSION_REVOKED']);
    await socket.must('auth:refresh', { token: (await logIn(server)).accessToken });
    await socket.next('welcome');
  }));

test('given sockets that come while their session ends, then none of them stays', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const { accessToken } = await register(server);
    const sockets = Array.from({ length: 12 }, () => new Client(server, { token: accessToken, name: 'grace' }));
    await Promise.race(sockets.map((socket) => socket.connected()));
    await post(server, '/auth/logout', {}, { token: accessToken });
    for (const socket of sockets) await socket.next('error', { code: 'SESSION_REVOKED' });
  }));

test('a socket that shows a token of another session lives and ends with that one', () => withServer({}, async (server) => {
  const one = await register(server);
  const two = await logIn(server);
  const socket = await connect(server, one.accessToken);
  await socket.must('auth:refresh', { token: two.accessToken });
  await post(server, '/auth/logout', {}, { token: one.accessToken });
  await socket.join('general');
  const since = performance.now();
  await post(server, '/auth/logout', {}, { token: two.accessToken });
  await putOut(socket, 'SESSION_REVOKED', 401, since);
}));

test('a connection is trusted for its lifetime: its token may expire', () =>
  withServer({ flags: ['--access-token-lifetime', '1', '--jwt-leeway', '0'] }, async (server) => {
    const { accessToken } = await register(server);
    const socket = await connect(server, accessToken);
    await new Promise((done) => setTimeout(done, 2100));
    assertProblem(await as(server, accessToken, '/users/me'), 401, 'UNAUTHORIZED');
    await socket.join('general');
    assert.deepEqual(socket.all('error'), []);
  }));

const STRICT = ['--enforce-token-expiry', '--jwt-leeway', '0'];
const CAPS = (token) => ({ auth: { token, caps: ['auth.refresh'] } });
const shortLived = (seconds) => tokenOf('alice', { exp: now() + seconds });

test('--enforce-token-expiry: who can show a new token is told a minute before, and goes on with it', () =>
  withServer({ flags: STRICT }, async (server) => {
    const token = shortLived(3);
    const socket = await new Client(server, { name: 'alice', ...CAPS(token) }).ready();
    const { expiresAt } = await socket.next('auth:expiring');
    assert.equal(Date.parse(expiresAt), claimsIn(token).exp * 1000);
    const legacy = await Client.open(server, 'bob');
    await socket.must('auth:refresh', { token: tokenOf('alice') });
    await new Promise((done) => setTimeout(done, 4100));
    await socket.join('general');
    assert.equal(socket.all('auth:expiring').length, 1);
    assert.equal(legacy.all('auth:expiring').length, 0);
  }));

test('--enforce-token-expiry: from its end on nothing is done but auth:refresh, which heals', () =>
  withServer({ flags: STRICT }, async (server) => {
    const socket = await Client.open(server, 'alice', { token: shortLived(2) });
    await socket.join('general');
    const bob = await Client.open(server, 'bob');
    await bob.join('general');
    await new Promise((done) => setTimeout(done, 3100));
    const refused = await socket.ask('message:send', { channelId: 'general', content: 'too late' });
    assert.deepEqual([refused.ok, refused.error.code, refused.error.status], [false, 'TOKEN_EXPIRED', 401]);
    await bob.say('general', 'still heard');
    await socket.next('message:new', { content: 'still heard' });
    assert.equal(socket.all('auth:expiring').length, 0, 'it did not ask to be told');
    await socket.must('auth:refresh', { token: tokenOf('alice') });
    await socket.say('general', 'here again');
  }));

test('--enforce-token-expiry: who shows no new token is cut off 25 seconds after the end', () =>
  withServer({ flags: STRICT }, async (server) => {
    const socket = await Client.open(server, 'alice', { token: shortLived(1) });
    const end = performance.now() + 1000;
    await socket.gone(40_000);
    const after = performance.now() - end;
    assert.ok(after > 23_500 && after < 30_000, `${after} ms`);
    assert.notEqual(socket.closed, 'io server disconnect', 'it may come back by itself');
  }));

test('a ticket opens one stream, once', () => withServer({}, async (server) => {
  const { accessToken } = await register(server);
  const made = await request(server, '/api/v1/auth/ticket', { method: 'POST', token: accessToken });
  assert.equal(made.status, 201);
  assert.equal(made.json.data.expiresIn, 60);
  const { ticket } = made.json.data;
  const stream = await EventStream.open(server, `${LIVE}?ticket=${ticket}`);
  assert.equal(stream.status, 200);
  await stream.next('stats:update');
  assertProblem(await request(server, `${LIVE}?ticket=${ticket}`), 401, 'UNAUTHORIZED');
  assertProblem(await request(server, `${LIVE}?ticket=made-up`), 401, 'UNAUTHORIZED');
}));

test('a ticket opens nothing but streams, and none for an ended session', () => withServer({}, async (server) => {
  const { accessToken } = await register(server);
  const issue = async () =>
    (await request(server, '/api/v1/auth/ticket', { method: 'POST', token: accessToken })).json.data.ticket;
  const ticket = await issue();
  assertProblem(await request(server, `/api/v1/users/me?ticket=${ticket}`), 401, 'UNAUTHORIZED');
  assert.equal((await EventStream.open(server, `${LIVE}?ticket=${ticket}`)).status, 200, 'it was not used up');
  const late = await issue();
  await post(server, '/auth/logout', {}, { token: accessToken });
  assertProblem(await request(server, `${LIVE}?ticket=${late}`), 401, 'SESSION_REVOKED');
}));

test('the cookie opens a stream for our own page, not for another site\'s', () => withServer({}, async (server) => {
  const cookie = `access_token=${tokenOf('alice')}`;
  const own = await EventStream.open(server, LIVE, undefined, { cookie, origin: server.url });
  assert.equal(own.status, 200);
  const foreign = await request(server, LIVE, { headers: { cookie, origin: 'https://evil.example' } });
  assertProblem(foreign, 401, 'UNAUTHORIZED');
}));

test('the session that somebody else\'s token names means nothing here', () => withServer({}, async (server) => {
  const { accessToken } = await register(server);
  const { sid } = claimsIn(accessToken);
  const token = sign(claimsOf('alice', { sid: 'of-their-own' }));
  const alice = await connect(server, token);
  assert.equal((await as(server, token, '/users/me')).status, 200);
  const mallory = await connect(server, sign(claimsOf('mallory', { sid })));
  await post(server, '/auth/logout', {}, { token: accessToken });
  for (const socket of [alice, mallory]) await socket.join('general');
}));

test('given a grace of a minute, when somebody logs out, then he is offline at once', () =>
  withServer({ flags: ['--presence-grace', '60000'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    const { user, accessToken } = await register(server);
    const grace = await connect(server, accessToken);
    await alice.next('presence:online', { userId: user.id });
    assert.equal((await post(server, '/auth/logout', {}, { token: accessToken })).status, 200);
    await grace.gone();
    await alice.next('presence:offline', { userId: user.id });
  }));

test('given the reader of a stream, when his session ends or he is removed, then he is told why, and gets no other', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const { user, accessToken } = await register(server);
    const open = (path, token) => EventStream.open(server, path, undefined, { authorization: `Bearer ${token}` });
    const paths = [LIVE, LIVE.replace('stats', 'activity')];
    const streams = await Promise.all(paths.map((path) => open(path, accessToken)));
    assert.equal((await post(server, '/auth/logout', {}, { token: accessToken })).status, 200);
    for (const stream of streams) {
      assert.equal((await stream.next('end')).json.code, 'SESSION_REVOKED');
      await stream.ended;
    }
    for (const path of paths) assertProblem(await request(server, path, { token: accessToken }), 401, 'SESSION_REVOKED');

    const again = await logIn(server);
    const admin = rest(server, 'root');
    const workspace = (await admin.post('/workspaces', { name: 'Navy', slug: 'navy' })).json.data.id;
    assert.equal((await admin.post(`/workspaces/${workspace}/invite`, { email: user.email, role: 'member' })).status, 200);
    const theirs = paths.map((path) => path.replace('default', workspace));
    const more = await Promise.all(theirs.map((path) => open(path, again.accessToken)));
    const stays = await open(LIVE, again.accessToken);
    assert.equal((await admin.delete(`/workspaces/${workspace}/members/${user.id}`)).status, 200);
    for (const stream of more) {
      assert.equal((await stream.next('end')).json.code, 'WORKSPACE_NOT_FOUND');
      await stream.ended;
    }
    for (const path of theirs) assertProblem(await request(server, path, { token: again.accessToken }), 404, 'WORKSPACE_NOT_FOUND');
    await stays.next('stats:update');
  }));

test('given a session that ends while its socket is lost, when the client is back, then it is refused', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const { accessToken } = await register(server);
    const socket = await connect(server, accessToken);
    socket.sever();
    await socket.gone();
    assert.equal((await post(server, '/auth/logout', {}, { token: accessToken })).status, 200);
    socket.socket.connect();
    const error = await socket.refused();
    assert.deepEqual([error.message !== '', error.data], [true, { code: 'SESSION_REVOKED', status: 401 }]);
    assert.equal(socket.socket.recovered ?? false, false);
  }));
