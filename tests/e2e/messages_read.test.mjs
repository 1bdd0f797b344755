// Read markers: they move up only, all sockets of the user follow, others in small channels are told now and then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';

const GENERAL = 'general';

async function inGeneral(server, user, { caps } = {}) {
  const client = await Client.open(server, user, caps ? { auth: { token: tokenOf(user), caps } } : {});
  await client.join(GENERAL);
  return client;
}

async function speak(speaker, count) {
  for (let i = 0; i < count; i += 1) await speaker.say(GENERAL, String(i));
}

const mark = (client, seq) => client.must('channel:read', { channelId: GENERAL, seq });
const unread = async (server, user) => (await rest(server, user).get(`/channels/${GENERAL}/unread`)).json.data;

test('given what others, he himself and nobody any more said, then unread counts what others said', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const bob = await inGeneral(server, 'bob');
    await speak(alice, 3);
    await speak(bob, 2);
    const { messageId } = await alice.say(GENERAL, 'oops');
    await alice.must('message:delete', { messageId });
    assert.deepEqual(await unread(server, 'bob'), { channelId: GENERAL, lastSeq: 6, modSeq: 7, readSeq: 0, unread: 3 });
    assert.deepEqual((await unread(server, 'alice')).unread, 2);
    assert.deepEqual(await mark(bob, 2), { ok: true, channelId: GENERAL, seq: 2, unread: 1 });
    assert.deepEqual((await unread(server, 'bob')).unread, 1);
    assert.equal((await bob.join(GENERAL)).readSeq, 2);
  }));

test('given a marker, when an older place is marked or one beyond the end, then it stays, or stops at the last message', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    await speak(alice, 4);
    const bob = await inGeneral(server, 'bob');
    assert.equal((await mark(bob, 3)).seq, 3);
    assert.equal((await mark(bob, 1)).seq, 3);
    assert.deepEqual((await mark(bob, 1000)), { ok: true, channelId: GENERAL, seq: 4, unread: 0 });
  }));

for (const [way, markIt] of [
  ['over the socket', (bob, server, seq) => mark(bob, seq)],
  ['over REST', async (bob, server, seq) => {
    const { status, json } = await rest(server, 'bob').post(`/channels/${GENERAL}/read`, { seq });
    assert.deepEqual([status, json.data.readSeq], [200, seq]);
  }],
]) {
  test(`given several sockets of a user, when a marker moves ${way}, then the others are told once, with what is unread`, () =>
    withServer({}, async (server) => {
      const alice = await inGeneral(server, 'alice');
      const bob = await inGeneral(server, 'bob');
      const elsewhere = await Client.open(server, 'bob');
      await speak(alice, 3);
      await markIt(bob, server, 2);
      assert.deepEqual(await elsewhere.next('channel:read'), { channelId: GENERAL, seq: 2, unread: 1 });
      await mark(bob, 2);
      await mark(bob, 1);
      await mark(bob, 3);
      assert.deepEqual(await elsewhere.next('channel:read'), { channelId: GENERAL, seq: 3, unread: 0 });
      await messageFence(GENERAL, alice, bob);
      assert.equal(elsewhere.all('channel:read').length, 2);
      assert.deepEqual(alice.all('channel:read'), [], 'a client that does not ask for receipts gets none');
    }));
}

test('given clients that ask for receipts, when others read, then they are told at once, then at most once a second', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice', { caps: ['seq'] });
    const bob = await inGeneral(server, 'bob', { caps: ['seq'] });
    await speak(alice, 9);
    const begun = performance.now();
    for (let seq = 1; seq <= 9; seq += 1) await mark(bob, seq);
    await alice.next('channel:read', { userId: 'bob', seq: 9 });
    const receipts = alice.all('channel:read');
    const batches = 2 + Math.floor((performance.now() - begun) / 1000);
    assert.ok(receipts.length <= batches, `${receipts.length} receipts\n${alice.story()}`);
    assert.deepEqual(receipts[0], { channelId: GENERAL, userId: 'bob', seq: 1 });
    assert.deepEqual(bob.all('channel:read'), [], 'nobody gets a receipt of his own');
  }));

test('given a channel of more than fifty members, when somebody reads, then nobody else is told', () =>
  withServer({}, async (server) => {
    for (let i = 0; i < 49; i += 1) await rest(server, `member${i}`).get('/users/me');
    const alice = await inGeneral(server, 'alice', { caps: ['seq'] });
    const bob = await inGeneral(server, 'bob');
    const small = await makeChannel(server, 'alice', { name: 'small', members: ['bob'] });
    await alice.join(small);
    await alice.say(GENERAL, 'hello');
    await alice.say(small, 'hello');
    await mark(bob, 1);
    await bob.must('channel:read', { channelId: small, seq: 1 });
    await alice.next('channel:read', { channelId: small, userId: 'bob', seq: 1 });
    assert.equal(alice.all('channel:read').length, 1, alice.story());
  }));

test('given a socket that has left, then it gets no receipts of the channel any more', () => withServer({}, async (server) => {
  const alice = await inGeneral(server, 'alice', { caps: ['seq'] });
  const carol = await inGeneral(server, 'carol', { caps: ['seq'] });
  const bob = await inGeneral(server, 'bob');
  await bob.say(GENERAL, 'hello');
  await alice.must('channel:leave', { channelId: GENERAL });
  await mark(bob, 1);
  await carol.next('channel:read', { userId: 'bob' });
  await alice.barrier();
  assert.deepEqual(alice.all('channel:read'), []);
}));

test('given a channel that one may not read, then nothing of it can be marked or counted', () => withServer({}, async (server) => {
  const secret = await makeChannel(server, 'alice', { name: 'secret' });
  const bob = await Client.open(server, 'bob');
  for (const [channelId, status, code] of [[secret, 403, 'NOT_CHANNEL_MEMBER'], ['nowhere', 404, 'CHANNEL_NOT_FOUND']]) {
    const { error } = await bob.ask('channel:read', { channelId, seq: 1 });
    assert.deepEqual([error.status, error.code], [status, code]);
    assertProblem(await rest(server, 'bob').post(`/channels/${channelId}/read`, { seq: 1 }), status, code);
    assertProblem(await rest(server, 'bob').get(`/channels/${channelId}/unread`), status, code);
  }
}));

for (const seq of [undefined, null, -1, 1.5, '1', { $gt: 0 }]) {
  test(`POST read with seq ${JSON.stringify(seq)} is VALIDATION_FAILED and names seq`, () => withServer({}, async (server) => {
    const answer = await rest(server, 'alice').post(`/channels/${GENERAL}/read`, { seq });
    assert.deepEqual(assertProblem(answer, 422, 'VALIDATION_FAILED').errors.map(({ field }) => field), ['seq']);
  }));
}

test('a marker outlives a kill', () => withServer({}, async (server) => {
  const alice = await inGeneral(server, 'alice');
  await speak(alice, 3);
  const bob = await inGeneral(server, 'bob');
  await mark(bob, 2);
  await server.kill();
  await server.restart();
  assert.deepEqual(await unread(server, 'bob'), { channelId: GENERAL, lastSeq: 3, modSeq: 3, readSeq: 2, unread: 1 });
}));
