// Accounts of our own: registering, signing in with a password, who sees what of whom, and how often one may try.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, as, claimsIn, connect, logIn, post, refresh, register, registration } from './support/accounts.mjs';
import { Client } from './support/client.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { run, withServer } from './support/server.mjs';
import { claimsOf, now, sign } from './support/token.mjs';

test('given nobody, when Grace registers, then she is signed in and a member of the default workspace', () =>
  withServer({}, async (server) => {
    const { status, json } = await post(server, '/auth/register', registration());
    assert.equal(status, 201);
    const { id } = json.data.user;
    assert.match(id, /^[0-9a-f]{24}$/);
    const { accessToken, refreshToken } = json.data;
    assert.deepEqual(json, {
      success: true,
      data: {
        user: { id, email: 'grace@navy.example', firstName: 'Grace', lastName: 'Hopper', globalRole: 'user' },
        accessToken,
        refreshToken,
      },
      message: 'Registration successful',
    });
    assert.deepEqual((await as(server, accessToken, '/workspaces')).json.data.map((workspace) => workspace.id), ['default']);
    const socket = await connect(server, accessToken);
    assert.equal(socket.welcome.userId, id);
    assert.equal(socket.all('presence:online')[0].userName, 'Grace Hopper', 'her name, not her address');
  }));

test('given an account, when its owner logs in, then the answer is that of the contract', () => withServer({}, async (server) => {
  const { user } = await register(server);
  const { status, json } = await post(server, '/auth/login', { email: 'Grace@Navy.example', password: PASSWORD });
  assert.equal(status, 200);
  const { accessToken, refreshToken } = json.data;
  assert.deepEqual(json, { success: true, data: { user, accessToken, refreshToken }, message: 'Login successful' });
}));

test('an access token names its bearer, his session, and its end after a quarter of an hour', () =>
  withServer({}, async (server) => {
    const { user, accessToken } = await register(server);
    const { iat, exp, sid, ...claims } = claimsIn(accessToken);
    assert.equal(exp - iat, 15 * 60);
    const expected = { iss: 'atrium', sub: user.id, email: user.email, name: 'Grace Hopper', globalRole: 'user' };
    assert.deepEqual(claims, expected);
    const sessions = await as(server, accessToken, '/users/me/sessions');
    assert.equal(sessions.json.data[0].id, sid);
  }));

test('an account is there after a restart, and so are its sessions', () => withServer({}, async (server) => {
  const { user, accessToken, refreshToken } = await register(server);
  await server.kill();
  await server.restart();
  assert.equal((await as(server, accessToken, '/users/me')).json.data.id, user.id);
  assert.equal((await refresh(server, refreshToken)).status, 200);
  assert.equal((await logIn(server)).user.id, user.id);
}));

test('an address registers once, whatever the case of its letters', () => withServer({}, async (server) => {
  await register(server);
  for (const email of ['grace@navy.example', 'GRACE@navy.example']) {
    assertProblem(await post(server, '/auth/register', registration({ email })), 409, 'EMAIL_ALREADY_EXISTS');
  }
}));

test('of many who register one address at once, one succeeds', () => withServer({}, async (server) => {
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(server, '/auth/register', registration())));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409]);
}));

test('a wrong password and an unknown address are told apart by nothing', () => withServer({}, async (server) => {
  await register(server);
  const wrong = await post(server, '/auth/login', { email: 'grace@navy.example', password: 'not the password' });
  const unknown = await post(server, '/auth/login', { email: 'nobody@navy.example', password: PASSWORD });
  const bodies = [wrong, unknown].map((answer) => {
    const { requestId, ...problem } = assertProblem(answer, 401, 'INVALID_CREDENTIALS');
    return problem;
  });
  assert.deepEqual(bodies[0], bodies[1]);
}));

test('a user who came with a token of another issuer has no password to sign in with', () => withServer({}, async (server) => {
  await rest(server, 'alice').get('/users/me');
  for (const password of ['', 'x', PASSWORD]) {
    const answer = await post(server, '/auth/login', { email: 'alice@vibed.dev', password });
    if (password === '') assertProblem(answer, 422, 'VALIDATION_FAILED');
    else assertProblem(answer, 401, 'INVALID_CREDENTIALS');
  }
}));

const BAD_REGISTRATIONS = {
  email: [undefined, '', 'grace', '@navy.example', 'grace@', 'grace@navy', 'a b@navy.example', 'a@b@navy.example',
    `${'x'.repeat(250)}@navy.example`, 42, null, { $ne: null }, ['grace@navy.example']],
  password: [undefined, '', 'seven77', 'x'.repeat(129), 12345678, null, { $gt: '' }],
  firstName: [undefined, '', '   ', 'x'.repeat(51), 'two\nlines', 7, { $ne: '' }],
  lastName: [undefined, '', 'x'.repeat(51), false, []],
};

test('what is wrong with a registration is named', () => withServer({}, async (server) => {
  for (const [field, values] of Object.entries(BAD_REGISTRATIONS)) {
    for (const value of values) {
      const answer = await post(server, '/auth/register', registration({ [field]: value }));
      const problem = assertProblem(answer, 422, 'VALIDATION_FAILED');
      assert.equal(problem.errors[0].field, field, JSON.stringify(value));
    }
  }
  const good = { password: '8 chars!', firstName: 'é'.repeat(50), lastName: '王' };
  assert.equal((await post(server, '/auth/register', registration(good))).status, 201);
}));

test('operator objects sign nobody in and end nobody\'s session', () => withServer({}, async (server) => {
  const { accessToken, refreshToken } = await register(server);
  const other = await register(server, { email: 'ada@engine.example' });
  const operator = { $ne: null };
  assertProblem(await post(server, '/auth/login', { email: operator, password: operator }), 422, 'VALIDATION_FAILED');
  assertProblem(await post(server, '/auth/login', { email: 'grace@navy.example', password: operator }), 422);
  assertProblem(await post(server, '/auth/refresh', { refreshToken: operator }), 422, 'VALIDATION_FAILED');
  const logout = await post(server, '/auth/logout', { refreshToken: operator }, { token: accessToken });
  assertProblem(logout, 422, 'VALIDATION_FAILED');
  for (const token of [refreshToken, other.refreshToken]) assert.equal((await refresh(server, token)).status, 200);
}));

test('five sign-ins a minute for an address, then 429 says when; another address is not held up', () =>
  withServer({}, async (server) => {
    await register(server);
    const attempt = (email) => post(server, '/auth/login', { email, password: 'not the password' });
    for (let i = 0; i < 5; i += 1) assertProblem(await attempt('grace@navy.example'), 401, 'INVALID_CREDENTIALS');
    const refused = await attempt('GRACE@navy.example');
    assertProblem(refused, 429, 'RATE_LIMITED');
    const wait = Number(refused.headers['retry-after']);
    assert.ok(wait >= 1 && wait <= 12, `Retry-After: ${wait}`);
    assertProblem(await attempt('ada@engine.example'), 401, 'INVALID_CREDENTIALS');
    const right = await post(server, '/auth/login', { email: 'grace@navy.example', password: PASSWORD });
    assertProblem(right, 429, 'RATE_LIMITED');
  }));

test('/users/me is all about oneself', () => withServer({}, async (server) => {
  const { user, accessToken } = await register(server);
  const { json } = await as(server, accessToken, '/users/me');
  const { createdAt, lastLoginAt, ...me } = json.data;
  for (const time of [createdAt, lastLoginAt]) assert.equal(new Date(time).toISOString(), time);
  assert.deepEqual(me, { ...user, name: 'Grace Hopper', active: true });
}));

test('given a changed name, then others see it, and an older token does not undo it', () => withServer({}, async (server) => {
  const { user, accessToken } = await register(server);
  const changed = await as(server, accessToken, '/users/me', { method: 'PATCH', body: { lastName: 'Murray' } });
  assert.equal(changed.status, 200);
  assert.deepEqual([changed.json.data.name, changed.json.data.lastName], ['Grace Murray', 'Murray']);
  const named = await as(server, accessToken, '/users/me', { method: 'PATCH', body: { name: 'Amazing Grace' } });
  assert.deepEqual([named.json.data.name, named.json.data.firstName], ['Amazing Grace', 'Grace']);
  assert.equal((await rest(server, 'alice').get(`/users/${user.id}`)).json.data.name, 'Amazing Grace');
  const socket = await connect(server, accessToken);
  assert.equal(socket.all('presence:online')[0].userName, 'Amazing Grace');
}));

test('a changed name is checked, and what is not a name is not changed', () => withServer({}, async (server) => {
  const { accessToken } = await register(server);
  for (const body of [{ name: '' }, { firstName: 'x'.repeat(51) }, { lastName: 5 }, { name: { $set: 1 } }]) {
    assertProblem(await as(server, accessToken, '/users/me', { method: 'PATCH', body }), 422, 'VALIDATION_FAILED');
  }
  const body = { email: 'other@navy.example', globalRole: 'superadmin', active: false };
  const { status, json } = await as(server, accessToken, '/users/me', { method: 'PATCH', body });
  assert.equal(status, 200);
  assert.deepEqual([json.data.email, json.data.globalRole, json.data.active], ['grace@navy.example', 'user', true]);
}));

test('people of one workspace see each other without their addresses', () => withServer({}, async (server) => {
  const { user } = await register(server);
  const { status, json } = await rest(server, 'alice').get(`/users/${user.id}`);
  assert.equal(status, 200);
  assert.deepEqual(json.data, { id: user.id, name: 'Grace Hopper', firstName: 'Grace', lastName: 'Hopper' });
}));

test('who shares no workspace does not exist, in the same words', () =>
  withServer({ flags: ['--auto-join', 'off'] }, async (server) => {
    const { user, accessToken } = await register(server);
    const answers = await Promise.all([user.id, 'nobody-at-all'].map((id) => rest(server, 'alice').get(`/users/${id}`)));
    const problems = answers.map((answer) => {
      const { requestId, instance, ...problem } = assertProblem(answer, 404, 'USER_NOT_FOUND');
      return problem;
    });
    assert.deepEqual(problems[0], problems[1]);
    assert.equal((await as(server, accessToken, `/users/${user.id}`)).json.data.email, 'grace@navy.example');
  }));

test('only a superadmin deactivates people, and not himself', () =>
  withServer({ flags: ['--superadmins', 'root'] }, async (server) => {
    const { user, accessToken } = await register(server);
    const change = (who, id, body) => rest(server, who).patch(`/users/${id}`, body);
    assertProblem(await change('alice', user.id, { active: false }), 403, 'FORBIDDEN');
    assertProblem(await as(server, accessToken, `/users/${user.id}`, { method: 'PATCH', body: { active: true } }), 403, 'FORBIDDEN');
    assertProblem(await change('root', 'root', { active: false }), 409, 'OWN_ACCOUNT');
    assertProblem(await change('root', 'nobody', { active: false }), 404, 'USER_NOT_FOUND');
    assertProblem(await change('root', user.id, { active: 'no' }), 422, 'VALIDATION_FAILED');
    const done = await change('root', user.id, { active: false });
    assert.deepEqual([done.status, done.json.data.active], [200, false]);
    const seen = await rest(server, 'root').get(`/users/${user.id}`);
    assert.deepEqual([seen.json.data.email, seen.json.data.active], ['grace@navy.example', false]);
  }));

test('given a deactivated account, when its owner comes by any door, then USER_INACTIVE; only the right password tells', () =>
  withServer({ flags: ['--superadmins', 'root'] }, async (server) => {
    const { user, accessToken, refreshToken } = await register(server);
    await rest(server, 'root').patch(`/users/${user.id}`, { active: false });
    assertProblem(await as(server, accessToken, '/users/me'), 403, 'USER_INACTIVE');
    assertProblem(await post(server, '/auth/login', { email: user.email, password: PASSWORD }), 403, 'USER_INACTIVE');
    assertProblem(await post(server, '/auth/login', { email: user.email, password: 'not it' }), 401, 'INVALID_CREDENTIALS');
    assertProblem(await refresh(server, refreshToken), 401, 'TOKEN_INVALID');
    const socket = await new Client(server, { token: accessToken, name: 'grace' }).connected();
    assert.equal((await socket.next('error')).code, 'USER_INACTIVE');
    await rest(server, 'root').patch(`/users/${user.id}`, { active: true });
    assert.equal((await logIn(server)).user.id, user.id);
    assertProblem(await as(server, accessToken, '/users/me'), 401, 'SESSION_REVOKED');
  }));

test('a superadmin makes another, who is one at once', () => withServer({ flags: ['--superadmins', 'root'] }, async (server) => {
  const { user, accessToken } = await register(server);
  assert.equal((await rest(server, 'root').patch(`/users/${user.id}`, { globalRole: 'superadmin' })).status, 200);
  assert.equal((await as(server, accessToken, '/users/me')).json.data.globalRole, 'superadmin');
  await rest(server, 'alice').get('/users/me');
  const done = await as(server, accessToken, '/users/alice', { method: 'PATCH', body: { active: false } });
  assert.equal(done.status, 200, done.text);
}));

test('given an account, when the program starts anew with its id in --superadmins, then it is one', () =>
  withServer({}, async (server) => {
    const { user, accessToken } = await register(server);
    await server.stop();
    await server.restart(['--superadmins', user.id]);
    assert.equal((await as(server, accessToken, '/users/me')).json.data.globalRole, 'superadmin');
  }));

test('the claim globalRole makes nobody a superadmin', () => withServer({}, async (server) => {
  const token = sign(claimsOf('mallory', { globalRole: 'superadmin', iss: 'atrium' }));
  await rest(server, 'alice').get('/users/me');
  assertProblem(await as(server, token, '/users/alice', { method: 'PATCH', body: { active: false } }), 403, 'FORBIDDEN');
}));

test('--accounts off has no sign-in of its own, but tickets', () =>
  withServer({ flags: ['--accounts', 'off'] }, async (server) => {
    for (const path of ['register', 'login', 'refresh', 'logout', 'logout-all']) {
      assertProblem(await post(server, `/auth/${path}`, {}), 404, 'NOT_FOUND');
    }
    const ticket = await request(server, '/api/v1/auth/ticket', { method: 'POST', user: 'alice' });
    assert.equal(ticket.status, 201);
    assert.equal(typeof ticket.json.data.ticket, 'string');
  }));

test('--expose-email shows addresses as the original did', () => withServer({ flags: ['--expose-email'] }, async (server) => {
  const { accessToken } = await register(server);
  const socket = await connect(server, accessToken);
  assert.equal(socket.all('presence:online')[0].userName, 'grace@navy.example');
}));

test('a page of another site acts by nobody\'s cookie, our own by its owner\'s', () => withServer({}, async (server) => {
  const { accessToken } = await register(server);
  const from = (origin) => request(server, '/api/v1/auth/logout-all', {
    method: 'POST',
    headers: { cookie: `access_token=${accessToken}`, origin },
  });
  assertProblem(await from('https://evil.example'), 401, 'UNAUTHORIZED');
  assert.equal((await as(server, accessToken, '/users/me')).status, 200);
  assert.equal((await from(server.url)).status, 200);
  assertProblem(await as(server, accessToken, '/users/me'), 401, 'SESSION_REVOKED');
}));

test('no answer and no line of the log has a password or its hash', () => withServer({ flags: ['--log-level', 'trace'] }, async (server) => {
  const answers = [await post(server, '/auth/register', registration())];
  answers.push(await post(server, '/auth/register', registration()));
  answers.push(await post(server, '/auth/login', { email: 'grace@navy.example', password: PASSWORD }));
  answers.push(await as(server, answers[0].json.data.accessToken, '/users/me'));
  for (const { text } of answers) assert.doesNotMatch(text, /battery staple|argon2/);
  assert.doesNotMatch(server.stderr, /battery staple|argon2/);
}));

test('the settings of accounts are checked at the start', async () => {
  const secret = ['--jwt-secret', 'a secret of more than thirty-two bytes'];
  const refusal = async (...flags) => {
    const { code, stderr } = await run(['serve', ...flags]);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await refusal(...secret, '--accounts', 'maybe'), /--accounts/);
  assert.match(await refusal(...secret, '--access-token-lifetime', '0'), /--access-token-lifetime/);
  assert.match(await refusal(...secret, '--jwt-algorithms', 'none'), /--jwt-algorithms/);
  assert.match(await refusal(...secret, '--jwt-algorithms', 'RS256'), /HS256 is missing/);
  assert.match(await refusal('--accounts', 'off'), /a secret is needed/);
});
