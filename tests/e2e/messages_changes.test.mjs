// modSeq: one count of all that changes in a channel, in events, in answers and in what GET changes tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';
const CHANGES = `/channels/${GENERAL}/changes`;

async function inGeneral(server, user) {
  const client = await Client.open(server, user);
  await client.join(GENERAL);
  return client;
}

test('given a new message, an edit and a deletion, then each event and each answer carries the next modSeq', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const { messageId, seq, modSeq } = await alice.say(GENERAL, 'helo');
    const edited = await alice.must('message:edit', { messageId, content: 'hello' });
    const deleted = await alice.must('message:delete', { messageId });
    assert.deepEqual([edited.modSeq, deleted.modSeq], [modSeq + 1, modSeq + 2]);
    assert.deepEqual([edited.seq, edited.rev, deleted.seq, deleted.rev], [seq, 2, seq, 3]);
    for (const [event, mod, rev] of [['message:new', modSeq, 1], ['message:edited', modSeq + 1, 2],
      ['message:deleted', modSeq + 2, 3]]) {
      const data = await alice.next(event);
      assert.deepEqual([data.seq, data.modSeq, data.rev], [seq, mod, rev], event);
    }
  }));

test('given an edit that changes nothing and a second deletion, then nothing is counted and nobody is told', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const { messageId, modSeq } = await alice.say(GENERAL, 'same');
    assert.equal((await alice.must('message:edit', { messageId, content: ' same ' })).modSeq, modSeq);
    await alice.must('message:delete', { messageId });
    assert.equal((await alice.must('message:delete', { messageId })).modSeq, modSeq + 1);
    await messageFence(GENERAL, alice);
    assert.deepEqual([alice.all('message:edited').length, alice.all('message:deleted').length], [0, 1]);
  }));

test('given changes since a modSeq, when they are asked for, then each message comes once, as it is, in their order', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const one = await alice.say(GENERAL, 'one');
    const two = await alice.say(GENERAL, 'two');
    await alice.must('message:edit', { messageId: one.messageId, content: 'uno' });
    const three = await alice.say(GENERAL, 'three');
    await alice.must('message:edit', { messageId: three.messageId, content: 'tre' });
    await alice.must('message:delete', { messageId: two.messageId });
    const api = rest(server, 'bob');
    const { json } = await api.get(`${CHANGES}?since=${two.modSeq}`);
    assert.deepEqual(json.data.map(({ change, seq, content, modSeq }) => [change, seq, content, modSeq]),
      [['edited', 1, 'uno', 3], ['new', 3, 'tre', 5], ['deleted', 2, '', 6]]);
    assert.deepEqual(json.meta, { limit: 100, hasMore: false, tooOld: false, nextSince: 6, lastSeq: 3, modSeq: 6 });
    assert.deepEqual((await api.get(`${CHANGES}?since=6`)).json.data, []);
    assert.deepEqual((await api.get(CHANGES)).json.data.length, 3);
  }));

test('given more changes than a page, when nextSince is followed, then every message is visited once', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    for (let i = 1; i <= 7; i += 1) await alice.say(GENERAL, String(i));
    const api = rest(server, 'alice');
    const seen = [];
    let since = 0;
    for (let more = true; more;) {
      const { json } = await api.get(`${CHANGES}?since=${since}&limit=3`);
      seen.push(...json.data.map(({ content }) => content));
      ({ nextSince: since, hasMore: more } = json.meta);
    }
    assert.deepEqual(seen, ['1', '2', '3', '4', '5', '6', '7']);
  }));

test('given a modSeq of elsewhere, when changes are asked for, then they are too old', () => withServer({}, async (server) => {
  const { json } = await rest(server, 'alice').get(`${CHANGES}?since=99`);
  assert.deepEqual([json.data, json.meta.tooOld, json.meta.nextSince], [[], true, 0]);
}));

for (const query of ['since=-1', 'since=x', 'limit=0', 'limit=501']) {
  test(`changes with ${query} is VALIDATION_FAILED and names the field`, () => withServer({}, async (server) => {
    const problem = assertProblem(await rest(server, 'alice').get(`${CHANGES}?${query}`), 422, 'VALIDATION_FAILED');
    assert.equal(problem.errors[0].field, query.split('=')[0]);
  }));
}

for (const [way, edit] of [
  ['over the socket', async (alice, server, messageId, content, ifRev) => {
    const reply = await alice.ask('message:edit', { messageId, content, ifRev });
    return reply.ok ? 200 : [reply.error.status, reply.error.code];
  }],
  ['over REST', async (alice, server, messageId, content, ifRev) => {
    const answer = await rest(server, 'alice').patch(`/messages/${messageId}`, { content, ifRev });
    return answer.status === 200 ? 200 : [answer.status, answer.json.code];
  }],
]) {
  test(`given two edits made for the same revision ${way}, then the second is a conflict and its repetition too`, () =>
    withServer({}, async (server) => {
      const alice = await inGeneral(server, 'alice');
      const { messageId } = await alice.say(GENERAL, 'one');
      assert.equal(await edit(alice, server, messageId, 'uno', 1), 200);
      for (let i = 0; i < 2; i += 1) {
        assert.deepEqual(await edit(alice, server, messageId, 'eins', 1), [409, 'REVISION_CONFLICT']);
      }
      assert.equal(await edit(alice, server, messageId, 'uno', 1), 200, 'what is so already is no conflict');
      assert.equal(await edit(alice, server, messageId, 'eins', 2), 200);
      await messageFence(GENERAL, alice);
      assert.deepEqual(alice.all('message:edited').map(({ content, rev }) => [content, rev]), [['uno', 2], ['eins', 3]]);
    }));
}

test('given names in a content, then those who may read the channel are its mentions, in events, history and changes', () =>
  withServer({}, async (server) => {
    const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
    await rest(server, 'carol').get('/users/me');
    const alice = await Client.open(server, 'alice');
    for (const [channelId, expected] of [[GENERAL, ['carol', 'bob']], [secret, ['bob']]]) {
      await alice.join(channelId);
      const { messageId } = await alice.say(channelId, 'see @Carol, @BOB. and @nobody or bob@carol');
      assert.deepEqual((await alice.next('message:new', { messageId })).mentions, expected);
      const { json } = await rest(server, 'alice').get(`/channels/${channelId}/messages`);
      assert.deepEqual(json.data[0].mentions, expected);
      await alice.must('message:edit', { messageId, content: 'only @alice' });
      assert.deepEqual((await alice.next('message:edited', { messageId })).mentions, ['alice']);
      await alice.must('message:delete', { messageId });
      const { json: { data } } = await rest(server, 'alice').get(`/channels/${channelId}/changes`);
      assert.deepEqual(data.at(-1).mentions, []);
    }
  }));
