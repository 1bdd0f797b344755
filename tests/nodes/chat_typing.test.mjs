// Typing in a cluster: for each receiver, on whatever node, starts and stops alternate, and every start is ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageFence } from '../e2e/support/fences.mjs';
import { assertStartsAndStopsAlternate } from '../e2e/support/typing.mjs';
import { DEATH_MS, GENERAL, eventually, withCaps, withCluster } from './support/chat.mjs';

const ALICE = { channelId: GENERAL, userId: 'alice' };
const start = (client, channelId = GENERAL) => client.emit('channel:typing', { channelId });
const stop = (client, channelId = GENERAL) => client.emit('channel:stop_typing', { channelId });
const typings = (client) => [...client.all('channel:typing'), ...client.all('channel:stop_typing')];

/** Alice on the first node types in the channel; bob on the second one has been told. */
async function aliceTypes(cluster, options = {}) {
  const bob = await cluster.inChannel(1, 'bob');
  const alice = await cluster.inChannel(0, 'alice', GENERAL, options);
  start(alice);
  assert.deepEqual(await bob.next('channel:typing'), { ...ALICE, userName: 'Alice' });
  return { alice, bob };
}

/** Bob got one start and one stop of alice and nothing after it, as the fences of both nodes show. */
async function assertEndedOnce(bob, ...speakers) {
  assert.deepEqual(await bob.next('channel:stop_typing'), ALICE);
  for (const speaker of [...speakers, bob]) await messageFence(GENERAL, speaker, bob);
  assert.equal(assertStartsAndStopsAlternate(bob), 1);
}

test('a start is told on the other node once, and the stop once', () => withCluster({}, async (cluster) => {
  const { alice, bob } = await aliceTypes(cluster);
  start(alice);
  start(alice);
  stop(alice);
  stop(alice);
  await assertEndedOnce(bob, alice);
}));

test('starts and stops alternate on the other node through many rounds', () => withCluster({}, async (cluster) => {
  const bob = await cluster.inChannel(1, 'bob');
  const alice = await cluster.inChannel(0, 'alice');
  for (let round = 0; round < 5; round += 1) {
    start(alice);
    await bob.next('channel:typing', ALICE);
    stop(alice);
    await bob.next('channel:stop_typing', ALICE);
  }
  assert.equal(assertStartsAndStopsAlternate(bob), 5);
}));

test('given several who type by one node, when each stops, then those of the other node are told of each', () =>
  withCluster({}, async (cluster) => {
    const typists = [];
    for (const user of ['alice', 'bob', 'carol']) typists.push(await cluster.inChannel(0, user));
    const observer = await cluster.inChannel(1, 'observer');
    await messageFence(GENERAL, typists[0], observer, ...typists);
    for (const typist of typists) {
      await typist.must('channel:typing', { channelId: GENERAL });
      await observer.next('channel:typing', { userId: typist.user });
    }
    for (const typist of typists) {
      await typist.must('channel:stop_typing', { channelId: GENERAL });
      await observer.next('channel:stop_typing', { userId: typist.user }, 1_000);
    }
  }));

test('a message ends the typing on the other node, and the stop comes after message:new', () => withCluster({}, async (cluster) => {
  const { alice, bob } = await aliceTypes(cluster);
  await alice.say(GENERAL, 'done');
  await bob.next('channel:stop_typing', ALICE);
  stop(alice);
  await messageFence(GENERAL, alice, bob);
  const order = bob.log.map(({ event }) => event).filter((event) => /typing|message/.test(event));
  assert.deepEqual(order, ['channel:typing', 'message:new', 'channel:stop_typing', 'message:new']);
}));

for (const [how, end] of [
  ['leaves the channel', (alice) => alice.must('channel:leave', { channelId: GENERAL })],
  ['says goodbye', (alice) => alice.leave()],
  ['is cut off', (alice) => alice.sever()],
]) {
  test(`given somebody who types, when she ${how}, then the other node tells the stop at once, whatever the grace`,
    () => withCluster({ flags: ['--presence-grace', '60000'] }, async (cluster) => {
      const { alice, bob } = await aliceTypes(cluster);
      await end(alice);
      await assertEndedOnce(bob, await cluster.inChannel(0, 'carol'));
    }));
}

test('typing ends on the other node by itself after --typing-ttl, and a repeated start prolongs it there too',
  () => withCluster({ flags: ['--typing-ttl', '1500', '--presence-grace', '700'] }, async (cluster) => {
    const dave = await cluster.open(1, 'dave');
    const { alice, bob } = await aliceTypes(cluster);
    // The other node's own clock says when the time is half over: dave's grace.
    dave.sever();
    await bob.next('presence:offline', { userId: 'dave' });
    const repeated = performance.now();
    start(alice);
    await bob.next('channel:stop_typing', ALICE);
    const took = performance.now() - repeated;
    assert.ok(took >= 1450, `ended ${took} ms after the repetition`);
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
  }));

test('given a client of typing.v2 that does not refresh, then its typing ends on the other node after its shorter time',
  () => withCluster({ flags: ['--typing-ttl', '60000', '--typing-ttl-v2', '400'] }, async (cluster) => {
    const { alice, bob } = await aliceTypes(cluster, withCaps('alice', 'typing.v2'));
    await assertEndedOnce(bob, alice);
  }));

test('given a client of typing.v2 that goes on, then those of typing.v2 on the other node are told again, and of one stop',
  () => withCluster({ flags: ['--typing-rebroadcast', '400'] }, async (cluster) => {
    const old = await cluster.inChannel(1, 'bob');
    const modern = await cluster.inChannel(1, 'carol', GENERAL, withCaps('carol', 'typing.v2'));
    const alice = await cluster.inChannel(0, 'alice', GENERAL, withCaps('alice', 'typing.v2'));
    start(alice);
    for (const client of [old, modern]) await client.next('channel:typing', ALICE);
    await eventually(async () => {
      await alice.must('channel:typing', { channelId: GENERAL });
      return modern.untaken('channel:typing').length > 0;
    }, () => `carol is told that it goes on\n${modern.story()}`);
    stop(alice);
    for (const client of [old, modern]) await client.next('channel:stop_typing', ALICE);
    await messageFence(GENERAL, alice, old, modern);
    assert.equal(assertStartsAndStopsAlternate(old), 1);
    assert.deepEqual(modern.untaken('channel:stop_typing'), []);
  }));

test('given the node of a typist that is killed, then those of the other nodes are told one stop',
  () => withCluster({ size: 3 }, async (cluster) => {
    const others = [await cluster.inChannel(1, 'bob'), await cluster.inChannel(2, 'carol')];
    const alice = await cluster.inChannel(0, 'alice');
    start(alice);
    for (const other of others) await other.next('channel:typing', ALICE);
    // Somebody whose node lives goes on typing.
    const dave = await cluster.inChannel(1, 'dave');
    start(dave);
    for (const other of others) await other.next('channel:typing', { userId: 'dave' });
    await cluster.nodes[0].kill();
    const killed = performance.now();
    await Promise.all(others.map((other) => other.next('channel:stop_typing', ALICE, DEATH_MS)));
    assert.ok(performance.now() - killed < DEATH_MS);
    for (const other of others) {
      await messageFence(GENERAL, other, ...others);
      assert.deepEqual(other.all('channel:stop_typing'), [ALICE]);
    }
    stop(dave);
    for (const other of others) {
      await other.next('channel:stop_typing', { userId: 'dave' });
      assert.equal(assertStartsAndStopsAlternate(other), 2);
    }
  }));

test('a late joiner on the other node is told who types, by event and by acknowledgement', () => withCluster({}, async (cluster) => {
  const { alice, bob } = await aliceTypes(cluster);
  const carol = await cluster.open(1, 'carol');
  assert.deepEqual((await carol.join(GENERAL)).typing, [{ userId: 'alice', userName: 'Alice' }]);
  assert.deepEqual(await carol.next('channel:typing'), { ...ALICE, userName: 'Alice' });
  stop(alice);
  for (const client of [bob, carol]) {
    await client.next('channel:stop_typing', ALICE);
    assert.equal(assertStartsAndStopsAlternate(client), 1);
  }
}));

test('whoever leaves a channel is told that the typists of other nodes stopped, and hears no more of them',
  () => withCluster({}, async (cluster) => {
    const { alice, bob } = await aliceTypes(cluster);
    const carol = await cluster.inChannel(1, 'carol');
    await bob.must('channel:leave', { channelId: GENERAL });
    assert.deepEqual(await bob.next('channel:stop_typing'), ALICE);
    stop(alice);
    await carol.next('channel:stop_typing', ALICE);
    start(alice);
    await carol.next('channel:typing', ALICE);
    await bob.barrier();
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
    await bob.join(GENERAL);
    await bob.next('channel:typing', ALICE);
    stop(alice);
    await bob.next('channel:stop_typing', ALICE);
    assert.equal(assertStartsAndStopsAlternate(bob), 2);
  }));

test('no socket of the typist is told of her own typing, on no node', () => withCluster({}, async (cluster) => {
  const tabs = [await cluster.inChannel(0, 'alice'), await cluster.inChannel(1, 'alice')];
  const { alice, bob } = await aliceTypes(cluster);
  const late = await cluster.inChannel(1, 'alice');
  stop(alice);
  await bob.next('channel:stop_typing', ALICE);
  const all = [alice, ...tabs, late];
  await messageFence(GENERAL, alice, bob, ...all);
  await messageFence(GENERAL, bob, ...all);
  for (const tab of all) assert.deepEqual(typings(tab), [], tab.story());
}));

test('somebody who types on two nodes is one typist, who stops with the last', () => withCluster({}, async (cluster) => {
  const { alice, bob } = await aliceTypes(cluster);
  const near = await cluster.inChannel(0, 'carol');  // she was told when she joined
  await near.next('channel:typing', ALICE);
  const elsewhere = await cluster.inChannel(1, 'alice');
  await elsewhere.must('channel:typing', { channelId: GENERAL });
  // Carol's node has heard of it by the time that it hears of a message from there.
  await messageFence(GENERAL, bob, alice, near);
  stop(alice);
  await alice.barrier();
  await messageFence(GENERAL, near, bob, elsewhere);
  await messageFence(GENERAL, bob, near, elsewhere);
  for (const other of [bob, near]) assert.deepEqual(other.all('channel:stop_typing'), [], other.story());
  stop(elsewhere);
  for (const other of [bob, near]) {
    await other.next('channel:stop_typing', ALICE);
    await messageFence(GENERAL, other, bob, near);
    assert.equal(assertStartsAndStopsAlternate(other), 1);
  }
}));

test('somebody who types on two nodes, of which one dies, types on until she stops on the other',
  () => withCluster({ size: 3 }, async (cluster) => {
    const { bob } = await aliceTypes(cluster);
    const far = await cluster.inChannel(2, 'carol');
    await far.next('channel:typing', ALICE);
    const [elsewhere, dora] = [await cluster.inChannel(1, 'alice'), await cluster.inChannel(0, 'dora')];
    await elsewhere.must('channel:typing', { channelId: GENERAL });
    start(dora);
    for (const other of [bob, far]) await other.next('channel:typing', { userId: 'dora' });
    await cluster.nodes[0].kill();
    // Dora shows when the death was found out.
    for (const other of [bob, far]) await other.next('channel:stop_typing', { userId: 'dora' }, DEATH_MS);
    for (const speaker of [bob, far]) await messageFence(GENERAL, speaker, bob, far);
    for (const other of [bob, far]) assert.equal(other.all('channel:stop_typing').length, 1, other.story());
    stop(elsewhere);
    for (const other of [bob, far]) {
      await other.next('channel:stop_typing', ALICE);
      assert.equal(assertStartsAndStopsAlternate(other), 2);
    }
  }));

test('a storm of starts and stops of many typists on two nodes leaves nobody typing', () => withCluster({}, async (cluster) => {
  const observers = [await cluster.inChannel(0, 'bob'), await cluster.inChannel(1, 'carol')];
  const typists = await Promise.all(Array.from({ length: 8 }, (_, i) => cluster.inChannel(i % 2, `typist${i >> 1}`)));
  for (let round = 0; round < 5; round += 1) {
    typists.forEach((typist, i) => {
      start(typist);
      if ((i + round) % 3) stop(typist);
    });
  }
  typists.forEach((typist, i) => (i % 3 ? stop(typist) : typist.leave()));
  for (const typist of typists.filter((_, i) => i % 3)) await messageFence(GENERAL, typist, ...observers);
  const isOver = (observer) => observer.all('channel:typing').length === observer.all('channel:stop_typing').length;
  for (const observer of observers) {
    // Who said goodbye has not been fenced.
    await eventually(() => isOver(observer), () => `all starts have their stops\n${observer.story()}`);
    assert.ok(assertStartsAndStopsAlternate(observer) >= 3, observer.story());
  }
  for (const i of [0, 1]) assert.deepEqual((await (await cluster.open(i, 'late')).join(GENERAL)).typing, []);
}));
