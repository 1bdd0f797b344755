// Saying things by HTTP, reading single messages, and the places of a history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { history, makeChannel, removeMember } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';
const MESSAGES = `/channels/${GENERAL}/messages`;

/** POST as `user`, with headers such as Idempotency-Key. */
const post = (server, user, body, headers = {}, path = MESSAGES) =>
  request(server, `/api/v1${path}`, { method: 'POST', user, body, headers });

async function speak(server, count) {
  const ids = [];
  for (let i = 1; i <= count; i += 1) ids.push((await post(server, 'alice', { content: String(i) })).json.data.id);
  return ids;
}

const contents = ({ json }) => json.data.map(({ content }) => content);

test('given sockets in a channel, when a message is posted, then they get it as from a socket, once', () =>
  withServer({}, async (server) => {
    const bob = await Client.open(server, 'bob');
    const tab = await Client.open(server, 'alice');
    for (const client of [bob, tab]) await client.join(GENERAL);
    const { status, json } = await post(server, 'alice', { content: ' Hello @bob ', clientMsgId: 'c-1' });
    assert.equal(status, 201);
    assert.deepEqual([json.success, json.duplicate], [true, false]);
    const { id, seq, modSeq, createdAt, mentions, content } = json.data;
    assert.deepEqual([content, mentions], ['Hello @bob', ['bob']]);
    for (const client of [bob, tab]) {
      assert.deepEqual(await client.next('message:new'), { messageId: id, channelId: GENERAL, senderId: 'alice',
        senderName: 'Alice', content, createdAt, seq, prevSeq: seq - 1, rev: 1, modSeq, mentions, clientMsgId: 'c-1' });
    }
    await messageFence(GENERAL, bob, tab);
    assert.equal(tab.all('message:new').length, 2);
  }));

test('given a user who types, when he posts a message, then his typing ends after it', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  for (const client of [alice, bob]) await client.join(GENERAL);
  alice.emit('channel:typing', { channelId: GENERAL });
  await bob.next('channel:typing', { userId: 'alice' });
  await post(server, 'alice', { content: 'done' });
  await bob.next('channel:stop_typing', { userId: 'alice' });
  const order = bob.log.map(({ event }) => event);
  assert.ok(order.indexOf('message:new') < order.indexOf('channel:stop_typing'), bob.story());
}));

test('given an Idempotency-Key, when the request is repeated, then the answer is the same and nobody is told again', () =>
  withServer({}, async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const key = { 'idempotency-key': 'k-1' };
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(server, 'alice', { content: 'once' }, key)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(answers.filter(({ json }) => !json.duplicate).length, 1);
    for (const { json } of answers) assert.deepEqual(json.data, answers[0].json.data);
    const alice = await Client.open(server, 'alice');
    assert.equal((await alice.say(GENERAL, 'once', { clientMsgId: 'k-1' })).duplicate, true, 'the key is the clientMsgId');
    await messageFence(GENERAL, bob);
    assert.equal(bob.all('message:new').length, 2);
    assertProblem(await post(server, 'alice', { content: 'other' }, key), 409, 'IDEMPOTENCY_KEY_REUSED');
    assert.equal((await post(server, 'carol', { content: 'other' }, key)).json.duplicate, false);
  }));

test('given a key and a clientMsgId that differ, or a key of no use, then the request is refused', () =>
  withServer({}, async (server) => {
    for (const [body, key] of [[{ content: 'x', clientMsgId: 'a' }, 'b'], [{ content: 'x' }, 'k'.repeat(129)],
      [{ content: 'x' }, '']]) {
      const problem = assertProblem(await post(server, 'alice', body, { 'idempotency-key': key }), 422, 'VALIDATION_FAILED');
      assert.equal(problem.errors[0].field, 'clientMsgId');
    }
    assert.deepEqual(await history(server, 'alice', GENERAL), []);
  }));

for (const content of [undefined, null, 7, '', '  ', { $ne: null }, 'x'.repeat(4001)]) {
  test(`POST with the content ${JSON.stringify(content)?.slice(0, 12)} is VALIDATION_FAILED and names content`, () =>
    withServer({}, async (server) => {
      const problem = assertProblem(await post(server, 'alice', { content }), 422, 'VALIDATION_FAILED');
      assert.deepEqual(problem.errors.map(({ field }) => field), ['content']);
    }));
}

test('given a channel that one may not see, then posting, reading a message and changing it are refused as elsewhere', () =>
  withServer({}, async (server) => {
    const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
    const mine = (await post(server, 'bob', { content: 'mine' }, {}, `/channels/${secret}/messages`)).json.data;
    const bob = rest(server, 'bob');
    assert.equal((await bob.get(`/messages/${mine.id}`)).json.data.content, 'mine');
    await removeMember(server, 'alice', secret, 'bob');
    assertProblem(await post(server, 'bob', { content: 'x' }, {}, `/channels/${secret}/messages`), 403, 'NOT_CHANNEL_MEMBER');
    assertProblem(await bob.get(`/messages/${mine.id}`), 403, 'NOT_CHANNEL_MEMBER');
    assertProblem(await bob.patch(`/messages/${mine.id}`, { content: 'x' }), 403, 'NOT_CHANNEL_MEMBER');
    assertProblem(await bob.delete(`/messages/${mine.id}`), 403, 'NOT_CHANNEL_MEMBER');
    assertProblem(await post(server, 'bob', { content: 'x' }, {}, '/channels/nowhere/messages'), 404, 'CHANNEL_NOT_FOUND');
    assert.deepEqual((await history(server, 'alice', secret)).map(({ content }) => content), ['mine']);
  }));

test('GET of a message shows it as history does, and none once it is deleted', () => withServer({}, async (server) => {
  const [id] = await speak(server, 1);
  const api = rest(server, 'bob');
  const [shown] = (await api.get(MESSAGES)).json.data;
  assert.deepEqual((await api.get(`/messages/${id}`)).json, { success: true, data: shown });
  await rest(server, 'alice').delete(`/messages/${id}`);
  for (const gone of [id, '0'.repeat(24), "' or 1=1"]) {
    assertProblem(await api.get(`/messages/${encodeURIComponent(gone)}`), 404, 'MESSAGE_NOT_FOUND');
  }
}));

test('around gives a message with its neighbours, newest first', () => withServer({}, async (server) => {
  const ids = await speak(server, 9);
  const api = rest(server, 'alice');
  assert.deepEqual(contents(await api.get(`${MESSAGES}?around=${ids[4]}&limit=5`)), ['7', '6', '5', '4', '3']);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?around=${ids[8]}&limit=3`)), ['9', '8', '7']);
  const problem = assertProblem(await api.get(`${MESSAGES}?around=${ids[4]}&before=${ids[2]}`), 422, 'VALIDATION_FAILED');
  assert.equal(problem.errors[0].field, 'around');
}));

test('includeDeleted shows the deleted ones blank', () => withServer({}, async (server) => {
  const [id] = await speak(server, 2);
  const api = rest(server, 'alice');
  await api.delete(`/messages/${id}`);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?includeDeleted=true`)), ['2', '']);
  assert.equal((await api.get(`${MESSAGES}?includeDeleted=true`)).json.data[1].isDeleted, true);
  assert.deepEqual(contents(await api.get(`${MESSAGES}?includeDeleted=false`)), ['2']);
}));

test('a cursor leads on from its page in both directions, and nowhere in another channel', () =>
  withServer({}, async (server) => {
    await speak(server, 9);
    const api = rest(server, 'alice');
    const page = await api.get(`${MESSAGES}?limit=3&before=${(await api.get(`${MESSAGES}?limit=2`)).json.meta.nextCursor}`);
    assert.deepEqual(contents(page), ['7', '6', '5']);
    const { nextCursor, prevCursor } = page.json.meta;
    assert.deepEqual(contents(await api.get(`${MESSAGES}?limit=2&before=${nextCursor}`)), ['4', '3']);
    assert.deepEqual(contents(await api.get(`${MESSAGES}?limit=1&after=${prevCursor}`)), ['8']);
    const other = await makeChannel(server, 'alice', { name: 'other' });
    for (const name of ['before', 'after', 'around']) {
      for (const cursor of [nextCursor, 'c1.AAAAAAAA', `${nextCursor}x`]) {
        const answer = await api.get(`/channels/${other}/messages?${name}=${cursor}`);
        assert.equal(assertProblem(answer, 422, 'VALIDATION_FAILED').errors[0].field, name);
      }
    }
  }));

test('given the tag of a history, then it is not sent again until something changes', () => withServer({}, async (server) => {
  const [id] = await speak(server, 2);
  const get = (tag) => request(server, `/api/v1${MESSAGES}`, { user: 'alice', headers: tag ? { 'if-none-match': tag } : {} });
  let { headers: { etag }, json } = await get();
  assert.match(etag, /^W\/"[^"]+"$/);
  assert.equal(json.meta.modSeq, 2);
  for (const change of [
    () => post(server, 'bob', { content: 'new' }),
    () => rest(server, 'alice').patch(`/messages/${id}`, { content: 'one' }),
    () => rest(server, 'alice').delete(`/messages/${id}`),
  ]) {
    const same = await get(etag);
    assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', etag]);
    assert.equal((await get(`"x", ${etag}`)).status, 304);
    await change();
    const fresh = await get(etag);
    assert.equal(fresh.status, 200);
    assert.notEqual(fresh.headers.etag, etag);
    ({ etag } = fresh.headers);
  }
}));

test('given thousands of messages at once from one socket, then its later ones are refused and what was acknowledged is there', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    const replies = await Promise.all(Array.from({ length: 3000 }, (_, i) =>
      alice.ask('message:send', { channelId: GENERAL, content: String(i) })));
    const said = replies.filter(({ ok }) => ok);
    const refused = replies.filter(({ ok }) => !ok);
    assert.ok(refused.length > 0, 'a bound was met');
    for (const { error } of refused) assert.deepEqual([error.status, error.code], [429, 'RATE_LIMITED']);
    await bob.say(GENERAL, 'meanwhile');
    const kept = new Set((await history(server, 'bob', GENERAL)).map(({ messageId }) => messageId));
    assert.equal(kept.size, said.length + 1);
    for (const { messageId } of said) assert.ok(kept.has(messageId));
  }));
