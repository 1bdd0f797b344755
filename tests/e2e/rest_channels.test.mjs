// Channels, members, demo accounts and the answers to requests that fit no route.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { defaultWorkspace, makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

test('the default workspace has the channel general from the start', () => withServer({}, async (server) => {
  const api = rest(server, 'alice');
  const workspace = await defaultWorkspace(server, 'alice');
  const { json } = await api.get(`/workspaces/${workspace}/channels`);
  assert.deepEqual(json.data.map(({ id, name, type, workspaceId }) => ({ id, name, type, workspaceId })),
    [{ id: 'general', name: 'general', type: 'public', workspaceId: workspace }]);
}));

test('a new channel is answered with 201 and found afterwards', () => withServer({}, async (server) => {
  const api = rest(server, 'alice');
  const workspace = await defaultWorkspace(server, 'alice');
  const made = await api.post(`/workspaces/${workspace}/channels`, { name: 'news', description: 'what is new' });
  assert.equal(made.status, 201);
  const { id } = made.json.data;
  assert.equal(id, 'news', 'in the default workspace a channel goes by its name');
  const { json } = await api.get(`/channels/${id}`);
  assert.deepEqual([json.data.name, json.data.description, json.data.type, json.data.createdById],
    ['news', 'what is new', 'public', 'alice']);
}));

test('a second channel of the same name is CHANNEL_NAME_EXISTS', () => withServer({}, async (server) => {
  const api = rest(server, 'alice');
  const workspace = await defaultWorkspace(server, 'alice');
  const answer = await api.post(`/workspaces/${workspace}/channels`, { name: 'general' });
  assertProblem(answer, 409, 'CHANNEL_NAME_EXISTS');
}));

for (const [field, body] of [
  ['name', {}], ['name', { name: '' }], ['name', { name: 7 }], ['name', { name: 'Not A Slug' }],
  ['name', { name: 'x'.repeat(81) }],
  ['type', { name: 'fine', type: 'secret' }], ['type', { name: 'fine', type: 1 }],
  ['description', { name: 'fine', description: [] }],
  ['description', { name: 'fine', description: 'x'.repeat(501) }],
]) {
  test(`a channel of ${JSON.stringify(body).slice(0, 50)} is VALIDATION_FAILED and names ${field}`, () =>
    withServer({}, async (server) => {
      const workspace = await defaultWorkspace(server, 'alice');
      const answer = await rest(server, 'alice').post(`/workspaces/${workspace}/channels`, body);
      const problem = assertProblem(answer, 422, 'VALIDATION_FAILED');
      assert.deepEqual(problem.errors.map((error) => error.field), [field]);
    }));
}

test('a private channel is NOT_CHANNEL_MEMBER to others, in each of its routes', () => withServer({}, async (server) => {
  const id = await makeChannel(server, 'alice', { name: 'secret' });
  const mallory = rest(server, 'mallory');
  await mallory.get('/users/me');
  assertProblem(await mallory.get(`/channels/${id}`), 403, 'NOT_CHANNEL_MEMBER');
  assertProblem(await mallory.get(`/channels/${id}/messages`), 403, 'NOT_CHANNEL_MEMBER');
  assertProblem(await mallory.post(`/channels/${id}/members`, { userId: 'mallory' }), 403);
}));

test('a member of a private channel reads it', () => withServer({}, async (server) => {
  const id = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
  const alice = await Client.open(server, 'alice');
  await alice.say(id, 'for two');
  const { json } = await rest(server, 'bob').get(`/channels/${id}/messages`);
  assert.deepEqual(json.data.map(({ content }) => content), ['for two']);
}));

test('unknown channels and workspaces have codes of their own', () => withServer({}, async (server) => {
  const api = rest(server, 'alice');
  assertProblem(await api.get('/channels/nowhere'), 404, 'CHANNEL_NOT_FOUND');
  assertProblem(await api.get('/channels/nowhere/messages'), 404, 'CHANNEL_NOT_FOUND');
  assertProblem(await api.get('/workspaces/nowhere/channels'), 404, 'WORKSPACE_NOT_FOUND');
  assertProblem(await api.get('/workspaces/nowhere/members'), 404, 'WORKSPACE_NOT_FOUND');
  assertProblem(await api.get('/workspaces/nowhere/presence'), 404, 'WORKSPACE_NOT_FOUND');
  assertProblem(await api.get('/workspaces/nowhere/stats/live'), 404, 'WORKSPACE_NOT_FOUND');
}));

test('the members of a workspace are its people, without their emails', () => withServer({}, async (server) => {
  await rest(server, 'bob').get('/users/me');
  const workspace = await defaultWorkspace(server, 'alice');
  const { json } = await rest(server, 'alice').get(`/workspaces/${workspace}/members`);
  const people = json.data.sort((a, b) => (a.id < b.id ? -1 : 1));
  assert.deepEqual(people.map(({ id, name }) => [id, name]), [['alice', 'Alice'], ['bob', 'Bob']]);
  assert.ok(people.every(({ role }) => typeof role === 'string'));
  assert.ok(!JSON.stringify(json).includes('@'), JSON.stringify(json));
}));

test('a route that is none is NOT_FOUND', () => withServer({}, async (server) => {
  for (const path of ['/api/v1/nothing', '/api/v1/', '/api/v2/users/me', '/api/v1/channels/general/messages/x/y']) {
    assertProblem(await request(server, path, { user: 'alice' }), 404, 'NOT_FOUND');
  }
}));

test('a known route with another method is METHOD_NOT_ALLOWED and says which are', () => withServer({}, async (server) => {
  const answer = await request(server, '/api/v1/channels/general/messages', { method: 'PUT', user: 'alice' });
  assertProblem(answer, 405, 'METHOD_NOT_ALLOWED');
  assert.match(answer.headers.allow ?? '', /\bGET\b/);
  const other = await request(server, '/api/v1/messages/x', { method: 'POST', user: 'alice' });
  assertProblem(other, 405, 'METHOD_NOT_ALLOWED');
  assert.deepEqual((other.headers.allow ?? '').split(/, */).filter((m) => /PATCH|DELETE/.test(m)).sort(), ['DELETE', 'PATCH']);
}));

test('a body beyond the limit is refused with 413 and changes nothing', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const { messageId } = await alice.say('general', 'short');
  const answer = await rest(server, 'alice').patch(`/messages/${messageId}`, { content: 'x'.repeat(8_000_000) })
    .catch((error) => error);
  // The server may close while the client is still sending; then there is no answer to read, and nothing was changed.
  if (!(answer instanceof Error)) assert.equal(answer.status, 413);
  const { json } = await rest(server, 'alice').get('/channels/general/messages');
  assert.deepEqual(json.data.map(({ content }) => content), ['short']);
}));

test('with --demo three people and two more channels are there, and signing in gives a working token', () =>
  withServer({ flags: ['--demo'] }, async (server) => {
    const list = await request(server, '/api/v1/auth/demo');
    assert.deepEqual(list.json.data, ['alice', 'bob', 'carol'].map((id) =>
      ({ id, name: id[0].toUpperCase() + id.slice(1), email: `${id}@vibed.dev` })));
    const signedIn = await request(server, '/api/v1/auth/demo', { method: 'POST', body: { userId: 'alice' } });
    assert.equal(signedIn.status, 200);
    assert.deepEqual(signedIn.json.data.user, { id: 'alice', name: 'Alice', email: 'alice@vibed.dev' });
    const token = signedIn.json.data.accessToken;
    const workspace = await defaultWorkspace(server, 'alice');
    const channels = await request(server, `/api/v1/workspaces/${workspace}/channels`, { token });
    assert.deepEqual(channels.json.data.map(({ id }) => id).sort(), ['backend-dev', 'frontend-dev', 'general']);
    const client = await new Client(server, { token, name: 'alice' }).connected();
    await client.next('welcome', { userId: 'alice' });
  }));

test('the demo signs in nobody but its own people', () => withServer({ flags: ['--demo'] }, async (server) => {
  for (const body of [{ userId: 'mallory' }, {}, { userId: 7 }, { userId: { $ne: null } }]) {
    const answer = await request(server, '/api/v1/auth/demo', { method: 'POST', body });
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
    assertProblem(answer, answer.status);
  }
}));

test('without --demo nobody signs in as anybody', () => withServer({}, async (server) => {
  assertProblem(await request(server, '/api/v1/auth/demo'), 404);
  assertProblem(await request(server, '/api/v1/auth/demo', { method: 'POST', body: { userId: 'alice' } }), 404);
}));
