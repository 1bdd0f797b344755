// What goes on in a workspace over server-sent events: of channels that the reader sees, and from where it left off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { addMember, makeChannel, removeMember } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';

const LIVE = '/api/v1/workspaces/default/activity/live';
const GENERAL = 'general';

async function open(server, user, lastId) {
  const stream = await EventStream.open(server, LIVE, user, lastId ? { 'last-event-id': lastId } : {});
  stream.ready = await stream.next('activity:ready');
  return stream;
}

/** Everything of the channels until a message of this content's sender has come, as [event, messageId]. */
async function until(stream, messageId) {
  const seen = [];
  for (;;) {
    const next = await stream.any();
    if (!next.event?.startsWith('message:') && !next.event?.startsWith('member:')) continue;
    seen.push(next);
    if (next.event === 'message:new' && next.json.messageId === messageId) return seen;
  }
}

const names = (events) => events.map(({ event, json }) => [event, json.messageId ?? json.userId]);

for (const shards of ['1', '2']) {
  const on = { flags: ['--shards', shards] };

  test(`given a reader, when messages come and change, then it is told of each, in order, without its words (${shards})`,
    () => withServer(on, async (server) => {
      const alice = await Client.open(server, 'alice');
      const stream = await open(server, 'bob');
      assert.equal(stream.retry, '3000');
      assert.equal(stream.ready.json.resumed, false);
      const one = await alice.say(GENERAL, 'the words themselves');
      await alice.must('message:edit', { messageId: one.messageId, content: 'other words' });
      await alice.must('message:delete', { messageId: one.messageId });
      const two = await alice.say(GENERAL, 'the last words');
      const events = await until(stream, two.messageId);
      assert.deepEqual(names(events), [
        ['message:new', one.messageId], ['message:edited', one.messageId], ['message:deleted', one.messageId],
        ['message:new', two.messageId],
      ]);
      const { json } = events[0];
      assert.deepEqual({ ...json, timestamp: null }, {
        workspaceId: 'default', channelId: GENERAL, messageId: one.messageId, senderId: 'alice', senderName: 'Alice', seq: one.seq,
        rev: 1, timestamp: null,
      });
      assert.ok(!JSON.stringify(events).includes('words'));
    }));

  test(`given a reader that comes again, when it names the last event, then it is told what came after, once (${shards})`,
    () => withServer(on, async (server) => {
      const alice = await Client.open(server, 'alice');
      const first = await open(server, 'bob');
      const one = await alice.say(GENERAL, 'one');
      const [seen] = await until(first, one.messageId);
      first.close();
      const two = await alice.say(GENERAL, 'two');
      const three = await alice.say(GENERAL, 'three');
      const again = await open(server, 'bob', seen.id);
      assert.equal(again.ready.json.resumed, true);
      const four = await alice.say(GENERAL, 'four');
      assert.deepEqual(names(await until(again, four.messageId)),
        [two, three, four].map(({ messageId }) => ['message:new', messageId]));
    }));

  test(`given a private channel, then only its members are told of it (${shards})`, () => withServer(on, async (server) => {
    const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
    const alice = await Client.open(server, 'alice');
    const [member, other] = [await open(server, 'bob'), await open(server, 'carol')];
    const hidden = await alice.say(secret, 'psst');
    const open_ = await alice.say(GENERAL, 'hello');
    assert.deepEqual(names(await until(member, open_.messageId)), [['message:new', hidden.messageId], ['message:new', open_.messageId]]);
    assert.deepEqual(names(await until(other, open_.messageId)), [['message:new', open_.messageId]]);
  }));
}

test('given members who come and go, then those who see the channel are told', () => withServer({}, async (server) => {
  const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
  const alice = await Client.open(server, 'alice');
  const [member, other] = [await open(server, 'bob'), await open(server, 'dave')];
  await addMember(server, 'alice', secret, 'carol');
  await removeMember(server, 'alice', secret, 'carol');
  const last = await alice.say(GENERAL, 'done');
  const events = await until(member, last.messageId);
  assert.deepEqual(names(events), [['member:added', 'carol'], ['member:removed', 'carol'], ['message:new', last.messageId]]);
  assert.equal(events[0].json.channelId, secret);
  assert.deepEqual(names(await until(other, last.messageId)), [['message:new', last.messageId]]);
}));

test('given a removal from a channel, when the reader comes again, then it is not told what was said there before', () =>
  withServer({}, async (server) => {
    const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
    const alice = await Client.open(server, 'alice');
    const first = await open(server, 'bob');
    const stays = await open(server, 'alice');
    const from = first.ready.id;
    first.close();
    await alice.say(secret, 'while he was in');
    await removeMember(server, 'alice', secret, 'bob');
    const after = await alice.say(secret, 'now that he has gone');
    await until(stays, after.messageId);
    const again = await open(server, 'bob', from);
    assert.equal(again.ready.json.resumed, true);
    const last = await alice.say(GENERAL, 'for everybody');
    assert.deepEqual(names(await until(again, last.messageId)), [['message:new', last.messageId]]);
  }));

for (const id of ['from-another-life', '0', '']) {
  test(`given the last event '${id}', which nobody knows, then the reader is told that something may have been missed`,
    () => withServer({}, async (server) => {
      const stream = await open(server, 'bob', id);
      assert.equal(stream.ready.json.resumed, false);
    }));
}

test('given a server that was started again, then the ids of before are not its own', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const first = await open(server, 'bob');
  const one = await alice.say(GENERAL, 'one');
  const [seen] = await until(first, one.messageId);
  await server.kill();
  await server.restart();
  assert.equal((await open(server, 'bob', seen.id)).ready.json.resumed, false);
}));

test('given an event of before, when nothing came since, then the reader is up to date', () => withServer({}, async (server) => {
  const first = await open(server, 'bob');
  first.close();
  assert.equal((await open(server, 'bob', first.ready.id)).ready.json.resumed, true);
}));

test('given a stranger to the workspace, then there is no stream', () => withServer({ flags: ['--auto-join', 'off'] }, async (server) => {
  assertProblem(await request(server, LIVE, { user: 'stranger' }), 404, 'WORKSPACE_NOT_FOUND');
  assertProblem(await request(server, LIVE), 401, 'UNAUTHORIZED');
}));

test('given HTTP alone, when a message is changed that way, then readers are told too', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const { messageId } = await alice.say(GENERAL, 'one');
  const stream = await open(server, 'bob');
  await rest(server, 'alice').patch(`/messages/${messageId}`, { content: 'two' });
  await rest(server, 'alice').delete(`/messages/${messageId}`);
  const last = await alice.say(GENERAL, 'three');
  assert.deepEqual(names(await until(stream, last.messageId)).slice(0, 2), [['message:edited', messageId], ['message:deleted', messageId]]);
}));

test('a stream that is quiet says every fifteen seconds that it is alive', () => withServer({}, async (server) => {
  const stream = await open(server, 'bob');
  await stream.commented(20_000);
  assert.deepEqual(stream.comments, ['keep-alive']);
}));
