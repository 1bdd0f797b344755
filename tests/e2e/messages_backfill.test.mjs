// channel:join with sinceSeq or sinceMod: what was missed, then what comes, without a gap and without a repetition.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelView } from './support/channel_view.mjs';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { history, makeChannel, removeMember } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';

async function speak(speaker, count, from = 1) {
  const acks = [];
  for (let i = from; i < from + count; i += 1) acks.push(await speaker.say(GENERAL, String(i)));
  return acks;
}

const catchUp = (client, more) => client.must('channel:join', { channelId: GENERAL, ...more });
const messageEvents = (client) => client.log.filter(({ event }) => event.startsWith('message:')).map(({ event, data }) =>
  [event, data.seq]);

test('given five messages, when a client joins that knows two, then it gets the other three after the acknowledgement', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    await speak(alice, 5);
    const bob = await Client.open(server, 'bob');
    const ack = await catchUp(bob, { sinceSeq: 2 });
    assert.deepEqual(ack.backfill, { from: 3, to: 5, more: false, tooOld: false });
    assert.deepEqual([ack.lastSeq, ack.modSeq, ack.readSeq], [5, 5, 0]);
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(messageEvents(bob), [3, 4, 5, 6].map((seq) => ['message:new', seq]));
    const order = bob.log.map(({ event }) => event);
    assert.ok(order.indexOf('ack') < order.indexOf('message:new'), bob.story());
    assert.deepEqual(messageEvents(alice).filter(([, seq]) => seq <= 5).length, 5, 'nobody else is told again');
  }));

test('given nothing was missed, when a client joins with its last seq, then the backfill is empty', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    await speak(alice, 2);
    const bob = await Client.open(server, 'bob');
    const { backfill } = await catchUp(bob, { sinceSeq: 2 });
    assert.deepEqual(backfill, { from: 3, to: 2, more: false, tooOld: false });
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(messageEvents(bob), [['message:new', 3]]);
  }));

test('given a client that asks for nothing, when it joins, then no backfill is told', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await speak(alice, 2);
  const bob = await Client.open(server, 'bob');
  assert.equal((await bob.join(GENERAL)).backfill, undefined);
  await bob.barrier();
  assert.deepEqual(messageEvents(bob), []);
}));

test('given a deleted message among the missed, when a client joins, then it is told the deletion in its place', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const acks = await speak(alice, 3);
    await alice.must('message:edit', { messageId: acks[0].messageId, content: 'one' });
    await alice.must('message:delete', { messageId: acks[1].messageId });
    const bob = await Client.open(server, 'bob');
    await catchUp(bob, { sinceSeq: 0 });
    await bob.next('message:new', { seq: 3 });
    assert.deepEqual(messageEvents(bob), [['message:new', 1], ['message:deleted', 2], ['message:new', 3]]);
    const [first] = bob.all('message:new');
    assert.deepEqual([first.content, first.rev, first.modSeq], ['one', 2, 4]);
  }));

test('given 250 missed messages, when a client joins, then it gets the first 200 and is told that there are more', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    await Promise.all(Array.from({ length: 250 }, (_, i) => alice.say(GENERAL, String(i))));
    const bob = await Client.open(server, 'bob');
    const ack = await catchUp(bob, { sinceSeq: 0 });
    assert.deepEqual([ack.lastSeq, ack.backfill], [250, { from: 1, to: 200, more: true, tooOld: false }]);
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(messageEvents(bob).map(([, seq]) => seq), [...Array.from({ length: 200 }, (_, i) => i + 1), 251]);
    // The rest is to be had by HTTP, from where the backfill ended up to where live began.
    const { json } = await rest(server, 'bob').get(`/channels/${GENERAL}/changes?since=200&limit=50`);
    assert.deepEqual(json.data.map(({ seq }) => seq), Array.from({ length: 50 }, (_, i) => i + 201));
  }));

test('given a client that knows more than there is, when it joins, then it is told to begin anew', () =>
  withServer({}, async (server) => {
    const bob = await Client.open(server, 'bob');
    for (const since of [{ sinceSeq: 10 }, { sinceMod: 10 }]) assert.equal((await catchUp(bob, since)).backfill.tooOld, true);
  }));

test('given edits and deletions of old messages, when a client joins with sinceMod, then it is told each as what it is to it', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const acks = await speak(alice, 3);
    const { modSeq: since } = acks[2];
    await alice.must('message:edit', { messageId: acks[0].messageId, content: 'one' });
    const fourth = await alice.say(GENERAL, '4');
    await alice.must('message:delete', { messageId: acks[1].messageId });
    await alice.must('message:edit', { messageId: fourth.messageId, content: 'four' });
    const bob = await Client.open(server, 'bob');
    const ack = await catchUp(bob, { sinceMod: since });
    assert.deepEqual(ack.backfill, { from: since + 1, to: 7, more: false, tooOld: false });
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(messageEvents(bob),
      [['message:edited', 1], ['message:deleted', 2], ['message:new', 4], ['message:new', 5]]);
    assert.equal(bob.all('message:new')[0].content, 'four');
  }));

for (const shards of [1, 4]) {
  test(`given a burst from several senders, when clients join with sinceSeq in the midst of it, then none has a gap or a repetition (${shards} shards)`, () =>
    withServer({ flags: ['--shards', String(shards)] }, async (server) => {
      const senders = await Promise.all(Array.from({ length: 4 }, (_, i) => Client.open(server, `sender${i}`)));
      const joiners = await Promise.all(Array.from({ length: 24 }, (_, i) => Client.open(server, `joiner${i}`)));
      let going = true;
      const burst = senders.map(async (sender, s) => {
        const said = [];
        for (let i = 0; going || said.length === 0; i += 1) {
          const acks = await Promise.all(Array.from({ length: 3 }, (_, k) => sender.say(GENERAL, `${s} ${i} ${k}`)));
          said.push(...acks.map(({ messageId }) => messageId));
          await sender.ask('message:edit', { messageId: said[(i * 7) % said.length], content: `${s} ${i} edited` });
          if (i % 4 === 3) await sender.must('message:delete', { messageId: said[i] });
        }
      });
      // Each joins while the others go on speaking, from the last message that it can know of.
      const since = new Map();
      for (const [i, joiner] of joiners.entries()) {
        const { json } = await rest(server, joiner.user).get(`/channels/${GENERAL}/unread`);
        since.set(joiner, i % 3 === 0 ? 0 : Math.max(0, json.data.lastSeq - (i % 5)));
        const ack = await catchUp(joiner, { sinceSeq: since.get(joiner) });
        if (ack.backfill.more) since.set(joiner, undefined);
      }
      going = false;
      await Promise.all(burst);
      await messageFence(GENERAL, senders[0], ...joiners);
      const final = new Map((await history(server, 'sender0', GENERAL)).map((message) => [message.seq, message]));
      let followed = 0;
      for (const joiner of joiners) {
        if (since.get(joiner) === undefined) continue; // more than 200 were missed: another test's matter
        followed += 1;
        const view = ChannelView.of(joiner, since.get(joiner));
        assert.equal(view.last, Math.max(...final.keys()), joiner.name);
        for (const [seq, { content }] of view.messages) {
          if (seq > since.get(joiner)) assert.equal(content, final.get(seq)?.content ?? '', `${joiner.name} seq ${seq}`);
        }
      }
      assert.ok(followed > joiners.length / 2, `${followed} clients could be followed`);
    }));
}

test('given a client that is in, when it asks with sinceSeq again, then it is told the same again and nothing is doubled later', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    await speak(alice, 2);
    await bob.next('message:new', { seq: 2 });
    await catchUp(bob, { sinceSeq: 0 });
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(messageEvents(bob).map(([, seq]) => seq), [1, 2, 1, 2, 3]);
  }));

test('given messages of its own on the way, when a socket joins with sinceSeq, then it hears of each once', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const joined = catchUp(alice, { sinceSeq: 0 });
    for (let i = 0; i < 20; i += 1) alice.emit('message:send', { channelId: GENERAL, content: String(i) });
    await joined;
    await messageFence(GENERAL, alice);
    assert.deepEqual(alice.all('message:new').map(({ content }) => content).slice(0, 20),
      Array.from({ length: 20 }, (_, i) => String(i)).slice(0, 20), alice.story());
    assert.equal(ChannelView.of(alice, 0).last, 21);
  }));

test('given a private channel, when somebody joins with sinceSeq who was put out, then he is told nothing', () =>
  withServer({}, async (server) => {
    const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
    const alice = await Client.open(server, 'alice');
    await alice.say(secret, 'psst');
    await removeMember(server, 'alice', secret, 'bob');
    const bob = await Client.open(server, 'bob');
    const reply = await bob.ask('channel:join', { channelId: secret, sinceSeq: 0 });
    assert.equal(reply.error.code, 'NOT_CHANNEL_MEMBER');
    await bob.barrier();
    assert.deepEqual(messageEvents(bob), []);
  }));
