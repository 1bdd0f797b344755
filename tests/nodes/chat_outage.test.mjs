// The Redis goes, hangs and comes back: each node goes on by itself, nobody is said to have gone, and all is made good afterwards.
// ATRIUM_OUTAGE: for how many seconds it is away; longer than a node's lease, which is 10 s.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'redis';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { history, makeChannel } from '../e2e/support/rooms.mjs';
import { EventStream } from '../e2e/support/sse.mjs';
import {
  DEATH_MS, GENERAL, assertToldSince, eventually, lengthsOf, listed, pause, presenceFences, shows, told, withCluster,
} from './support/chat.mjs';

const OUTAGE_MS = 1000 * Number(process.env.ATRIUM_OUTAGE ?? 12);
/** Nobody waits for a Redis that is not there. */
const PROMPT_MS = 2000;

async function promptly(what, work) {
  const since = performance.now();
  const done = await work();
  assert.ok(performance.now() - since < PROMPT_MS, `${what} took ${performance.now() - since} ms`);
  return done;
}

/** Two on each node, who are in both channels, and observers of presence of both kinds. */
async function people(cluster) {
  const plans = await makeChannel(cluster.nodes[0], 'alice', { name: 'plans', type: 'public' });
  const people = {};
  for (const [i, user] of [[0, 'alice'], [0, 'anna'], [1, 'bob'], [1, 'ben']]) {
    people[user] = await cluster.inChannel(i, user);
    await people[user].join(plans);
  }
  const observers = [people.anna, people.ben, await cluster.openV2(0, 'a2'), await cluster.openV2(1, 'b2')];
  const all = ['alice', 'anna', 'bob', 'ben', 'a2', 'b2'];
  for (const observer of observers) for (const user of all) if (user !== observer.user) await told(observer, user, 'online');
  await messageFence(GENERAL, people.alice, ...Object.values(people));
  await messageFence(plans, people.bob, ...Object.values(people));
  return { ...people, plans, observers, all };
}

/** Typing and messages of each are heard by the other, on the other node. */
async function assertTogether(one, other) {
  for (const [typist, reader] of [[one, other], [other, one]]) {
    typist.emit('channel:typing', { channelId: GENERAL });
    await reader.next('channel:typing', { userId: typist.user });
    await messageFence(GENERAL, typist, reader);
    await reader.next('channel:stop_typing', { userId: typist.user });
  }
}

/** Nobody of `all`, who stay where they are, was said to have come or gone since, neither in the workspace nor in a channel. */
function assertNobodyMoved(lengths, observers, all) {
  assertToldSince(lengths, observers, all, []);
  for (const [i, observer] of observers.entries()) {
    const moves = observer.log.slice(lengths[i]).filter(({ event, data }) => /^channel:user_/.test(event) && all.includes(data.userId));
    assert.deepEqual(moves.map(({ event, data }) => [event, data]), [], `${observer.name}\n${observer.story()}`);
  }
}

/** Each heard everything in the channel in order, once, and of each message what it is now, also where it was changed. */
async function assertNoGap(cluster, channelId, clients) {
  const now = (await history(cluster.nodes[0], 'alice', channelId)).map(({ seq, content }) => [seq, content]);
  for (const client of clients) {
    const view = new ChannelView();
    for (const entry of client.log) if (entry.data?.channelId === channelId) view.apply(entry);
    assert.deepEqual([...view.messages].map(([seq, { content }]) => [seq, content]), now, client.name);
  }
}

test('given a Redis that is restarted and has forgotten all, then nobody is told of anybody who stays, and all crosses again', () =>
  withCluster({}, async (cluster) => {
    const { alice, bob, observers, all } = await people(cluster);
    const before = lengthsOf(observers);
    await cluster.redis.restart();
    await cluster.are('ok');
    await assertTogether(alice, bob);
    await presenceFences(cluster, observers);
    // Once more, when whatever the nodes do now and then has been done.
    await pause(4000);
    await presenceFences(cluster, observers);
    assertNobodyMoved(before, observers, all);
    const everybody = [...all].sort();
    for (const [i, node] of cluster.nodes.entries()) {
      await eventually(async () => JSON.stringify(Object.keys(await listed(node, 'alice')).sort()) === JSON.stringify(everybody),
        'all are listed');
      const newcomer = await cluster.open(i, `newcomer${i}`);
      for (const user of all) await newcomer.next('presence:online', { userId: user });
      newcomer.leave();
    }
    // Those of the other node can still go, once.
    bob.leave();
    for (const observer of observers) await told(observer, 'bob', 'offline');
    await presenceFences(cluster, observers);
    assertToldSince(before, observers, ['bob'], ['offline']);
  }));

test(`given a Redis that is away for ${OUTAGE_MS / 1000} s, then each node goes on by itself, and all is made good when it is back`, () =>
  withCluster({}, async (cluster) => {
    const { alice, anna, bob, ben, plans, observers, all } = await people(cluster);
    const dave = await cluster.open(1, 'dave');
    for (const observer of observers) await told(observer, 'dave', 'online');
    const before = lengthsOf(observers);
    await cluster.redis.stop();
    const since = performance.now();
    await cluster.are('degraded', cluster.nodes, DEATH_MS);

    dave.leave();
    await told(ben, 'dave', 'offline');
    await cluster.open(0, 'eve');
    await told(anna, 'eve', 'online');
    await alice.must('presence:status', { status: 'dnd' });
    while (performance.now() - since < OUTAGE_MS) {
      for (const [channelId, speaker, listener] of [[GENERAL, alice, anna], [plans, bob, ben]]) {
        await promptly('a message and its typing', async () => {
          speaker.emit('channel:typing', { channelId });
          await listener.next('channel:typing', { channelId, userId: speaker.user });
          const { messageId } = await speaker.say(channelId, 'by ourselves');
          await listener.next('message:new', { messageId });
          await listener.next('channel:stop_typing', { channelId, userId: speaker.user });
        });
      }
      await pause(1100);  // who starts more often is held back
    }
    assertNobodyMoved(before, observers, all);

    await cluster.redis.restart();
    await cluster.are('ok');
    await messageFence(GENERAL, alice, anna, bob, ben);
    await messageFence(plans, bob, alice, anna, ben);
    for (const channelId of [GENERAL, plans]) await assertNoGap(cluster, channelId, [alice, anna, bob, ben]);
    await assertTogether(alice, bob);
    for (const observer of observers) {
      if (observer !== ben) await told(observer, 'dave', 'offline');
      if (observer !== anna) await told(observer, 'eve', 'online');
    }
    for (const observer of observers.filter(({ view }) => view)) await shows(observer, 'alice', 'dnd');
    await presenceFences(cluster, observers);
    assertNobodyMoved(before, observers, all);
    assertToldSince(before, observers, ['dave'], ['offline']);
    assertToldSince(before, observers, ['eve'], ['online']);
    const here = [...all, 'eve'].sort();
    for (const node of cluster.nodes) assert.deepEqual(Object.keys(await listed(node, 'alice')).sort(), here);
  }));

test('given one channel that both nodes speak in while the Redis is away, then each hears all of it in order, once, in the end', () =>
  withCluster({}, async (cluster) => {
    const { alice, anna, bob, ben } = await people(cluster);
    await cluster.redis.stop();
    await cluster.are('degraded', cluster.nodes, DEATH_MS);
    for (let i = 0; i < 10; i += 1) {
      for (const speaker of [alice, bob]) {
        const { messageId } = await speaker.say(GENERAL, `${i}`);
        await speaker.next('message:new', { messageId });
        if (i % 3 === 2) await speaker.must('message:edit', { messageId, content: `${i} edited` });
      }
    }
    await cluster.redis.restart();
    await cluster.are('ok');
    for (const speaker of [alice, bob]) await messageFence(GENERAL, speaker, alice, anna, bob, ben);
    await assertNoGap(cluster, GENERAL, [alice, anna, bob, ben]);
  }));

test('given a Redis that hangs, then nobody waits for it, and when it goes on, all crosses again and nobody has gone', () =>
  withCluster({}, async (cluster) => {
    const { alice, anna, bob, observers, all } = await people(cluster);
    const before = lengthsOf(observers);
    cluster.redis.pause();
    try {
      const isDegraded = cluster.are('degraded', cluster.nodes, 25_000).then(() => true);
      for (let over = false; !over; over = await Promise.race([isDegraded, pause(300).then(() => false)])) {
        await promptly('a message', async () => {
          const { messageId } = await alice.say(GENERAL, 'while it hangs');
          await anna.next('message:new', { messageId });
        });
      }
      await promptly('coming and going', async () => {
        const eve = await cluster.open(0, 'eve');
        await told(anna, 'eve', 'online');
        eve.leave();
        await told(anna, 'eve', 'offline');
      });
    } finally {
      cluster.redis.resume();
    }
    await cluster.are('ok');
    await assertTogether(alice, bob);
    await presenceFences(cluster, observers);
    assertNobodyMoved(before, observers, all);
    await assertNoGap(cluster, GENERAL, [alice, anna, bob]);
  }));

test('given connections to the Redis that are cut again and again, then each message comes once, and nobody is told of anybody', () =>
  withCluster({}, async (cluster) => {
    const { alice, anna, bob, ben, observers, all } = await people(cluster);
    const before = lengthsOf(observers);
    const operator = await createClient({ url: cluster.redis.url }).connect();
    try {
      for (let round = 0; round < 6; round += 1) {
        const said = [alice, bob].flatMap((speaker) => Array.from({ length: 10 }, () => speaker.say(GENERAL, 'on and on')));
        await operator.sendCommand(['CLIENT', 'KILL', 'SKIPME', 'yes']);
        await Promise.all(said);
        await alice.must('message:edit', { messageId: (await said[0]).messageId, content: 'and changed' });
        await cluster.are('ok');
      }
    } finally {
      await operator.quit();
    }
    for (const speaker of [alice, bob]) await messageFence(GENERAL, speaker, alice, anna, bob, ben);
    await assertNoGap(cluster, GENERAL, [alice, anna, bob, ben]);
    await assertTogether(alice, bob);
    await presenceFences(cluster, observers);
    assertNobodyMoved(before, observers, all);
  }));

test('given a typist on the other node, when the Redis goes, then her typing ends all the same, and once', () =>
  withCluster({ flags: ['--typing-ttl', '4000'] }, async (cluster) => {
    const { alice, bob } = await people(cluster);
    alice.emit('channel:typing', { channelId: GENERAL });
    await bob.next('channel:typing', { userId: 'alice' });
    await cluster.redis.stop();
    alice.emit('channel:stop_typing', { channelId: GENERAL });
    await bob.next('channel:stop_typing', { userId: 'alice' });
    await cluster.redis.restart();
    await cluster.are('ok');
    await assertTogether(alice, bob);
    assert.equal(bob.all('channel:stop_typing').length, 2, bob.story());
  }));

test('live figures say that they are of one node alone while the Redis is away', () => withCluster({}, async (cluster) => {
  const stream = await EventStream.open(cluster.nodes[0], '/api/v1/workspaces/default/stats/live', 'alice');
  assert.ok(!(await stream.next('stats:update')).json.degraded);
  await cluster.redis.stop();
  await stream.next('stats:update', ({ degraded }) => degraded === true, 25_000);
  await cluster.redis.restart();
  await stream.next('stats:update', ({ degraded }) => !degraded, 25_000);
}));
