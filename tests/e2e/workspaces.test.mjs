// Workspaces and their members over REST, and what becomes of sockets that are connected while memberships change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { invite, known, makeChannel, makeWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { emailOf } from './support/token.mjs';

const ALONE = { flags: ['--auto-join', 'off', '--shards', '3'] };

test('a new workspace is answered with 201, and who made it is its admin', () => withServer(ALONE, async (server) => {
  const api = rest(server, 'alice');
  const wanted = { name: 'Acme Ltd', slug: 'acme', description: 'Anvils', logoUrl: 'https://example.com/a.png' };
  const { status, json } = await api.post('/workspaces', wanted);
  assert.equal(status, 201);
  const { id, createdAt, ...rested } = json.data;
  assert.equal(new Date(createdAt).toISOString(), createdAt);
  assert.deepEqual(rested, { _id: id, ...wanted, createdById: 'alice' });
  assert.deepEqual((await api.get(`/workspaces/${id}`)).json.data, json.data);
  assert.deepEqual((await api.get('/workspaces')).json.data, [json.data]);
  const { data: [me] } = (await api.get(`/workspaces/${id}/members`)).json;
  assert.deepEqual([me.userId, me.name, me.role, me.joinedAt], ['alice', 'Alice', 'admin', createdAt]);
}));

for (const [field, value] of [
  ['name', ''], ['name', ' '], ['name', 'x'.repeat(101)], ['name', 'a\u0000b'], ['name', 7], ['name', { $ne: null }], ['name', undefined],
  ['slug', ''], ['slug', 'A'], ['slug', 'a b'], ['slug', 'ä'], ['slug', 'x'.repeat(51)], ['slug', ['a']], ['slug', undefined],
  ['description', 'x'.repeat(501)], ['description', 'a\u0000'], ['description', 7],
  ['logoUrl', 'javascript:alert(1)'], ['logoUrl', `https://${'x'.repeat(2100)}`], ['logoUrl', {}],
]) {
  test(`a workspace whose ${field} is ${JSON.stringify(value)?.slice(0, 30)} is VALIDATION_FAILED and names ${field}`, () =>
    withServer(ALONE, async (server) => {
      const api = rest(server, 'alice');
      const good = { name: 'Acme', slug: 'acme' };
      const made = assertProblem(await api.post('/workspaces', { ...good, [field]: value }), 422, 'VALIDATION_FAILED');
      assert.deepEqual(made.errors.map((error) => error.field), [field]);
      if (value === undefined) return;
      const id = await makeWorkspace(server, 'alice', 'acme');
      const changed = assertProblem(await api.patch(`/workspaces/${id}`, { [field]: value }), 422, 'VALIDATION_FAILED');
      assert.deepEqual(changed.errors.map((error) => error.field), [field]);
    }));
}

test('a slug is taken once, for a new workspace and for a changed one', () => withServer(ALONE, async (server) => {
  await makeWorkspace(server, 'alice', 'acme');
  const id = await makeWorkspace(server, 'bob', 'other');
  const api = rest(server, 'bob');
  for (const answer of [await api.post('/workspaces', { name: 'X', slug: 'acme' }), await api.patch(`/workspaces/${id}`, { slug: 'acme' })]) {
    assert.deepEqual(assertProblem(answer, 409, 'WORKSPACE_SLUG_EXISTS').errors[0].field, 'slug');
  }
}));

test('a change of a workspace leaves what it does not name', () => withServer(ALONE, async (server) => {
  const id = await makeWorkspace(server, 'alice', 'acme');
  const api = rest(server, 'alice');
  assert.equal((await api.patch(`/workspaces/${id}`, { description: 'Anvils' })).status, 200);
  const { json } = await api.patch(`/workspaces/${id}`, { name: 'Acme Ltd' });
  assert.deepEqual([json.data.name, json.data.slug, json.data.description], ['Acme Ltd', 'acme', 'Anvils']);
}));

test('an invitation adds who has that address, and is 404 when nobody has', () => withServer(ALONE, async (server) => {
  const id = await makeWorkspace(server, 'alice', 'acme');
  await known(server, 'bob');
  const api = rest(server, 'alice');
  const { json } = await api.post(`/workspaces/${id}/invite`, { email: emailOf('bob').toUpperCase(), role: 'admin' });
  assert.deepEqual([json.data.userId, json.data.role], ['bob', 'admin']);
  assert.equal((await rest(server, 'bob').get(`/workspaces/${id}`)).status, 200);
  assertProblem(await api.post(`/workspaces/${id}/invite`, { email: emailOf('nobody') }), 404, 'USER_NOT_FOUND');
  for (const [field, body] of [['email', {}], ['email', { email: 'bob' }], ['email', { email: { $ne: null } }],
    ['role', { email: emailOf('bob'), role: 'owner' }], ['role', { email: emailOf('bob'), role: 1 }]]) {
    const problem = assertProblem(await api.post(`/workspaces/${id}/invite`, body), 422, 'VALIDATION_FAILED');
    assert.equal(problem.errors[0].field, field);
  }
}));

test('a role changes, and with it what one may do', () => withServer(ALONE, async (server) => {
  const id = await makeWorkspace(server, 'alice', 'acme', { bob: 'member' });
  const bob = rest(server, 'bob');
  assertProblem(await bob.patch(`/workspaces/${id}`, { name: 'Bob Ltd' }), 403, 'NOT_WORKSPACE_ADMIN');
  const { json } = await rest(server, 'alice').patch(`/workspaces/${id}/members/bob`, { role: 'admin' });
  assert.equal(json.data.role, 'admin');
  assert.equal((await bob.patch(`/workspaces/${id}`, { name: 'Bob Ltd' })).status, 200);
  assertProblem(await bob.patch(`/workspaces/${id}/members/nobody`, { role: 'admin' }), 404, 'USER_NOT_FOUND');
}));

test('the owner can neither be removed, nor leave, nor be made a member', () => withServer(ALONE, async (server) => {
  const id = await makeWorkspace(server, 'alice', 'acme', { bob: 'admin' });
  const bob = rest(server, 'bob');
  const alice = rest(server, 'alice');
  assertProblem(await bob.delete(`/workspaces/${id}/members/alice`), 403, 'CANNOT_REMOVE_OWNER');
  assertProblem(await alice.delete(`/workspaces/${id}/members/alice`), 403, 'CANNOT_REMOVE_OWNER');
  assertProblem(await alice.post(`/workspaces/${id}/leave`), 403, 'CANNOT_REMOVE_OWNER');
  assertProblem(await bob.patch(`/workspaces/${id}/members/alice`, { role: 'member' }), 403, 'CANNOT_REMOVE_OWNER');
}));

test('the workspace default cannot be deleted', () => withServer({ flags: ['--demo'] }, async (server) => {
  const signedIn = await request(server, '/api/v1/auth/demo', { method: 'POST', body: { userId: 'alice' } });
  const token = signedIn.json.data.accessToken;
  const answer = await request(server, '/api/v1/workspaces/default', { method: 'DELETE', token });
  assertProblem(answer, 403, 'CANNOT_DELETE_DEFAULT');
}));

/** Twelve channels of one workspace, a to l. */
async function manyChannels(server) {
  const workspace = await makeWorkspace(server, 'alice', 'acme');
  for (const name of 'abcdefghijkl') {
    const made = await rest(server, 'alice').post(`/workspaces/${workspace}/channels`, { name, description: `100% ${name}_` });
    assert.equal(made.status, 201);
  }
  return async (query) => {
    const { status, json, text } = await rest(server, 'alice').get(`/workspaces/${workspace}/channels?${query}`);
    assert.equal(status, 200, text);
    return { names: json.data.map(({ name }) => name).join(''), meta: json.meta };
  };
}

test('a list comes in pages, and meta tells where one is', () => withServer(ALONE, async (server) => {
  const list = await manyChannels(server);
  assert.deepEqual(await list('limit=5'),
    { names: 'abcde', meta: { page: 1, limit: 5, total: 12, totalPages: 3, hasNext: true, hasPrev: false } });
  assert.deepEqual(await list('limit=5&page=3'),
    { names: 'kl', meta: { page: 3, limit: 5, total: 12, totalPages: 3, hasNext: false, hasPrev: true } });
  assert.deepEqual(await list('q=nothing'),
    { names: '', meta: { page: 1, limit: 20, total: 0, totalPages: 1, hasNext: false, hasPrev: false } });
}));

test('a list is sorted and filtered by its fields', () => withServer(ALONE, async (server) => {
  const list = await manyChannels(server);
  for (const [query, names] of [
    ['sort=name:desc&limit=3', 'lkj'], ['sort=type:asc&sort=name:desc&limit=2', 'lk'], ['sort=createdAt:desc&limit=2', 'lk'],
    ['filter=name:eq:c', 'c'], ['filter=name:in:a,c,x', 'ac'], ['filter=name:between:c,e', 'cde'],
    ['filter=name:gte:k', 'kl'], ['filter=name:lt:c', 'ab'], ['filter=name:gt:b&filter=name:neq:d&limit=2', 'ce'],
    ['filter=type:eq:private', ''], ['filter=createdAt:gt:2020-01-01T00:00:00Z&limit=2', 'ab'],
    ['filter=createdAt:lt:2020-01-01T00:00:00Z', ''],
  ]) assert.equal((await list(query)).names, names, query);
}));

test('what a text contains is taken literally', () => withServer(ALONE, async (server) => {
  const list = await manyChannels(server);
  for (const [query, names] of [
    ['filter=description:contains:100%25&limit=2', 'ab'], ['filter=description:contains:0_', ''],
    ['filter=description:ends:C_', 'c'], ['filter=description:starts:%25', ''], ['filter=name:contains:.', ''],
    ['q=100%25%20d', 'd'], ['q=(a%2B)%2B%24', ''], ['q=%27%20OR%201=1--', ''],
  ]) assert.equal((await list(query)).names, names, query);
}));

test('unknown fields are ignored, and named in meta.ignored', () => withServer(ALONE, async (server) => {
  const list = await manyChannels(server);
  const { names, meta } = await list('sort=color:asc&filter=memberIds:eq:bob&filter=color:eq:red&limit=2');
  assert.equal(names, 'ab');
  assert.deepEqual(meta.ignored, ['color', 'memberIds']);
}));

for (const [parameter, query] of [
  ['page', 'page=0'], ['page', 'page=x'], ['limit', 'limit=101'], ['limit', 'limit=0'], ['sort', 'sort=name:up'],
  ['filter', 'filter=name'], ['filter', 'filter=name:like:a'], ['filter', 'filter=createdAt:gt:yesterday'],
  ['filter', 'filter=name:between:a'], ['filter', 'filter=name:contains:'], ['filter', 'filter=createdAt:contains:2'],
  ['q', `q=${'x'.repeat(201)}`], ['q', 'q=%00'], ['q', 'q=%ff'], ['sort', 'sort=%c3%28:asc'], ['filter', 'filter=name:eq:%00'],
  ['filter', Array(21).fill('filter=name:eq:a').join('&')], ['sort', `sort=${'x'.repeat(1001)}`],
]) {
  test(`a list that is asked for ?${query.slice(0, 40)} is VALIDATION_FAILED and names ${parameter}`, () =>
    withServer(ALONE, async (server) => {
      await known(server, 'alice');
      const problem = assertProblem(await rest(server, 'alice').get(`/workspaces?${query}`), 422, 'VALIDATION_FAILED');
      assert.deepEqual(problem.errors.map(({ field }) => field), [parameter]);
    }));
}

/** A workspace of alice and bob with a public and a private channel, which both have joined; bob with two tabs. */
async function acme(server) {
  const workspace = await makeWorkspace(server, 'alice', 'acme', { bob: 'member' });
  const open = await makeChannel(server, 'alice', { name: 'open', type: 'public', workspace });
  const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'], workspace });
  const alice = await Client.open(server, 'alice');
  const tabs = [await Client.open(server, 'bob'), await Client.open(server, 'bob')];
  await alice.next('presence:online', { userId: 'bob' });
  for (const client of [alice, ...tabs]) {
    await client.join(open);
    await client.join(secret);
  }
  return { workspace, open, secret, alice, tabs };
}

test('whoever is removed from a workspace is out of its channels, on all his sockets, when the removal is answered', () =>
  withServer(ALONE, async (server) => {
    const { workspace, open, secret, alice, tabs } = await acme(server);
    assert.equal((await rest(server, 'alice').delete(`/workspaces/${workspace}/members/bob`)).status, 200);
    await alice.say(open, 'among us');
    await alice.say(secret, 'among us');
    for (const tab of tabs) {
      await tab.next('channel:removed', { channelId: open, reason: 'removed' });
      await tab.next('channel:removed', { channelId: secret, reason: 'removed' });
      await tab.barrier();
      assert.deepEqual(tab.all('message:new'), []);
      for (const channelId of [open, secret]) {
        assert.equal((await tab.ask('channel:join', { channelId })).error.code, 'CHANNEL_NOT_FOUND');
        assert.equal((await tab.ask('message:send', { channelId, content: 'hi' })).error.code, 'CHANNEL_NOT_FOUND');
      }
    }
    for (const channelId of [open, secret]) await alice.next('channel:user_left', { channelId, userId: 'bob' });
    assertProblem(await rest(server, 'bob').get(`/workspaces/${workspace}`), 404, 'WORKSPACE_NOT_FOUND');
  }));

test('for the others of the workspace the removed one is offline, and he hears of nobody there any more', () =>
  withServer(ALONE, async (server) => {
    const { workspace, alice, tabs } = await acme(server);
    await known(server, 'carol');
    await invite(server, 'alice', workspace, 'carol');
    assert.equal((await rest(server, 'alice').delete(`/workspaces/${workspace}/members/bob`)).status, 200);
    await alice.next('presence:offline', { userId: 'bob' });
    const { json } = await rest(server, 'alice').get(`/workspaces/${workspace}/presence`);
    assert.deepEqual(json.data.map(({ userId }) => userId), ['alice']);
    const carol = await Client.open(server, 'carol');
    await alice.next('presence:online', { userId: 'carol' });
    for (const tab of tabs) {
      await tab.barrier();
      assert.deepEqual(tab.all('presence:online').filter(({ userId }) => userId === 'carol'), []);
    }
    assert.deepEqual(carol.all('presence:online').filter(({ userId }) => userId === 'bob'), []);
  }));

test('whoever leaves a workspace by himself is out as well', () => withServer(ALONE, async (server) => {
  const { workspace, open, alice, tabs } = await acme(server);
  assert.equal((await rest(server, 'bob').post(`/workspaces/${workspace}/leave`)).status, 200);
  await tabs[0].next('channel:removed', { channelId: open });
  await alice.next('presence:offline', { userId: 'bob' });
}));

test('whoever is added to a workspace is in it with his sockets that are connected already', () =>
  withServer(ALONE, async (server) => {
    const workspace = await makeWorkspace(server, 'alice', 'acme');
    const open = await makeChannel(server, 'alice', { name: 'open', type: 'public', workspace });
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    assert.equal((await bob.ask('channel:join', { channelId: open })).error.code, 'CHANNEL_NOT_FOUND');
    await invite(server, 'alice', workspace, 'bob');
    await alice.next('presence:online', { userId: 'bob', userName: 'Bob' });
    await bob.next('presence:online', { userId: 'alice' });
    await bob.join(open);
    const carol = await Client.open(server, 'carol');
    await invite(server, 'alice', workspace, 'carol');
    await bob.next('presence:online', { userId: 'carol' });
    carol.leave();
    await bob.next('presence:offline', { userId: 'carol' });
    bob.leave();
    await alice.next('presence:offline', { userId: 'bob' });
  }));

test('a deleted channel puts everybody out, and is gone', () => withServer(ALONE, async (server) => {
  const { open, secret, alice, tabs } = await acme(server);
  assert.equal((await rest(server, 'alice').delete(`/channels/${secret}`)).status, 200);
  for (const client of [alice, ...tabs]) {
    await client.next('channel:removed', { channelId: secret, reason: 'deleted' });
    assert.equal((await client.ask('channel:join', { channelId: secret })).error.code, 'CHANNEL_NOT_FOUND');
    assert.equal((await client.ask('message:send', { channelId: secret, content: 'hi' })).error.code, 'CHANNEL_NOT_FOUND');
  }
  assert.deepEqual(alice.all('channel:user_left'), []);
  assertProblem(await rest(server, 'alice').get(`/channels/${secret}`), 404, 'CHANNEL_NOT_FOUND');
  await messageFence(open, alice, ...tabs);
}));

test('a deleted workspace takes its channels along, and everybody out of them', () => withServer(ALONE, async (server) => {
  const { workspace, open, secret, alice, tabs } = await acme(server);
  assert.equal((await rest(server, 'alice').delete(`/workspaces/${workspace}`)).status, 200);
  for (const client of [alice, ...tabs]) {
    for (const channelId of [open, secret]) await client.next('channel:removed', { channelId, reason: 'deleted' });
  }
  assertProblem(await rest(server, 'alice').get(`/workspaces/${workspace}`), 404, 'WORKSPACE_NOT_FOUND');
  assert.deepEqual((await rest(server, 'bob').get('/workspaces')).json.data, []);
  await makeWorkspace(server, 'bob', 'acme');
}));

test('whoever leaves a channel over REST is out of it with his sockets, and may come again where he is welcome', () =>
  withServer(ALONE, async (server) => {
    const { open, secret, alice, tabs } = await acme(server);
    for (const channelId of [open, secret]) {
      assert.equal((await rest(server, 'bob').post(`/channels/${channelId}/leave`)).status, 200);
      for (const tab of tabs) await tab.next('channel:removed', { channelId, reason: 'left' });
      await alice.next('channel:user_left', { channelId, userId: 'bob' });
    }
    await tabs[0].join(open);
    assert.equal((await tabs[0].ask('channel:join', { channelId: secret })).error.code, 'NOT_CHANNEL_MEMBER');
  }));

test('a join that meets a removal never stays in', () => withServer(ALONE, async (server) => {
  const { workspace, secret, alice, tabs: [bob] } = await acme(server);
  const api = rest(server, 'alice');
  for (let round = 0; round < 30; round += 1) {
    const joins = Array.from({ length: 5 }, () => bob.ask('channel:join', { channelId: secret }));
    const removal = round % 2 ? api.delete(`/channels/${secret}/members/bob`) : api.delete(`/workspaces/${workspace}/members/bob`);
    joins.push(...Array.from({ length: 5 }, () => bob.ask('channel:join', { channelId: secret })));
    assert.equal((await removal).status, 200);
    await Promise.all(joins);
    const { messageId } = await alice.say(secret, `round ${round}`);
    await alice.next('message:new', { messageId });
    await bob.barrier();
    assert.deepEqual(bob.all('message:new').filter((message) => message.messageId === messageId), [], `round ${round}`);
    assert.equal((await bob.ask('message:send', { channelId: secret, content: 'hi' })).ok, false);
    if (round % 2 === 0) await invite(server, 'alice', workspace, 'bob');
    assert.equal((await api.post(`/channels/${secret}/members`, { userId: 'bob' })).status, 200);
  }
}));

test('a direct channel is found again by its two members, and by nobody else', () => withServer({}, async (server) => {
  const id = await makeChannel(server, 'alice', { type: 'direct', members: ['bob'] });
  assert.equal(await makeChannel(server, 'bob', { type: 'direct', members: ['alice'] }), id);
  assert.notEqual(await makeChannel(server, 'carol', { type: 'direct', members: ['alice'] }), id);
  const { json } = await rest(server, 'bob').get(`/channels/${id}`);
  assert.deepEqual([json.data.type, json.data.memberIds], ['direct', ['alice', 'bob']]);
  assertProblem(await rest(server, 'carol').get(`/channels/${id}`), 403, 'NOT_CHANNEL_MEMBER');
  const list = await rest(server, 'carol').get('/workspaces/default/channels?filter=type:eq:direct');
  assert.ok(list.json.data.every((channel) => channel.id !== id));
}));

test('a direct channel is with somebody else, who is in the workspace', () => withServer({}, async (server) => {
  const api = rest(server, 'alice');
  const open = (body) => api.post('/workspaces/default/channels', { type: 'direct', ...body });
  for (const body of [{}, { userId: 'alice' }, { userId: 7 }, { userId: { $ne: null } }]) {
    assert.equal(assertProblem(await open(body), 422, 'VALIDATION_FAILED').errors[0].field, 'userId');
  }
  assertProblem(await open({ userId: 'nobody' }), 404, 'USER_NOT_FOUND');
}));

test('a direct channel cannot be changed', () => withServer({}, async (server) => {
  const id = await makeChannel(server, 'alice', { type: 'direct', members: ['bob'] });
  await known(server, 'carol');
  const api = rest(server, 'alice');
  for (const answer of [await api.patch(`/channels/${id}`, { name: 'ours' }), await api.delete(`/channels/${id}`),
    await api.post(`/channels/${id}/leave`), await api.post(`/channels/${id}/members`, { userId: 'carol' }),
    await api.delete(`/channels/${id}/members/bob`), await api.delete(`/channels/${id}/members/alice`)]) {
    assertProblem(answer, 403, 'DIRECT_CHANNEL_IMMUTABLE');
  }
}));

test('a channel changes its name and description, but in the workspace default it goes by its name', () =>
  withServer({}, async (server) => {
    const workspace = await makeWorkspace(server, 'alice', 'acme');
    const id = await makeChannel(server, 'alice', { name: 'old', workspace });
    await makeChannel(server, 'alice', { name: 'taken', workspace });
    const api = rest(server, 'alice');
    const { json } = await api.patch(`/channels/${id}`, { name: 'new', description: 'what is new' });
    assert.deepEqual([json.data.name, json.data.description], ['new', 'what is new']);
    assertProblem(await api.patch(`/channels/${id}`, { name: 'taken' }), 409, 'CHANNEL_NAME_EXISTS');
    assertProblem(await api.patch(`/channels/${id}`, { name: 'No' }), 422, 'VALIDATION_FAILED');
    const named = await makeChannel(server, 'alice', { name: 'named', type: 'public' });
    assertProblem(await api.patch(`/channels/${named}`, { name: 'else' }), 422, 'VALIDATION_FAILED');
    assert.equal((await api.patch(`/channels/${named}`, { name: 'named', description: 'mine' })).status, 200);
    const strange = await api.post('/workspaces/default/channels', { name: '0123456789abcdef01234567' });
    assertProblem(strange, 422, 'VALIDATION_FAILED');
  }));
