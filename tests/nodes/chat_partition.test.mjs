// A node that serves its clients but is cut off from the Redis, while the others are not: they take its users for gone, it takes
// nobody for gone, and when it is back each knows what the other did.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { Proxy } from '../e2e/support/proxy.mjs';
import { history, makeChannel, removeMember } from '../e2e/support/rooms.mjs';
import {
  DEATH_MS, GENERAL, assertToldSince, eventually, lengthsOf, listed, pause, presenceFences, shows, told, withCluster,
} from './support/chat.mjs';

// The second node comes later, by a way of its own.
const ONE = { size: 1 };

/** A second node, whose way to the Redis can be closed and opened. */
async function addRemote(cluster) {
  const way = { port: cluster.redis.port, onEnd: (action) => cluster.nodes[0].onEnd(action) };
  const proxy = await Proxy.before(way);
  await cluster.add(proxy.url.replace('http', 'redis'));
  return {
    async close() {
      way.port = 1;
      proxy.cut();
      await cluster.are('degraded', [cluster.nodes[1]], DEATH_MS);
    },
    async open() {
      way.port = cluster.redis.port;
      await cluster.are('ok', [cluster.nodes[1]], DEATH_MS);
    },
  };
}

/** Alice on the first node, bob on the one that will be cut off; and observers of presence on both. */
async function people(cluster) {
  const clients = { alice: await cluster.inChannel(0, 'alice'), bob: await cluster.inChannel(1, 'bob') };
  const near = [await cluster.open(0, 'near'), await cluster.openV2(0, 'near2')];
  const far = [await cluster.open(1, 'far'), await cluster.openV2(1, 'far2')];
  const all = ['alice', 'bob', 'near', 'near2', 'far', 'far2'];
  for (const observer of [...near, ...far]) for (const user of all) if (user !== observer.user) await told(observer, user, 'online');
  await messageFence(GENERAL, clients.alice, clients.bob);
  return { ...clients, near, far };
}

/** Each has heard all of the channel, once, in order, and knows each message as it is. */
async function assertNoGap(cluster, ...clients) {
  const now = (await history(cluster.nodes[0], 'alice', GENERAL)).map(({ seq, content }) => [seq, content]);
  for (const client of clients) {
    const view = ChannelView.of(client, 0);
    assert.deepEqual([...view.messages].map(([seq, { content }]) => [seq, content]), now, client.name);
  }
}

test('given a node that is cut off for longer than its lease, then only the others take its users for gone, and all is made good', () =>
  withCluster(ONE, async (cluster) => {
    const way = await addRemote(cluster);
    const { alice, bob, near, far } = await people(cluster);
    const dave = await cluster.open(0, 'dave');
    const dora = await cluster.open(1, 'dora');
    for (const observer of [...near, ...far]) for (const user of ['dave', 'dora']) await told(observer, user, 'online');
    const before = [lengthsOf(near), lengthsOf(far)];
    await way.close();
    const since = performance.now();
    // Both sides go on.
    dave.leave();
    dora.leave();
    await cluster.open(0, 'eve');
    await cluster.open(1, 'fay');
    await told(near[0], 'eve', 'online');
    await told(far[0], 'fay', 'online');
    await bob.must('presence:status', { status: 'dnd' });
    const said = [];
    for (let i = 0; i < 3; i += 1) for (const speaker of [alice, bob]) said.push(await speaker.say(GENERAL, `${i}`));
    await bob.must('message:edit', { messageId: said[1].messageId, content: 'bob changed it' });
    for (const observer of near) for (const user of ['bob', 'far', 'far2']) await told(observer, user, 'offline', DEATH_MS);
    assert.deepEqual(Object.keys(await listed(cluster.nodes[0], 'alice')), ['alice', 'eve', 'near', 'near2']);
    await pause(since + 12_000 - performance.now());
    assertToldSince(before[1], far, ['alice', 'near', 'near2', 'bob'], []);

    await way.open();
    for (const observer of near) for (const user of ['bob', 'far', 'far2', 'fay']) await told(observer, user, 'online');
    for (const observer of far) {
      await told(observer, 'eve', 'online');
      await told(observer, 'dave', 'offline');
    }
    for (const observer of [near[1], far[1]]) await shows(observer, 'bob', 'dnd');
    for (const speaker of [alice, bob]) await messageFence(GENERAL, speaker, alice, bob);
    await assertNoGap(cluster, alice, bob);
    await presenceFences(cluster, [...near, ...far]);
    assertToldSince(before[0], near, ['bob', 'far', 'far2'], ['offline', 'online']);
    assertToldSince(before[0], near, ['alice', 'near', 'near2'], []);
    assertToldSince(before[0], near, ['dave', 'dora'], ['offline']);
    assertToldSince(before[0], near, ['eve', 'fay'], ['online']);
    assertToldSince(before[1], far, ['alice', 'near', 'near2', 'bob', 'far', 'far2'], []);
    assertToldSince(before[1], far, ['dave', 'dora'], ['offline']);
    assertToldSince(before[1], far, ['eve', 'fay'], ['online']);
    for (const node of cluster.nodes) {
      assert.deepEqual(await listed(node, 'alice'), {
        alice: 'online', bob: 'dnd', eve: 'online', far: 'online', far2: 'online', fay: 'online', near: 'online', near2: 'online',
      });
    }
  }));

for (const [how, seconds, cut] of [
  ['is cut off for a moment', 0, (cluster, way) => way.close()],
  ['is cut off for less than its lease', 5, (cluster, way) => way.close()],
  ['hangs for less than its lease', 5, (cluster) => cluster.stopProcess(1)],
]) {
  test(`given a node that ${how}, then nobody is told of anybody, and nothing is missed`, () => withCluster(ONE, async (cluster) => {
    const way = await addRemote(cluster);
    const { alice, bob, near, far } = await people(cluster);
    const observers = [...near, ...far];
    const before = lengthsOf(observers);
    await cut(cluster, way);
    const since = performance.now();
    for (let i = 0; i < 3; i += 1) await alice.say(GENERAL, `${i}`);
    const mine = how.startsWith('hangs') ? undefined : await bob.say(GENERAL, 'mine');
    await pause(since + 1000 * seconds - performance.now());
    if (how.startsWith('hangs')) cluster.continueProcess(1);
    else await way.open();
    for (const speaker of [alice, bob]) await messageFence(GENERAL, speaker, alice, bob);
    if (mine) assert.equal(alice.all('message:new').filter(({ messageId }) => messageId === mine.messageId).length, 1);
    await assertNoGap(cluster, alice, bob);
    // Somebody who is lost now is gone when his grace is over, which is as long as a lease.
    const fence = await cluster.open(1, 'fence');
    for (const observer of observers) await told(observer, 'fence', 'online');
    fence.sever();
    for (const observer of observers) await told(observer, 'fence', 'offline', DEATH_MS);
    await presenceFences(cluster, observers);
    assertToldSince(before, observers, ['alice', 'bob', 'near', 'near2', 'far', 'far2'], []);
  }));
}

test('given a node that is cut off, when a member is removed on the other, then he is out when it is back, and hears nothing later', () =>
  withCluster(ONE, async (cluster) => {
    const way = await addRemote(cluster);
    const channelId = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret', members: ['ben', 'bob'] });
    const alice = await cluster.inChannel(0, 'alice', channelId);
    const [ben, bob] = [await cluster.inChannel(1, 'ben', channelId), await cluster.inChannel(1, 'bob', channelId)];
    await alice.next('channel:user_joined', { userId: 'bob' });
    await way.close();
    const asked = performance.now();
    await removeMember(cluster.nodes[0], 'alice', channelId, 'bob');
    assert.ok(performance.now() - asked < 2000, 'nobody waits for a node that cannot be reached');
    const { messageId } = await alice.say(channelId, 'now that he is gone');
    await way.open();
    await bob.next('channel:removed', { channelId }, 5000);
    for (const speaker of [alice, ben]) await messageFence(channelId, speaker, alice, ben);
    await ben.next('message:new', { messageId });
    await bob.barrier();
    assert.deepEqual(bob.all('message:new'), [], bob.story());
    assert.equal((await bob.ask('message:send', { channelId, content: 'hi' })).error.code, 'NOT_CHANNEL_MEMBER');
    for (const client of [alice, ben]) {
      await eventually(() => client.all('channel:user_left').length === 1, () => client.story());
      assert.equal(ChannelView.of(client, 0).last, 3, client.story());
    }
  }));

test('given a node that is cut off, when a typist is on the other side, then each start has one stop on each side', () =>
  withCluster({ size: 1, flags: ['--typing-ttl', '5000'] }, async (cluster) => {
    const way = await addRemote(cluster);
    const { alice, bob } = await people(cluster);
    for (const [typist, reader] of [[alice, bob], [bob, alice]]) {
      typist.emit('channel:typing', { channelId: GENERAL });
      await reader.next('channel:typing', { userId: typist.user });
    }
    await way.close();
    for (const typist of [alice, bob]) typist.emit('channel:stop_typing', { channelId: GENERAL });
    for (const [typist, reader] of [[alice, bob], [bob, alice]]) await reader.next('channel:stop_typing', { userId: typist.user });
    await way.open();
    for (const [typist, reader] of [[alice, bob], [bob, alice]]) {
      typist.emit('channel:typing', { channelId: GENERAL });
      await reader.next('channel:typing', { userId: typist.user });
      await messageFence(GENERAL, typist, reader);
      await reader.next('channel:stop_typing', { userId: typist.user });
      assert.equal(reader.all('channel:typing').length, 2, reader.story());
      assert.equal(reader.all('channel:stop_typing').length, 2, reader.story());
    }
  }));
