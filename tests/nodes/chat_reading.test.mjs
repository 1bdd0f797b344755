// What one has read, and what goes on, in a cluster: markers, receipts and the live streams know of all nodes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageFence } from '../e2e/support/fences.mjs';
import { rest } from '../e2e/support/http.mjs';
import { addMember, makeChannel, removeMember } from '../e2e/support/rooms.mjs';
import { EventStream } from '../e2e/support/sse.mjs';
import { GENERAL, withCaps, withCluster } from './support/chat.mjs';

const STATS = '/api/v1/workspaces/default/stats/live';
const ACTIVITY = '/api/v1/workspaces/default/activity/live';

const mark = (client, seq) => client.must('channel:read', { channelId: GENERAL, seq });
const unread = async (node, user) => (await rest(node, user).get(`/channels/${GENERAL}/unread`)).json.data;

async function speak(speaker, count) {
  for (let i = 0; i < count; i += 1) await speaker.say(GENERAL, String(i));
}

for (const [way, markIt] of [
  ['over the socket', (bob, node, seq) => mark(bob, seq)],
  ['over REST', async (bob, node, seq) => {
    assert.equal((await rest(node, 'bob').post(`/channels/${GENERAL}/read`, { seq })).status, 200);
  }],
]) {
  test(`given sockets of a user on two nodes, when a marker moves ${way}, then those of the other node are told once`,
    () => withCluster({}, async (cluster) => {
      const alice = await cluster.inChannel(1, 'alice');
      const bob = await cluster.inChannel(0, 'bob');
      const elsewhere = [await cluster.open(0, 'bob'), await cluster.open(1, 'bob')];
      await speak(alice, 3);
      await bob.next('message:new', { seq: 3 });
      await markIt(bob, cluster.nodes[0], 2);
      for (const one of elsewhere) assert.deepEqual(await one.next('channel:read'), { channelId: GENERAL, seq: 2, unread: 1 });
      // Neither the same place nor an older one is news; the next one shows that nothing came of them.
      await mark(elsewhere[1], 2);
      await mark(elsewhere[1], 1);
      await mark(bob, 3);
      for (const one of elsewhere) assert.deepEqual(await one.next('channel:read'), { channelId: GENERAL, seq: 3, unread: 0 });
      for (const one of elsewhere) assert.equal(one.all('channel:read').length, 2, one.story());
      for (const node of cluster.nodes) assert.deepEqual((await unread(node, 'bob')).unread, 0);
      assert.deepEqual(alice.all('channel:read'), [], 'a client that does not ask for receipts gets none');
    }));
}

test('given a client that asks for receipts, when others read on the other node, then it is told, and they are not',
  () => withCluster({}, async (cluster) => {
    const alice = await cluster.inChannel(0, 'alice', GENERAL, withCaps('alice', 'seq'));
    const bob = await cluster.inChannel(1, 'bob', GENERAL, withCaps('bob', 'seq'));
    const plain = await cluster.inChannel(0, 'carol');
    await speak(alice, 9);
    await bob.next('message:new', { seq: 9 });
    const begun = performance.now();
    for (let seq = 1; seq <= 9; seq += 1) await mark(bob, seq);
    await alice.next('channel:read', { userId: 'bob', seq: 9 });
    const receipts = alice.all('channel:read');
    const batches = 2 + Math.floor((performance.now() - begun) / 1000);
    assert.ok(receipts.length <= batches, `${receipts.length} receipts\n${alice.story()}`);
    assert.ok(receipts.every(({ channelId, userId }) => channelId === GENERAL && userId === 'bob'), alice.story());
    await messageFence(GENERAL, bob, alice, plain);
    for (const client of [bob, plain]) assert.deepEqual(client.all('channel:read'), [], client.story());
  }));

test('given a socket that has left a channel, when somebody reads there on the other node, then it gets no receipt',
  () => withCluster({}, async (cluster) => {
    const [alice, carol] = [await cluster.inChannel(0, 'alice', GENERAL, withCaps('alice', 'seq')),
      await cluster.inChannel(0, 'carol', GENERAL, withCaps('carol', 'seq'))];
    const bob = await cluster.inChannel(1, 'bob');
    await speak(bob, 1);
    await alice.must('channel:leave', { channelId: GENERAL });
    await mark(bob, 1);
    await carol.next('channel:read', { userId: 'bob', seq: 1 });
    await alice.barrier();
    assert.deepEqual(alice.all('channel:read'), []);
  }));

test('given the live figures of one node, when people come, type, speak and go on the other, then they tell of it',
  () => withCluster({ flags: ['--presence-grace', '0'] }, async (cluster) => {
    const streams = [];
    for (const node of cluster.nodes) streams.push(await EventStream.open(node, STATS, 'reader'));
    const both = (wanted) => Promise.all(streams.map((stream) => stream.next('stats:update', wanted)));
    await both(({ onlineUsersCount }) => onlineUsersCount === 0);
    const alice = await cluster.inChannel(0, 'alice');
    await both(({ onlineUsersCount }) => onlineUsersCount === 1);
    const bob = await cluster.inChannel(1, 'bob');
    await both(({ onlineUsersCount }) => onlineUsersCount === 2);
    const elsewhere = await cluster.open(1, 'alice');
    await bob.must('channel:typing', { channelId: GENERAL });
    await both(({ onlineUsersCount, typingUsers }) => onlineUsersCount === 2 && typingUsers === 1);
    await bob.say(GENERAL, 'one');
    await alice.say(GENERAL, 'two');
    await both(({ typingUsers, messagesPerMin }) => typingUsers === 0 && messagesPerMin === 2);
    await elsewhere.must('presence:status', { status: 'dnd' });
    await both(({ dnd, onlineUsersCount }) => dnd === 1 && onlineUsersCount === 2);
    bob.leave();
    await both(({ onlineUsersCount }) => onlineUsersCount === 1);
    alice.leave();
    elsewhere.leave();
    await both(({ onlineUsersCount, dnd }) => onlineUsersCount === 0 && dnd === 0);
  }));

test('given connections on two nodes, then the live figures of each count them all', () => withCluster({}, async (cluster) => {
  for (const i of [0, 0, 1]) await cluster.open(i, 'alice');
  await cluster.open(1, 'bob');
  for (const node of cluster.nodes) {
    const stream = await EventStream.open(node, STATS, 'bob');
    await stream.next('stats:update', ({ onlineUsersCount, connections }) => onlineUsersCount === 2 && connections === 4);
  }
}));

/** What came of messages and members until the message has come, as [event, id]. */
async function heardUntil(stream, messageId) {
  const heard = [];
  while (heard.at(-1)?.[1] !== messageId) {
    const { event, json } = await stream.any();
    if (/^(message|member):/.test(event ?? '')) heard.push([event, json.messageId ?? json.userId]);
  }
  return heard;
}

test('given the live activity of one node, when things happen on the other, then it tells of each once, in order, to those who may know',
  () => withCluster({}, async (cluster) => {
    const secret = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret', members: ['bob'] });
    const alice = await cluster.open(1, 'alice');
    const [bob, carol] = await Promise.all(['bob', 'carol'].map((user) => EventStream.open(cluster.nodes[0], ACTIVITY, user)));
    for (const stream of [bob, carol]) await stream.next('activity:ready');
    const one = await alice.say(GENERAL, 'the words themselves');
    await alice.must('message:edit', { messageId: one.messageId, content: 'other words' });
    await alice.must('message:delete', { messageId: one.messageId });
    const hidden = await alice.say(secret, 'psst');
    await addMember(cluster.nodes[1], 'alice', secret, 'dave');
    await removeMember(cluster.nodes[1], 'alice', secret, 'dave');
    const last = await alice.say(GENERAL, 'the last words');
    const changes = ['new', 'edited', 'deleted'].map((change) => [`message:${change}`, one.messageId]);
    const ofGeneral = (heard) => heard.filter(([, id]) => [one.messageId, last.messageId].includes(id));
    const ofSecret = (heard) => heard.filter(([, id]) => [hidden.messageId, 'dave'].includes(id));
    const [toBob, toCarol] = [await heardUntil(bob, last.messageId), await heardUntil(carol, last.messageId)];
    assert.deepEqual(toCarol, [...changes, ['message:new', last.messageId]]);
    assert.deepEqual(ofGeneral(toBob), toCarol);
    // Of two channels, each has its order; the last message of the other one need not be the last.
    if (ofSecret(toBob).length < 3) {
      await alice.say(secret, 'fence').then(async ({ messageId }) => toBob.push(...await heardUntil(bob, messageId)));
    }
    assert.deepEqual(ofSecret(toBob), [['message:new', hidden.messageId], ['member:added', 'dave'], ['member:removed', 'dave']]);
  }));
