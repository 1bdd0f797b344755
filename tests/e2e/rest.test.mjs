// The REST interface: history in pages, edits and deletions with their guards, channels and members, and one shape of error.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { defaultWorkspace, history, makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { claimsOf, now, sign, tokenOf } from './support/token.mjs';

const MESSAGES = '/channels/general/messages';

/** Alice says `1` to `count` in general; returns the acknowledgements. */
async function speak(server, count) {
  const alice = await Client.open(server, 'alice');
  const acks = [];
  for (let i = 1; i <= count; i += 1) acks.push(await alice.say('general', String(i)));
  return acks;
}

const contents = ({ json }) => json.data.map(({ content }) => content);

test('history is newest first, with every field of a message', () => withServer({}, async (server) => {
  const [first, second] = await speak(server, 2);
  const { status, headers, json } = await rest(server, 'bob').get(MESSAGES);
  assert.equal(status, 200);
  assert.match(headers['content-type'], /^application\/json/);
  assert.equal(json.success, true);
  assert.deepEqual(json.data.map(({ id }) => id), [second.messageId, first.messageId]);
  const { createdAt, updatedAt, ...message } = json.data[1];
  assert.equal(createdAt, first.createdAt);
  assert.equal(new Date(updatedAt).toISOString(), updatedAt);
  assert.equal(typeof message.rev, 'number');
  delete message.rev;
  assert.equal(message.modSeq, first.modSeq);
  delete message.modSeq;
  const id = first.messageId;
  assert.deepEqual(message, {
    _id: id, id, messageId: id, channelId: 'general', senderId: 'alice', senderName: 'Alice', content: '1', seq: first.seq,
    isEdited: false, isDeleted: false, mentions: [],
  });
}));

test('an empty channel has an empty history', () => withServer({}, async (server) => {
  const { json } = await rest(server, 'alice').get(MESSAGES);
  assert.deepEqual(json.data, []);
  assert.equal(json.meta.hasMore, false);
}));

test('limit is 50 unless given, and meta tells it', () => withServer({}, async (server) => {
  const acks = await speak(server, 52);
  const { json } = await rest(server, 'alice').get(MESSAGES);
  assert.equal(json.data.length, 50);
  assert.deepEqual([json.meta.limit, json.meta.hasMore, json.meta.lastSeq], [50, true, acks.at(-1).seq]);
}));

test('before gives the messages just below, after those just above', () => withServer({}, async (server) => {
  const acks = await speak(server, 9);
  const api = rest(server, 'alice');
  const id = (n) => acks[n - 1].messageId;
  assert.deepEqual(contents(await api.get(`${MESSAGES}?before=${id(6)}&limit=3`)), ['5', '4', '3']);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?after=${id(3)}&limit=3`)), ['6', '5', '4']);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?before=${id(1)}`)), []);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?after=${id(9)}`)), []);
}));

for (const limit of [1, 4, 7, 100]) {
  test(`following the cursor with limit ${limit} visits every message once`, () => withServer({}, async (server) => {
    await speak(server, 14);
    const all = await history(server, 'alice', 'general', limit);
    assert.deepEqual(all.map(({ content }) => content), Array.from({ length: 14 }, (_, i) => String(i + 1)));
  }));
}

test('messages that come while one pages neither repeat nor hide an older one', () => withServer({}, async (server) => {
  await speak(server, 6);
  const api = rest(server, 'alice');
  const first = await api.get(`${MESSAGES}?limit=3`);
  await speak(server, 3);
  const second = await api.get(`${MESSAGES}?limit=3&before=${encodeURIComponent(first.json.meta.nextCursor)}`);
  assert.deepEqual([contents(first), contents(second)], [['6', '5', '4'], ['3', '2', '1']]);
}));

test('a deleted message is no longer in the history, and still serves as a cursor', () => withServer({}, async (server) => {
  const acks = await speak(server, 3);
  const api = rest(server, 'alice');
  await api.delete(`/messages/${acks[1].messageId}`);
  assert.deepEqual(contents(await api.get(MESSAGES)), ['3', '1']);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?before=${acks[1].messageId}`)), ['1']);
}));

const BAD_QUERIES = ['before=nonsense', 'after=nonsense', `before=${'0'.repeat(24)}`,
  'limit=0', 'limit=101', 'limit=many', 'limit=-1'];

for (const query of BAD_QUERIES) {
  test(`history with ${query} is VALIDATION_FAILED and names the field`, () => withServer({}, async (server) => {
    await speak(server, 1);
    const problem = assertProblem(await rest(server, 'alice').get(`${MESSAGES}?${query}`), 422, 'VALIDATION_FAILED');
    assert.equal(problem.errors[0].field, query.split('=')[0]);
    assert.equal(typeof problem.errors[0].message, 'string');
  }));
}

test('another channel\'s message is no cursor', () => withServer({}, async (server) => {
  const channelId = await makeChannel(server, 'alice', { name: 'other' });
  const [{ messageId }] = await speak(server, 1);
  const answer = await rest(server, 'alice').get(`/channels/${channelId}/messages?before=${messageId}`);
  assertProblem(answer, 422, 'VALIDATION_FAILED');
}));

test('PATCH answers with the edited message', () => withServer({}, async (server) => {
  const [{ messageId }] = await speak(server, 1);
  const { status, json } = await rest(server, 'alice').patch(`/messages/${messageId}`, { content: 'one' });
  assert.equal(status, 200);
  assert.equal(json.success, true);
  assert.deepEqual([json.data.id, json.data.content, json.data.isEdited], [messageId, 'one', true]);
}));

test('DELETE answers with no data and a word, also the second time', () => withServer({}, async (server) => {
  const [{ messageId }] = await speak(server, 1);
  for (let i = 0; i < 2; i += 1) {
    const { status, json } = await rest(server, 'alice').delete(`/messages/${messageId}`);
    assert.equal(status, 200);
    assert.deepEqual(json, { success: true, data: null, message: 'Message deleted' });
  }
}));

test('PATCH and DELETE of somebody else\'s message are refused', () => withServer({}, async (server) => {
  const [{ messageId }] = await speak(server, 1);
  const bob = rest(server, 'bob');
  assertProblem(await bob.patch(`/messages/${messageId}`, { content: 'x' }), 403, 'NOT_MESSAGE_AUTHOR');
  assertProblem(await bob.delete(`/messages/${messageId}`), 403, 'NOT_MESSAGE_AUTHOR');
}));

test('PATCH of a deleted message, and of none, is MESSAGE_NOT_FOUND', () => withServer({}, async (server) => {
  const [{ messageId }] = await speak(server, 1);
  const api = rest(server, 'alice');
  await api.delete(`/messages/${messageId}`);
  for (const id of [messageId, '0'.repeat(24), 'x']) {
    assertProblem(await api.patch(`/messages/${id}`, { content: 'back' }), 404, 'MESSAGE_NOT_FOUND');
  }
}));

for (const [what, body] of Object.entries({
  'an empty content': { content: '' },
  'no content': {},
  'a number as content': { content: 7 },
  'an operator object as content': { content: { $ne: null } },
  'null as content': { content: null },
  '4001 code points': { content: 'x'.repeat(4001) },
})) {
  test(`PATCH with ${what} is VALIDATION_FAILED and names content`, () => withServer({}, async (server) => {
    const [{ messageId }] = await speak(server, 1);
    const answer = await rest(server, 'alice').patch(`/messages/${messageId}`, body);
    const problem = assertProblem(answer, 422, 'VALIDATION_FAILED');
    assert.deepEqual(problem.errors.map(({ field }) => field), ['content']);
  }));
}

for (const [body, status] of [['{"content":', 400], ['', 400], ['[]', 422], ['"text"', 422], ['null', 422]]) {
  test(`PATCH with the body ${body || '(empty)'} is refused with ${status}`, () => withServer({}, async (server) => {
    const [{ messageId }] = await speak(server, 1);
    const answer = await request(server, `/api/v1/messages/${messageId}`,
      { method: 'PATCH', user: 'alice', body, headers: { 'content-type': 'application/json' } });
    assertProblem(answer, status);
    assert.deepEqual((await history(server, 'alice', 'general')).map(({ content }) => content), ['1']);
  }));
}

test('a problem has the members of RFC 9457 and the original\'s', () => withServer({}, async (server) => {
  const path = `/messages/${'0'.repeat(24)}`;
  const problem = assertProblem(await rest(server, 'alice').delete(path), 404, 'MESSAGE_NOT_FOUND');
  assert.equal(problem.instance, `/api/v1${path}`);
  assert.equal(problem.message, problem.code);
}));

for (const prefix of ['/api/v1', '']) {
  const where = prefix || 'no prefix';

  test(`${where}: the whole life of a message`, () => withServer({}, async (server) => {
    const [{ messageId }] = await speak(server, 1);
    const api = rest(server, 'alice', prefix);
    assert.equal((await api.get(MESSAGES)).json.data[0].id, messageId);
    assert.equal((await api.patch(`/messages/${messageId}`, { content: 'one' })).json.data.content, 'one');
    assert.equal((await api.delete(`/messages/${messageId}`)).status, 200);
  }));

  for (const [method, path] of [
    ['GET', '/users/me'], ['GET', '/workspaces'], ['GET', '/workspaces/default/members'],
    ['GET', '/workspaces/default/channels'],
    ['POST', '/workspaces/default/channels'], ['GET', '/channels/general'], ['GET', MESSAGES], ['PATCH', '/messages/x'],
    ['POST', MESSAGES], ['GET', '/messages/x'], ['GET', '/channels/general/changes'], ['GET', '/channels/general/unread'],
    ['POST', '/channels/general/read'],
    ['DELETE', '/messages/x'], ['POST', '/channels/general/members'], ['GET', '/workspaces/default/stats/live'],
  ]) {
    test(`${where}: ${method} ${path} without a token is UNAUTHORIZED`, () => withServer({}, async (server) => {
      const problem = assertProblem(await request(server, prefix + path, { method }), 401, 'UNAUTHORIZED');
      assert.equal(problem.instance, prefix + path);
    }));
  }
}

test('401 says how to authenticate', () => withServer({}, async (server) => {
  assert.match((await request(server, '/api/v1/users/me')).headers['www-authenticate'] ?? '', /^Bearer\b/);
}));

test('forged, expired and malformed tokens are UNAUTHORIZED', () => withServer({}, async (server) => {
  const tokens = [
    sign(claimsOf('alice'), { secret: 'some other secret of more than thirty-two bytes' }),
    tokenOf('alice', { exp: now() - 3600 }), 'abc', '', `${tokenOf('alice')}x`,
  ];
  for (const token of tokens) assertProblem(await request(server, '/api/v1/users/me', { token }), 401, 'UNAUTHORIZED');
}));

test('the cookie access_token is as good as the header', () => withServer({}, async (server) => {
  const headers = { cookie: `theme=dark; access_token=${tokenOf('alice')}; x=y` };
  const { status, json } = await request(server, '/api/v1/users/me', { headers });
  assert.equal(status, 200);
  assert.deepEqual([json.data.id, json.data.name, json.data.email], ['alice', 'Alice', 'alice@vibed.dev']);
}));

test('healthz needs no token', () => withServer({}, async (server) => {
  const { status, json } = await request(server, '/healthz');
  assert.deepEqual([status, json], [200, { status: 'ok' }]);
}));
