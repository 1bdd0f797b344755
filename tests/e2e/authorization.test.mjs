// Who may do what: every route and every socket event, asked by everybody there can be. Each line of the tables below is a
// promise; the same matrix, without a server, is tested in tests/chat/workspaces/permissions_test.cpp.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request } from './support/http.mjs';
import { addMember, known, makeChannel, makeWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const ALONE = { flags: ['--auto-join', 'off', '--shards', '2'] };

// nobody shows no token; zoe is of another workspace; noel is of the workspace, but not in the channel; max is a member who is
// done things to. The owner of the workspace is adam, its other admin olga, who is in the channel; carl has made the channel.
const PERSON = { nobody: undefined, stranger: 'zoe', outsider: 'noel', member: 'mia', creator: 'carl', admin: 'olga' };

const MEMBER = 'NOT_CHANNEL_MEMBER';
const ADMIN = 'NOT_CHANNEL_ADMIN';
const FIXED = 'DIRECT_CHANNEL_IMMUTABLE';
const AUTHOR = 'NOT_MESSAGE_AUTHOR';

let worlds = 0;

/** A workspace with a channel of that type, fresh for each question. A direct channel is of mia and carl. */
async function world(server, type) {
  worlds += 1;
  const workspace = await makeWorkspace(server, 'adam', `w${worlds}`,
    { noel: 'member', mia: 'member', carl: 'member', olga: 'admin', max: 'member' });
  await known(server, 'zoe');
  const members = type === 'direct' ? ['mia'] : ['mia', 'max', 'olga'];
  const channel = await makeChannel(server, 'carl', { name: 'room', type, members: [], workspace, ...(type === 'direct' && { members }) });
  if (type !== 'direct') for (const userId of members) await addMember(server, 'carl', channel, userId);
  const mia = await Client.open(server, 'mia');
  const { messageId } = await mia.say(channel, 'mine');
  mia.close();
  return { workspace, channel, message: messageId };
}

// For each type of channel: what outsider, member, creator and admin get; a code or, as a number, the status.
// In a direct channel there is no admin; he is an outsider.
const CHANNEL_ROUTES = [
  ['GET', '/channels/:channel', undefined,
    { public: [200, 200, 200, 200], private: [MEMBER, 200, 200, 200], direct: [MEMBER, 200, 200, MEMBER] }],
  ['PATCH', '/channels/:channel', { description: 'x' },
    { public: [ADMIN, ADMIN, 200, 200], private: [MEMBER, ADMIN, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['DELETE', '/channels/:channel', undefined,
    { public: [ADMIN, ADMIN, 200, 200], private: [MEMBER, ADMIN, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['POST', '/channels/:channel/members', { userId: 'adam' },
    { public: [ADMIN, ADMIN, 200, 200], private: [MEMBER, ADMIN, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['POST', '/channels/:channel/members', { userId: ':me' },
    { public: [200, 200, 200, 200], private: [MEMBER, 200, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['DELETE', '/channels/:channel/members/max', undefined,
    { public: [ADMIN, ADMIN, 200, 200], private: [MEMBER, ADMIN, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['DELETE', '/channels/:channel/members/:me', undefined,
    { public: ['USER_NOT_FOUND', 200, 'USER_NOT_FOUND', 200], private: [MEMBER, 200, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['POST', '/channels/:channel/leave', undefined,
    { public: [200, 200, 200, 200], private: [MEMBER, 200, 200, 200], direct: [MEMBER, FIXED, FIXED, MEMBER] }],
  ['GET', '/channels/:channel/messages', undefined,
    { public: [200, 200, 200, 200], private: [MEMBER, 200, 200, 200], direct: [MEMBER, 200, 200, MEMBER] }],
  ['PATCH', '/messages/:message', { content: 'changed' },
    { public: [AUTHOR, 200, AUTHOR, AUTHOR], private: [MEMBER, 200, AUTHOR, AUTHOR], direct: [MEMBER, 200, AUTHOR, MEMBER] }],
  ['DELETE', '/messages/:message', undefined,
    { public: [AUTHOR, 200, AUTHOR, AUTHOR], private: [MEMBER, 200, AUTHOR, AUTHOR], direct: [MEMBER, 200, AUTHOR, MEMBER] }],
];

function fill(text, ids, me) {
  return text.replace(/:(\w+)/g, (whole, name) => (name === 'me' ? me : ids[name] ?? whole));
}

function ask(server, [method, path, body], ids, user) {
  const filled = body && JSON.parse(fill(JSON.stringify(body), ids, user ?? 'x'));
  return request(server, `/api/v1${fill(path, ids, user ?? 'x')}`, { method, user, body: filled });
}

function assertAnswer(answer, expected, what) {
  if (typeof expected === 'number') assert.equal(answer.status, expected, `${what}: ${answer.text}`);
  else assertProblem(answer, expected.endsWith('_FOUND') ? 404 : 403, expected);
}

for (const type of ['public', 'private', 'direct']) {
  for (const route of CHANNEL_ROUTES) {
    const [method, path, body, expected] = route;
    test(`${method} ${path} ${body ? JSON.stringify(body) : ''} of a ${type} channel: each gets what the matrix says`, () =>
      withServer(ALONE, async (server) => {
        const roles = { outsider: 0, member: 1, creator: 2, admin: 3 };
        for (const [role, column] of Object.entries(roles)) {
          const ids = await world(server, type);
          assertAnswer(await ask(server, route, ids, PERSON[role]), expected[type][column], role);
        }
        const ids = await world(server, type);
        assertProblem(await ask(server, route, ids, undefined), 401, 'UNAUTHORIZED');
        const code = path.startsWith('/messages') ? 'MESSAGE_NOT_FOUND' : 'CHANNEL_NOT_FOUND';
        assertProblem(await ask(server, route, ids, 'zoe'), 404, code);
      }));
  }
}

// What a member, an admin and the owner of the workspace get.
const NOT_ADMIN = 'NOT_WORKSPACE_ADMIN';
const OWNER = 'CANNOT_REMOVE_OWNER';
const WORKSPACE_ROUTES = [
  ['GET', '/workspaces/:workspace', undefined, [200, 200, 200]],
  ['PATCH', '/workspaces/:workspace', { description: 'x' }, [NOT_ADMIN, 200, 200]],
  ['DELETE', '/workspaces/:workspace', undefined, [NOT_ADMIN, 200, 200]],
  ['GET', '/workspaces/:workspace/members', undefined, [200, 200, 200]],
  ['POST', '/workspaces/:workspace/invite', { email: 'zoe@vibed.dev' }, [NOT_ADMIN, 200, 200]],
  ['PATCH', '/workspaces/:workspace/members/max', { role: 'admin' }, [NOT_ADMIN, 200, 200]],
  ['DELETE', '/workspaces/:workspace/members/max', undefined, [NOT_ADMIN, 200, 200]],
  ['DELETE', '/workspaces/:workspace/members/:me', undefined, [200, 200, OWNER]],
  ['DELETE', '/workspaces/:workspace/members/adam', undefined, [NOT_ADMIN, OWNER, OWNER]],
  ['POST', '/workspaces/:workspace/leave', undefined, [200, 200, OWNER]],
  ['GET', '/workspaces/:workspace/channels', undefined, [200, 200, 200]],
  ['POST', '/workspaces/:workspace/channels', { name: 'fresh' }, [201, 201, 201]],
  ['POST', '/workspaces/:workspace/channels', { type: 'direct', userId: 'max' }, [201, 201, 201]],
  ['GET', '/workspaces/:workspace/presence', undefined, [200, 200, 200]],
];

for (const route of WORKSPACE_ROUTES) {
  const [method, path, body, expected] = route;
  test(`${method} ${path} ${body ? JSON.stringify(body) : ''}: each gets what the matrix says`, () =>
    withServer(ALONE, async (server) => {
      for (const [column, user] of ['mia', 'olga', 'adam'].entries()) {
        assertAnswer(await ask(server, route, await world(server, 'private'), user), expected[column], user);
      }
      const ids = await world(server, 'private');
      assertProblem(await ask(server, route, ids, undefined), 401, 'UNAUTHORIZED');
      assertProblem(await ask(server, route, ids, 'zoe'), 404, 'WORKSPACE_NOT_FOUND');
    }));
}

test('live figures are for members of the workspace', () => withServer(ALONE, async (server) => {
  const ids = await world(server, 'public');
  const route = ['GET', '/workspaces/:workspace/stats/live'];
  assertProblem(await ask(server, route, ids, undefined), 401, 'UNAUTHORIZED');
  assertProblem(await ask(server, route, ids, 'zoe'), 404, 'WORKSPACE_NOT_FOUND');
}));

test('what is one\'s own needs a token and nothing else', () => withServer(ALONE, async (server) => {
  for (const [method, path, body] of [['GET', '/workspaces'], ['POST', '/workspaces', { name: 'x', slug: 'x' }], ['GET', '/users/me']]) {
    assertProblem(await ask(server, [method, path, body], {}, undefined), 401, 'UNAUTHORIZED');
    const answer = await ask(server, [method, path, body], {}, 'zoe');
    assert.ok([200, 201].includes(answer.status), answer.text);
  }
}));

// For each type of channel: what stranger, outsider, member, creator and admin get; 'ok' or the code of the refusal.
const GONE = 'CHANNEL_NOT_FOUND';
const NO_MESSAGE = 'MESSAGE_NOT_FOUND';
const EVENTS = [
  ['channel:join', ({ channel }) => ({ channelId: channel }), {
    public: [GONE, 'ok', 'ok', 'ok', 'ok'], private: [GONE, MEMBER, 'ok', 'ok', 'ok'], direct: [GONE, MEMBER, 'ok', 'ok', MEMBER] }],
  ['message:send', ({ channel }) => ({ channelId: channel, content: 'hi' }), {
    public: [GONE, 'ok', 'ok', 'ok', 'ok'], private: [GONE, MEMBER, 'ok', 'ok', 'ok'], direct: [GONE, MEMBER, 'ok', 'ok', MEMBER] }],
  ['message:edit', ({ message }) => ({ messageId: message, content: 'changed' }), {
    public: [NO_MESSAGE, AUTHOR, 'ok', AUTHOR, AUTHOR], private: [NO_MESSAGE, MEMBER, 'ok', AUTHOR, AUTHOR],
    direct: [NO_MESSAGE, MEMBER, 'ok', AUTHOR, MEMBER] }],
  ['message:delete', ({ message }) => ({ messageId: message }), {
    public: [NO_MESSAGE, AUTHOR, 'ok', AUTHOR, AUTHOR], private: [NO_MESSAGE, MEMBER, 'ok', AUTHOR, AUTHOR],
    direct: [NO_MESSAGE, MEMBER, 'ok', AUTHOR, MEMBER] }],
];

for (const type of ['public', 'private', 'direct']) {
  for (const [event, payload, expected] of EVENTS) {
    test(`${event} in a ${type} channel: each gets what the matrix says`, () => withServer(ALONE, async (server) => {
      const ids = await world(server, type);
      // The one who may comes last: what he deletes is gone for the rest.
      const order = ['stranger', 'outsider', 'creator', 'admin', 'member'];
      const columns = { stranger: 0, outsider: 1, member: 2, creator: 3, admin: 4 };
      for (const role of order) {
        const client = await Client.open(server, PERSON[role]);
        const reply = await client.ask(event, payload(ids));
        assert.equal(reply.ok ? 'ok' : reply.error.code, expected[type][columns[role]], `${role}: ${JSON.stringify(reply)}`);
        client.close();
      }
    }));
  }

  test(`typing in a ${type} channel is for those who have joined it`, () => withServer(ALONE, async (server) => {
    const { channel } = await world(server, type);
    for (const user of ['zoe', 'noel', 'mia']) {
      const client = await Client.open(server, user);
      const reply = await client.ask('channel:typing', { channelId: channel });
      assert.deepEqual([reply.ok, reply.error?.code], [false, 'NOT_JOINED']);
    }
  }));
}

test('without a token every event is refused and does nothing', () => withServer(ALONE, async (server) => {
  const ids = await world(server, 'public');
  const watcher = await Client.open(server, 'mia');
  await watcher.join(ids.channel);
  for (const [event, payload] of [...EVENTS,
    ['channel:leave', ({ channel }) => ({ channelId: channel })], ['channel:typing', ({ channel }) => ({ channelId: channel })],
    ['channel:stop_typing', ({ channel }) => ({ channelId: channel })]]) {
    const client = await new Client(server, { token: null, name: 'nobody' }).connected();
    const reply = await client.ask(event, payload(ids));
    assert.deepEqual([reply.ok, reply.error.code], [false, 'UNAUTHENTICATED'], event);
    client.close();
  }
  await watcher.nothingElse('presence:online', 'presence:offline');
}));
