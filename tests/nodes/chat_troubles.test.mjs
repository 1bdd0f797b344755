// What the others see when a node dies, hangs or is ended: who does not come back goes once, who does has never been away.
// ATRIUM_CROWD: how many people are on the node that dies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { assertStartsAndStopsAlternate } from '../e2e/support/typing.mjs';
import {
  DEATH_MS, GENERAL, assertToldSince, eventually, lengthsOf, listed, pause, presenceFences, presenceOf, told, withCaps, withCluster,
} from './support/chat.mjs';

const CROWD = Number(process.env.ATRIUM_CROWD ?? 60);
const DRAIN_MS = 20_000;

/** Runs `each` of all, sixteen at a time. */
async function together(all, each) {
  const waiting = [...all];
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (waiting.length) await each(waiting.shift());
  }));
}

test(`given a node with ${CROWD} users that is killed, when 60 % come to the others within 5 s, then the other 40 % go, once for each`,
  () => withCluster({ size: 3, flags: ['--presence-full-max', '5000'] }, async (cluster) => {
    const old = [await cluster.open(1, 'b'), await cluster.open(2, 'c')];
    const observers = [...old, await cluster.openV2(1, 'b2'), await cluster.openV2(2, 'c2')];
    const users = Array.from({ length: CROWD }, (_, i) => `user${i}`);
    const comeBack = users.filter((_, i) => i % 5 < 3);
    const stayAway = users.filter((_, i) => i % 5 >= 3);
    const open = (node, user) => cluster.open(node, user, withCaps(user, 'presence.v2'));
    await together(users, (user) => open(0, user));
    for (const observer of observers) for (const user of users) await told(observer, user, 'online');
    await presenceFences(cluster, observers);
    const before = lengthsOf(observers);

    const killed = performance.now();
    await cluster.nodes[0].kill();
    // As their clients do: some at once, the others bit by bit.
    await together(comeBack, async (user) => {
      const nth = comeBack.indexOf(user);
      await pause(killed + Math.max(0, nth - 8) * (3000 / comeBack.length) - performance.now());
      await open(1 + (nth % 2), user);
    });
    const back = performance.now() - killed;
    assert.ok(back < 5000, `no test: they were back after ${back} ms`);
    await Promise.all(observers.map(async (observer) => {
      for (const user of stayAway) await told(observer, user, 'offline', Math.max(1, killed + DEATH_MS - performance.now()));
    }));
    const took = performance.now() - killed;
    assert.ok(took < DEATH_MS, `after ${took} ms`);
    await presenceFences(cluster, observers);
    assertToldSince(before, observers, stayAway, ['offline']);
    assertToldSince(before, observers, comeBack, []);
    const here = [...comeBack, ...observers.map(({ user }) => user)].sort();
    for (const node of cluster.running) assert.deepEqual(Object.keys(await listed(node, 'b', '?limit=500')).sort(), here);
  }));

test('given a node that is killed, when it is started anew and its clients come back to it in time, then nobody is told', () =>
  withCluster({}, async (cluster) => {
    const observers = [await cluster.inChannel(1, 'b'), await cluster.openV2(1, 'b2')];
    await cluster.inChannel(0, 'carol');
    await cluster.open(0, 'fence');
    for (const observer of observers) for (const user of ['carol', 'fence']) await told(observer, user, 'online');
    const before = lengthsOf(observers);
    await cluster.nodes[0].kill();
    await cluster.nodes[0].restart();
    const carol = await cluster.inChannel(0, 'carol');
    // He who does not come back shows when the dead have been counted.
    for (const observer of observers) await told(observer, 'fence', 'offline', DEATH_MS);
    await presenceFences(cluster, observers);
    assertToldSince(before, observers, ['carol'], []);
    assertToldSince(before, observers, ['fence'], ['offline']);
    const heard = observers[0].log.slice(before[0]).filter(({ event }) => /^channel:user_/.test(event));
    assert.deepEqual(heard, [], 'she has not left the channel');
    for (const [speaker, listener] of [[carol, observers[0]], [observers[0], carol]]) await messageFence(GENERAL, speaker, listener);
  }));

test('given a node that hangs for longer than its lease, then its users go once, come back once, and all is as before', () =>
  withCluster({}, async (cluster) => {
    const observers = [await cluster.open(0, 'a'), await cluster.openV2(0, 'a2')];
    const alice = await cluster.inChannel(0, 'alice');
    const bob = await cluster.open(0, 'bob');
    const options = { reconnection: true, reconnectionDelay: 100, reconnectionDelayMax: 500 };
    const carol = await cluster.inChannel(1, 'carol', GENERAL, options);
    await cluster.open(1, 'dora', options);
    for (const observer of observers) for (const user of ['carol', 'dora']) await told(observer, user, 'online');
    for (const user of ['alice', 'bob']) await carol.next('presence:online', { userId: user });
    await alice.say(GENERAL, 'before');
    await carol.next('message:new', { content: 'before' });
    carol.emit('channel:typing', { channelId: GENERAL });
    await alice.next('channel:typing', { userId: 'carol' });
    const before = lengthsOf(observers);

    cluster.stopProcess(1);
    const since = performance.now();
    await alice.say(GENERAL, 'while it hangs');
    bob.leave();
    await cluster.open(0, 'eve');
    await Promise.all(observers.flatMap((observer) => ['carol', 'dora'].map((user) => told(observer, user, 'offline', DEATH_MS))));
    await alice.next('channel:stop_typing', { userId: 'carol' }, Math.max(1, since + DEATH_MS - performance.now()));
    await pause(since + 20_500 - performance.now());

    cluster.continueProcess(1);
    for (const observer of observers) for (const user of ['carol', 'dora']) await told(observer, user, 'online');
    await eventually(() => carol.socket.connected, 'she is connected still, or again');
    // Who was connected all the time, or is recovered, misses nothing; who is not asks for it.
    const isNew = carol.closed && !carol.socket.recovered;
    const { seq } = carol.all('message:new').at(-1);
    await carol.must('channel:join', { channelId: GENERAL, ...(isNew && { sinceSeq: seq }) });
    await messageFence(GENERAL, alice, carol);
    assert.equal(ChannelView.of(carol, 0).last, 3, carol.story());
    carol.emit('channel:stop_typing', { channelId: GENERAL }).emit('channel:typing', { channelId: GENERAL });
    await alice.next('channel:typing', { userId: 'carol' });
    await messageFence(GENERAL, carol, alice);
    await alice.next('channel:stop_typing', { userId: 'carol' });
    await eventually(() => alice.all('channel:typing').length === alice.all('channel:stop_typing').length, () => alice.story());
    assert.ok(assertStartsAndStopsAlternate(alice) >= 2);

    await presenceFences(cluster, observers);
    assertToldSince(before, observers, ['carol', 'dora'], ['offline', 'online']);
    assertToldSince(before, observers, ['alice', 'a', 'a2'], []);
    await carol.next('presence:online', { userId: 'eve' });
    if (!carol.closed) await carol.next('presence:offline', { userId: 'bob' });
    for (const user of ['alice', 'a', 'a2']) assert.ok(!presenceOf(carol, user).includes('offline'), carol.story());
    const expected = { a: 'online', a2: 'online', alice: 'online', carol: 'online', dora: 'online', eve: 'online' };
    for (const node of cluster.nodes) assert.deepEqual(await listed(node, 'a'), expected);
  }));

test('given a node that is ended in good order, when its clients come to another in 20 s, then only those go who do not', () =>
  withCluster({}, async (cluster) => {
    const observers = [await cluster.inChannel(1, 'b'), await cluster.openV2(1, 'b2')];
    for (const user of ['carol', 'dave', 'eve']) {
      await cluster.inChannel(0, user);
      for (const observer of observers) await told(observer, user, 'online');
      await observers[0].next('channel:user_joined', { userId: user });
    }
    const before = lengthsOf(observers);
    const since = performance.now();
    await cluster.nodes[0].stop();
    const ended = performance.now();
    await cluster.inChannel(1, 'carol');
    // Longer than the grace of a lost connection, and the lease of a node that has died.
    await pause(since + 14_000 - performance.now());
    await cluster.inChannel(1, 'dave');
    assertToldSince(before, observers, ['carol', 'dave', 'eve'], []);
    await Promise.all(observers.map((observer) => told(observer, 'eve', 'offline', 15_000)));
    const took = [performance.now() - since, performance.now() - ended];
    assert.ok(took[0] > DRAIN_MS - 1000 && took[1] < DRAIN_MS + 5000, `${took} ms after it was told to end, and after it had`);
    await presenceFences(cluster, observers);
    assertToldSince(before, observers, ['eve'], ['offline']);
    assertToldSince(before, observers, ['carol', 'dave'], []);
    const moves = observers[0].log.slice(before[0]).filter(({ event }) => /^channel:user_/.test(event));
    assert.deepEqual(moves.map(({ event, data }) => [event, data.userId]), [['channel:user_left', 'eve']]);
  }));

test('given nodes that are restarted one after the other, when their clients come back, then nobody is told of anybody', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const options = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
    const observers = [await cluster.open(2, 'watcher'), await cluster.openV2(2, 'watcher2')];
    const clients = [];
    for (const i of [0, 0, 1, 1]) clients.push(await cluster.open(i, `user${clients.length}`, options));
    for (const observer of observers) for (const { user } of clients) await told(observer, user, 'online');
    const before = lengthsOf(observers);
    for (const i of [0, 1]) {
      const theirs = clients.filter((_, k) => k >> 1 === i);
      await cluster.nodes[i].stop();
      await cluster.nodes[i].restart();
      for (const client of theirs) await eventually(() => client.socket.connected, `${client.name} is back`);
    }
    // The lease of the first one, which ended in good order, is over by then; and somebody who left shows that the others know.
    const ended = performance.now();
    await pause(DRAIN_MS + 4000);
    await presenceFences(cluster, observers);
    assert.ok(performance.now() - ended > DRAIN_MS);
    assertToldSince(before, observers, clients.map(({ user }) => user), []);
    assert.deepEqual(Object.keys(await listed(cluster.nodes[0], 'watcher')), ['user0', 'user1', 'user2', 'user3', 'watcher', 'watcher2']);
  }));
