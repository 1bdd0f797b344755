// Whatever is sent, on every route and every event: it is refused with a 4xx that says why, never with a 5xx, and what belongs
// to somebody else is answered in the very words of what does not exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request } from './support/http.mjs';
import { known, makeChannel, makeWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { emailOf } from './support/token.mjs';

const ALONE = { flags: ['--auto-join', 'off'] };

/** Every route that takes something: its ids (in the path) and its body with a good value for each member. */
const ROUTES = [
  ['POST', '/workspaces', { name: 'Fresh', slug: 'fresh', description: 'd', logoUrl: 'https://example.com' }],
  ['GET', '/workspaces/:workspace'],
  ['PATCH', '/workspaces/:workspace', { name: 'Fresh', slug: 'fresh', description: 'd', logoUrl: 'https://example.com' }],
  ['DELETE', '/workspaces/:workspace'],
  ['POST', '/workspaces/:workspace/invite', { email: emailOf('bob'), role: 'member' }],
  ['GET', '/workspaces/:workspace/members'],
  ['PATCH', '/workspaces/:workspace/members/:user', { role: 'admin' }],
  ['DELETE', '/workspaces/:workspace/members/:user'],
  ['POST', '/workspaces/:workspace/leave'],
  ['GET', '/workspaces/:workspace/presence'],
  ['GET', '/workspaces/:workspace/stats/live'],
  ['GET', '/workspaces/:workspace/channels'],
  ['POST', '/workspaces/:workspace/channels', { name: 'fresh', description: 'd', type: 'private', userId: 'bob' }],
  ['GET', '/channels/:channel'],
  ['PATCH', '/channels/:channel', { name: 'fresh', description: 'd' }],
  ['DELETE', '/channels/:channel'],
  ['POST', '/channels/:channel/members', { userId: 'bob' }],
  ['DELETE', '/channels/:channel/members/:user'],
  ['POST', '/channels/:channel/leave'],
  ['GET', '/channels/:channel/messages'],
  ['PATCH', '/messages/:message', { content: 'changed' }],
  ['DELETE', '/messages/:message'],
];

/** Alice's own things, with all that the paths name. */
async function things(server) {
  const workspace = await makeWorkspace(server, 'alice', 'acme', { bob: 'member' });
  const channel = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'], workspace });
  const alice = await Client.open(server, 'alice');
  const { messageId: message } = await alice.say(channel, 'mine');
  return { workspace, channel, message, user: 'bob', alice };
}

const fill = (path, ids) => path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(ids[name]));
const call = (server, method, path, body, user) => request(server, `/api/v1${path}`, { method, body, user });

function assertRefused(answer, what) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what} -> ${answer.status} ${answer.text}`);
  assertProblem(answer, answer.status);
}

const STRANGE_IDS = ['nowhere', '0'.repeat(24), '{"$ne":null}', '[$ne]', "' OR '1'='1", '%', '*', '\u0000', 'a\u0000b', '🦉',
  'x'.repeat(4000), '../../x', 'ws:default', 'undefined', 'null', '__proto__'];

for (const [method, path, body] of ROUTES.filter(([, p]) => p.includes(':'))) {
  test(`${method} ${path}: strange ids find nothing and break nothing`, () => withServer(ALONE, async (server) => {
    const good = await things(server);
    for (const name of [...path.matchAll(/:(\w+)/g)].map((match) => match[1])) {
      for (const id of STRANGE_IDS) {
        const answer = await call(server, method, fill(path, { ...good, [name]: id }), body, 'alice');
        assertRefused(answer, `${name}=${id.slice(0, 30)}`);
      }
      // Octets that are no text at all.
      const raw = path.replace(`:${name}`, '%ff%c3%28').replace(/:(\w+)/g, (_, other) => good[other]);
      assertRefused(await call(server, method, raw, body, 'alice'), `${name} of raw octets`);
    }
  }));
}

const WRONG = [0, 42, -1.5, true, [], ['a'], {}, { $ne: null }, { $gt: '' }, { toString: 1 }];
// A text where not every text will do; each is refused or, where it is but a text, taken as it stands.
const TOO_LONG = 'x'.repeat(20_000);

for (const [method, path, body] of ROUTES.filter(([, , b]) => b)) {
  test(`${method} ${path}: a member of a wrong type is VALIDATION_FAILED and named, and changes nothing`, () =>
    withServer(ALONE, async (server) => {
      const good = await things(server);
      for (const field of Object.keys(body)) {
        for (const value of WRONG) {
          const answer = await call(server, method, fill(path, good), { ...body, [field]: value }, 'alice');
          const problem = assertProblem(answer, 422, 'VALIDATION_FAILED');
          assert.deepEqual(problem.errors.map((error) => error.field), [field], JSON.stringify(value));
        }
      }
      const { json } = await call(server, 'GET', fill('/workspaces/:workspace', good), undefined, 'alice');
      assert.deepEqual([json.data.name, json.data.slug], ['acme', 'acme']);
      assert.deepEqual((await call(server, 'GET', '/workspaces', undefined, 'alice')).json.meta.total, 1);
    }));

  test(`${method} ${path}: a text that is far too long, or has a null character, is refused`, () =>
    withServer(ALONE, async (server) => {
      const good = await things(server);
      for (const field of Object.keys(body)) {
        if (body.type && field === 'userId') continue;  // means something in direct channels only
        assertRefused(await call(server, method, fill(path, good), { ...body, [field]: TOO_LONG }, 'alice'), field);
        // What people say may be any text.
        if (field !== 'content') assertRefused(await call(server, method, fill(path, good), { ...body, [field]: 'a\u0000b' }, 'alice'), field);
      }
    }));

  test(`${method} ${path}: a body that is no JSON object is refused`, () => withServer(ALONE, async (server) => {
    const good = await things(server);
    const send = (text, type = 'application/json') => request(server, `/api/v1${fill(path, good)}`,
      { method, user: 'alice', body: text, headers: { 'content-type': type } });
    for (const text of ['', 'null', '[]', '"x"', '7', '{', '{"a":', '\u0000', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      '['.repeat(5000)]) {
      assertRefused(await send(text), String(text).slice(0, 20));
    }
    assertRefused(await send('name=x', 'application/x-www-form-urlencoded'), 'a form');
  }));
}

/** All that somebody can tell one answer from another by, once the ids that he sent himself are blanked. */
function told(answer, sent) {
  const blank = (text) => sent.reduce((rest, id) => rest.replaceAll(id, '<id>'), text);
  const { date, ...headers } = answer.headers;
  delete headers['x-request-id'];
  const { requestId, ...body } = answer.json;
  assert.equal(typeof requestId, 'string');
  return JSON.parse(blank(JSON.stringify({ status: answer.status, headers, body })));
}

for (const [method, path, body] of ROUTES.filter(([, p]) => p.includes(':'))) {
  test(`${method} ${path}: what is another tenant's is answered as what does not exist`, () =>
    withServer(ALONE, async (server) => {
      const theirs = await things(server);
      await makeWorkspace(server, 'mallory', 'hers');
      const never = { workspace: '1'.repeat(24), channel: '2'.repeat(24), message: '3'.repeat(24), user: 'bob' };
      const foreign = await call(server, method, fill(path, theirs), body, 'mallory');
      const absent = await call(server, method, fill(path, never), body, 'mallory');
      assert.equal(foreign.status, 404);
      assert.deepEqual(told(foreign, [theirs.workspace, theirs.channel, theirs.message]),
        told(absent, [never.workspace, never.channel, never.message]));
      await theirs.alice.nothingElse('message:new', 'presence:online', 'presence:offline');
    }));
}

test('a user of another tenant is answered as a user that does not exist', () => withServer(ALONE, async (server) => {
  const mine = await things(server);
  await known(server, 'zoe');
  for (const [method, path, body] of [
    ['POST', '/channels/:channel/members', (userId) => ({ userId })],
    ['POST', '/workspaces/:workspace/channels', (userId) => ({ type: 'direct', userId })],
    ['DELETE', '/channels/:channel/members/:user'], ['DELETE', '/workspaces/:workspace/members/:user'],
    ['PATCH', '/workspaces/:workspace/members/:user', () => ({ role: 'admin' })],
  ]) {
    const ask = (user) => call(server, method, fill(path, { ...mine, user }), body?.(user), 'alice');
    const foreign = await ask('zoe');
    assertProblem(foreign, 404, 'USER_NOT_FOUND');
    assert.deepEqual(told(foreign, ['zoe']), told(await ask('eoz'), ['eoz']), `${method} ${path}`);
  }
}));

/** Every event with its ids and a good payload. */
const EVENTS = {
  'channel:join': { channelId: ':channel' },
  'channel:leave': { channelId: ':channel' },
  'channel:typing': { channelId: ':channel' },
  'channel:stop_typing': { channelId: ':channel' },
  'message:send': { channelId: ':channel', content: 'hi' },
  'message:edit': { messageId: ':message', content: 'changed' },
  'message:delete': { messageId: ':message' },
};
const payloadOf = (event, ids) => Object.fromEntries(Object.entries(EVENTS[event]).map(([key, value]) =>
  [key, value.startsWith(':') ? ids[value.slice(1)] : value]));

for (const event of Object.keys(EVENTS)) {
  test(`${event}: what is another tenant's is answered as what does not exist`, () => withServer(ALONE, async (server) => {
    const theirs = await things(server);
    const mallory = await Client.open(server, 'mallory');
    await theirs.alice.join(theirs.channel);
    theirs.alice.forget();
    const never = { channel: '2'.repeat(24), message: '3'.repeat(24) };
    const answers = [];
    for (const ids of [theirs, never]) {
      const reply = await mallory.ask(event, payloadOf(event, ids));
      await mallory.barrier();
      const errors = mallory.untaken('error');
      mallory.forget();
      const text = JSON.stringify({ reply, errors });
      answers.push(text.replaceAll(ids.channel, '<id>').replaceAll(ids.message, '<id>'));
    }
    assert.equal(answers[0], answers[1]);
    assert.deepEqual(mallory.all('message:new'), []);
    await theirs.alice.nothingElse('presence:online', 'presence:offline');
  }));

  test(`${event}: strange ids and wrong types are refused, and the connection is unharmed`, () =>
    withServer(ALONE, async (server) => {
      const good = await things(server);
      const { alice } = good;
      const wrong = [...STRANGE_IDS, ...WRONG];
      for (const field of Object.keys(EVENTS[event]).filter((name) => name.endsWith('Id'))) {
        for (const value of wrong) {
          const reply = await alice.ask(event, { ...payloadOf(event, good), [field]: value });
          // Leaving, and ending to type, where one is not, is right already.
          if (typeof value === 'string' && ['channel:leave', 'channel:stop_typing'].includes(event)) continue;
          assert.equal(reply.ok, false, `${field}=${JSON.stringify(value)}`);
          assert.ok(reply.error.status >= 400 && reply.error.status < 500, JSON.stringify(reply));
        }
      }
      assert.equal(alice.closed, undefined);
      await alice.join(good.channel);
    }));
}
