// Messages in a cluster: one order for all on every node, each told once, whatever node it was said on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { Client } from '../e2e/support/client.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { rest } from '../e2e/support/http.mjs';
import { Proxy } from '../e2e/support/proxy.mjs';
import { history, makeChannel } from '../e2e/support/rooms.mjs';
import { happens } from '../e2e/support/waiting.mjs';
import { GENERAL, eventually, presenceFences, presenceOf, withCluster } from './support/chat.mjs';

/** One on each node says something after all else: what was said in the channel before has been told by then. */
async function fences(channelId, speakers, observers) {
  for (const speaker of speakers) await messageFence(channelId, speaker, ...observers);
}

const idsOf = (messages) => messages.map(({ messageId, id }) => messageId ?? id);

test('given fifty senders on two nodes, when all speak at once, then each hears all in the order of the database, once',
  () => withCluster({}, async (cluster) => {
    const senders = await Promise.all(Array.from({ length: 50 }, (_, i) => cluster.inChannel(i % 2, `sender${i}`)));
    const listeners = [await cluster.inChannel(0, 'listener0'), await cluster.inChannel(1, 'listener1')];
    const acks = await Promise.all(senders.flatMap((sender, i) =>
      Array.from({ length: 4 }, (_, k) => sender.say(GENERAL, `${i} ${k}`))));
    assert.deepEqual(acks.map(({ seq }) => seq).sort((a, b) => a - b), Array.from({ length: 200 }, (_, i) => i + 1));
    await fences(GENERAL, senders.slice(0, 2), [...senders, ...listeners]);
    const stored = idsOf(await history(cluster.nodes[1], 'listener1', GENERAL));
    assert.equal(stored.length, 202);
    for (const client of [...senders, ...listeners]) {
      assert.equal(ChannelView.of(client, 0).last, 202, client.name);
      assert.deepEqual(idsOf(client.all('message:new')), stored, client.name);
    }
  }));

test('given a sender who has not joined, when he speaks on one node, then the echo comes to him once and the other node hears it',
  () => withCluster({}, async (cluster) => {
    const bob = await cluster.inChannel(1, 'bob');
    const outside = await cluster.open(0, 'alice');
    const { messageId } = await outside.say(GENERAL, 'from outside');
    assert.equal((await bob.next('message:new')).messageId, messageId);
    await messageFence(GENERAL, bob);
    await outside.barrier();
    assert.deepEqual(idsOf(outside.all('message:new')), [messageId]);
  }));

test('given edits and deletions on both nodes at once, then each hears every change in the order of modSeq, without a gap',
  () => withCluster({}, async (cluster) => {
    const authors = await Promise.all(Array.from({ length: 6 }, (_, i) => cluster.inChannel(i % 2, `author${i}`)));
    const listeners = [await cluster.inChannel(0, 'listener0'), await cluster.inChannel(1, 'listener1')];
    await Promise.all(authors.map(async (author, i) => {
      for (let k = 0; k < 4; k += 1) {
        const { messageId } = await author.say(GENERAL, `${i} ${k}`);
        await author.must('message:edit', { messageId, content: `${i} ${k} edited` });
        if (k % 2) await author.must('message:delete', { messageId });
      }
    }));
    await fences(GENERAL, authors.slice(0, 2), [...authors, ...listeners]);
    const { json } = await rest(cluster.nodes[0], 'listener0').get(`/channels/${GENERAL}/unread`);
    assert.equal(json.data.modSeq, 6 * (4 + 4 + 2) + 2);
    for (const client of [...authors, ...listeners]) {
      ChannelView.of(client, 0);
      const changes = client.log.filter(({ event }) => event.startsWith('message:')).map(({ data }) => data.modSeq);
      assert.deepEqual(changes, Array.from({ length: json.data.modSeq }, (_, i) => i + 1), client.name);
    }
  }));

test('given an edit over REST on one node, when its author is on the other, then he and the others there are told of it',
  () => withCluster({}, async (cluster) => {
    const [alice, bob] = [await cluster.inChannel(1, 'alice'), await cluster.inChannel(1, 'bob')];
    const { messageId } = await alice.say(GENERAL, 'one');
    assert.equal((await rest(cluster.nodes[0], 'alice').patch(`/messages/${messageId}`, { content: 'two' })).status, 200);
    for (const client of [alice, bob]) assert.equal((await client.next('message:edited', { messageId })).content, 'two');
    assert.equal((await rest(cluster.nodes[0], 'alice').delete(`/messages/${messageId}`)).status, 200);
    for (const client of [alice, bob]) await client.next('message:deleted', { messageId });
    await messageFence(GENERAL, alice, bob);
    for (const client of [alice, bob]) assert.equal(ChannelView.of(client, 0).last, 2);
  }));

test('given senders on one node, when clients join on the other with sinceSeq, then none has a gap or a repetition',
  () => withCluster({}, async (cluster) => {
    const senders = await Promise.all(Array.from({ length: 4 }, (_, i) => cluster.inChannel(0, `sender${i}`)));
    const joiners = await Promise.all(Array.from({ length: 12 }, (_, i) => cluster.open(1, `joiner${i}`)));
    let going = true;
    const burst = senders.map(async (sender, s) => {
      for (let i = 0; going; i += 1) {
        const { messageId } = await sender.say(GENERAL, `${s} ${i}`);
        if (i % 3 === 1) await sender.must('message:edit', { messageId, content: `${s} ${i} edited` });
        if (i % 5 === 4) await sender.must('message:delete', { messageId });
      }
    });
    const since = new Map();
    try {
      for (const [i, joiner] of joiners.entries()) {
        const { json } = await rest(cluster.nodes[1], joiner.user).get(`/channels/${GENERAL}/unread`);
        since.set(joiner, Math.max(0, json.data.lastSeq - 5 * i));
        const { backfill } = await joiner.must('channel:join', { channelId: GENERAL, sinceSeq: since.get(joiner) });
        assert.deepEqual([backfill.more, backfill.tooOld], [false, false]);
        await joiner.next('message:new');
      }
    } finally {
      going = false;
      await Promise.all(burst);
    }
    await messageFence(GENERAL, senders[0], ...joiners);
    const final = new Map((await history(cluster.nodes[0], 'sender0', GENERAL)).map((message) => [message.seq, message]));
    for (const joiner of joiners) {
      const view = ChannelView.of(joiner, since.get(joiner));
      assert.equal(view.last, Math.max(...final.keys()), joiner.name);
      for (const [seq, { content }] of view.messages) {
        if (seq > since.get(joiner)) assert.equal(content, final.get(seq)?.content ?? '', `${joiner.name} seq ${seq}`);
      }
    }
  }));

test('given a message, when its sender repeats it on the other node, then it is a duplicate and told to nobody again',
  () => withCluster({}, async (cluster) => {
    const observers = [await cluster.inChannel(0, 'bob'), await cluster.inChannel(1, 'carol')];
    const [first, second] = [await cluster.inChannel(0, 'alice'), await cluster.inChannel(1, 'alice')];
    const one = await first.say(GENERAL, 'once', { clientMsgId: 'c-1' });
    const two = await second.say(GENERAL, 'once', { clientMsgId: 'c-1' });
    assert.deepEqual([one.duplicate, two.duplicate, two.messageId, two.seq], [false, true, one.messageId, one.seq]);
    await fences(GENERAL, observers, [...observers, first]);
    for (const client of [...observers, first]) {
      assert.equal(client.all('message:new').filter(({ messageId }) => messageId === one.messageId).length, 1, client.story());
      assert.equal(ChannelView.of(client, 0).last, 3);
    }
    const other = await second.ask('message:send', { channelId: GENERAL, content: 'other', clientMsgId: 'c-1' });
    assert.equal(other.error?.code, 'IDEMPOTENCY_KEY_REUSED');
  }));

test('given one intention on both nodes at once, then one message comes of it, told once', () => withCluster({}, async (cluster) => {
  const observers = [await cluster.inChannel(0, 'bob'), await cluster.inChannel(1, 'carol')];
  const tabs = [await cluster.open(0, 'alice'), await cluster.open(1, 'alice')];
  for (let round = 0; round < 10; round += 1) {
    const acks = await Promise.all(tabs.map((tab) => tab.say(GENERAL, `round ${round}`, { clientMsgId: `c-${round}` })));
    assert.equal(acks.filter(({ duplicate }) => !duplicate).length, 1, JSON.stringify(acks));
    assert.equal(acks[0].messageId, acks[1].messageId);
  }
  await fences(GENERAL, observers, observers);
  for (const observer of observers) assert.equal(ChannelView.of(observer, 0).last, 12);
}));

test('given a channel that one node has said much in, when it is said something on the other, then numbers go on',
  () => withCluster({}, async (cluster) => {
    const channelId = await makeChannel(cluster.nodes[0], 'alice', { name: 'plans', members: ['bob'] });
    const alice = await cluster.inChannel(0, 'alice', channelId);
    for (let i = 0; i < 5; i += 1) await alice.say(channelId, `${i}`);
    const bob = await cluster.open(1, 'bob');
    assert.equal((await bob.join(channelId)).lastSeq, 5);
    assert.equal((await bob.say(channelId, 'mine')).seq, 6);
    assert.equal((await alice.say(channelId, 'yours')).seq, 7);
    await messageFence(channelId, bob, alice);
    assert.equal(ChannelView.of(alice, 0).last, 8);
    assert.equal(ChannelView.of(bob, 5).last, 8);
    // Whoever is told of it may read it, on either node.
    for (const node of cluster.nodes) {
      await eventually(async () => (await history(node, 'alice', channelId)).length === 8, 'all are in the history');
    }
  }));

test('given a client whose way leads to the other node after a cut, then it goes on there, misses nothing, and nobody is told', () =>
  withCluster({}, async (cluster) => {
    const way = { port: cluster.nodes[0].port, onEnd: (action) => cluster.nodes[0].onEnd(action) };
    const proxy = await Proxy.before(way);
    const observers = [await cluster.inChannel(0, 'bob'), await cluster.inChannel(1, 'carol')];
    await observers[0].next('channel:user_joined', { userId: 'carol' });
    const alice = await new Client(proxy, { user: 'alice', reconnection: true, reconnectionDelay: 50 }).ready();
    await alice.join(GENERAL);
    for (const observer of observers) await observer.next('channel:user_joined', { userId: 'alice' });
    await observers[0].say(GENERAL, 'before');
    await alice.next('message:new', { content: 'before' });
    const [lost, back] = [happens(alice.socket, 'disconnect'), happens(alice.socket.io, 'reconnect')];
    way.port = cluster.nodes[1].port;
    proxy.cut();
    await lost;
    await observers[0].say(GENERAL, 'meanwhile');
    await back;
    await eventually(() => alice.socket.connected, 'she is connected again');
    if (!alice.socket.recovered) {
      await alice.next('welcome');
      await alice.must('channel:join', { channelId: GENERAL, sinceSeq: 1 });
    }
    await fences(GENERAL, observers, [alice, ...observers]);
    assert.equal(ChannelView.of(alice, 0).last, 4, alice.story());
    await presenceFences(cluster, observers);
    for (const observer of observers) {
      assert.deepEqual(presenceOf(observer, 'alice'), ['online'], observer.story());
      assert.deepEqual([observer.untaken('channel:user_joined'), observer.untaken('channel:user_left')], [[], []], observer.story());
    }
  }));
