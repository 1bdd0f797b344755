// Presence in a cluster counts people, not tabs and not nodes: online with the first tab anywhere, offline once with the last.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageFence } from '../e2e/support/fences.mjs';
import { request, rest } from '../e2e/support/http.mjs';
import { GENERAL, eventually, listed, presenceFences, presenceOf, shows, told, withCluster } from './support/chat.mjs';

const LONG = { flags: ['--presence-grace', '60000'] };
const LARGE = { ...LONG, size: 3 };
const SHORT = { flags: ['--presence-grace', '1500'] };

/** Observers of both kinds on both nodes. */
async function observersOf(cluster) {
  const old = [await cluster.open(0, 'near'), await cluster.open(1, 'far')];
  const observers = [...old, await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
  for (const observer of observers) {
    for (const { user } of observers) if (user !== observer.user) await told(observer, user, 'online');
  }
  return observers;
}

/** What each was told of alice, and nothing else as the fences show. */
async function assertTold(cluster, observers, ...expected) {
  await presenceFences(cluster, observers);
  for (const observer of observers) assert.deepEqual(presenceOf(observer, 'alice'), expected, observer.story());
}

/** A connection is lost on node `i`, and its grace is over: so is each that began before. */
async function graceFence(cluster, i, observers) {
  const name = `lost${i}`;
  const stranger = await cluster.open(i, name);
  for (const observer of observers) await told(observer, name, 'online');
  stranger.sever();
  for (const observer of observers) await told(observer, name, 'offline');
}

test('somebody comes once and goes once for those of each node', () => withCluster(LONG, async (cluster) => {
  const observers = await observersOf(cluster);
  const alice = await cluster.open(0, 'alice');
  for (const observer of observers) await told(observer, 'alice', 'online');
  alice.leave();
  for (const observer of observers) await told(observer, 'alice', 'offline');
  await assertTold(cluster, observers, 'online', 'offline');
}));

test('the other node is told the display name', () => withCluster(LONG, async (cluster) => {
  const bob = await cluster.open(1, 'bob');
  await cluster.open(0, 'alice');
  assert.deepEqual(await bob.next('presence:online', { userId: 'alice' }), { userId: 'alice', userName: 'Alice' });
}));

test('a second tab on the other node is news to itself alone', () => withCluster(LONG, async (cluster) => {
  const observers = await observersOf(cluster);
  const tabs = [await cluster.open(0, 'alice')];
  for (const observer of observers) await told(observer, 'alice', 'online');
  tabs.push(await cluster.open(1, 'alice'));
  await assertTold(cluster, [...observers, ...tabs], 'online');
}));

test('given tabs on two nodes, when one goes, then nobody is told, and when the last goes, all are, once', async () => {
  for (const last of [0, 1]) {
    await withCluster(LONG, async (cluster) => {
      const observers = await observersOf(cluster);
      const tabs = [await cluster.open(0, 'alice'), await cluster.open(1, 'alice')];
      for (const observer of observers) await told(observer, 'alice', 'online');
      tabs[1 - last].leave();
      await assertTold(cluster, observers, 'online');
      tabs[last].leave();
      for (const observer of observers) await told(observer, 'alice', 'offline');
      await assertTold(cluster, observers, 'online', 'offline');
    });
  }
});

test('many tabs that come and go on all nodes at once are one coming and one going', () => withCluster(LARGE, async (cluster) => {
  const observers = [await cluster.open(0, 'near'), await cluster.open(2, 'far')];
  const tabs = await Promise.all(Array.from({ length: 12 }, (_, i) => cluster.open(i % 3, 'alice')));
  for (const observer of observers) await told(observer, 'alice', 'online');
  await presenceFences(cluster, observers);
  for (const tab of tabs) tab.leave();
  for (const observer of observers) await told(observer, 'alice', 'offline');
  await assertTold(cluster, observers, 'online', 'offline');
}));

test('an explicit disconnect is offline at once on the other node although the grace is a minute', () =>
  withCluster(LONG, async (cluster) => {
    const bob = await cluster.open(1, 'bob');
    const alice = await cluster.open(0, 'alice');
    await bob.next('presence:online', { userId: 'alice' });
    const left = performance.now();
    alice.leave();
    assert.deepEqual(await bob.next('presence:offline'), { userId: 'alice' });
    assert.ok(performance.now() - left < 5000);
  }));

test('a cut connection is offline on the other node after the grace, not before, and once', () => withCluster(SHORT, async (cluster) => {
  const observers = await observersOf(cluster);
  const alice = await cluster.open(0, 'alice');
  for (const observer of observers) await told(observer, 'alice', 'online');
  const cut = performance.now();
  alice.sever();
  await Promise.all(observers.map(async (observer) => {
    await told(observer, 'alice', 'offline');
    const took = performance.now() - cut;
    assert.ok(took >= 1450, `${observer.name} was told after ${took} ms`);
  }));
  await assertTold(cluster, observers, 'online', 'offline');
}));

test('given a cut connection, when its user comes to another node within the grace, then nobody is told', () =>
  withCluster(SHORT, async (cluster) => {
    const observers = await observersOf(cluster);
    const first = await cluster.open(0, 'alice');
    for (const observer of observers) await told(observer, 'alice', 'online');
    first.sever();
    const second = await cluster.open(1, 'alice');
    await graceFence(cluster, 0, observers);
    await assertTold(cluster, observers, 'online');
    second.leave();
    for (const observer of observers) await told(observer, 'alice', 'offline');
    await assertTold(cluster, observers, 'online', 'offline');
  }));

test('given a cut connection, when its user says goodbye on another node, then he is offline once, after the grace at the latest',
  () => withCluster(SHORT, async (cluster) => {
    const observers = await observersOf(cluster);
    const first = await cluster.open(0, 'alice');
    for (const observer of observers) await told(observer, 'alice', 'online');
    first.sever();
    (await cluster.open(1, 'alice')).leave();
    await graceFence(cluster, 0, observers);
    for (const observer of observers) await told(observer, 'alice', 'offline');
    await assertTold(cluster, observers, 'online', 'offline');
  }));

test('a newcomer on one node is told of everybody on all of them, each once, after welcome and himself', () =>
  withCluster(LARGE, async (cluster) => {
    const watchers = await Promise.all([0, 1, 2].map((i) => cluster.open(i, `watcher${i}`)));
    const all = async (user, status) => { for (const watcher of watchers) await told(watcher, user, status); };
    for (const [i, user] of ['ann', 'ben', 'cleo', 'ann', 'dan', 'ben'].entries()) await cluster.open(i % 3, user);
    for (const user of ['ann', 'ben', 'cleo', 'dan']) await all(user, 'online');
    const lost = await cluster.open(1, 'lost');
    await all('lost', 'online');
    lost.sever();  // within the grace one is online
    await lost.gone();
    const here = ['ann', 'ben', 'cleo', 'dan', 'lost', 'watcher0', 'watcher1', 'watcher2'];
    for (let i = 0; i < 3; i += 1) {
      const old = await cluster.open(i, `old${i}`);
      for (const user of here) await old.next('presence:online', { userId: user });
      assert.deepEqual(old.log.slice(0, 2).map(({ event, data }) => [event, data.userId]),
        [['welcome', `old${i}`], ['presence:online', `old${i}`]]);
      await old.nothingElse();
      old.leave();
      await all(`old${i}`, 'offline');
      const modern = await cluster.openV2(i, `new${i}`);
      for (const user of [...here, `new${i}`]) await shows(modern, user, 'online');
      assert.equal(modern.view.users.size, here.length + 1, modern.story());
      modern.leave();
      await all(`new${i}`, 'offline');
    }
  }));

test('given people who come and go on both nodes, then clients with presence.v2 see the same in the end, and leave no version out',
  () => withCluster({ flags: ['--presence-grace', '60000', '--presence-window', '30'] }, async (cluster) => {
    const watchers = [await cluster.openV2(0, 'watcher0'), await cluster.openV2(1, 'watcher1')];
    const tabs = [];
    for (let round = 0; round < 6; round += 1) {
      tabs.push(...await Promise.all(['ann', 'ben', 'cleo', 'dan'].map((user, i) => cluster.open((i + round) % 2, user))));
      for (const tab of tabs.splice(0, 3)) tab.leave();
      watchers.push(await cluster.openV2(round % 2, `late${round}`));
      for (const watcher of watchers.slice(0, 2)) await shows(watcher, `late${round}`, 'online');
    }
    for (const tab of tabs) tab.leave();
    const everybody = watchers.map(({ user }) => user).sort();
    for (const watcher of watchers) {
      await eventually(() => watcher.view.users.size === everybody.length, () => watcher.story());
      assert.deepEqual(watcher.view.entries(), everybody.map((user) => [user, 'online']));
      assert.equal(watcher.view.broken, undefined, watcher.name);
    }
  }));

test('the presence over REST is of all nodes, on every node', () => withCluster(LARGE, async (cluster) => {
  for (const i of [0, 1, 2]) await cluster.open(i, 'alice');
  await cluster.inChannel(1, 'bob');
  const carol = await cluster.inChannel(2, 'carol');
  const shown = async (node, expected) => {
    await eventually(async () => JSON.stringify(await listed(node, 'alice')) === JSON.stringify(expected),
      () => `the node lists ${JSON.stringify(expected)}`);
  };
  for (const node of cluster.nodes) await shown(node, { alice: 'online', bob: 'online', carol: 'online' });
  for (const node of cluster.nodes) {
    const { json } = await rest(node, 'alice').get(`/channels/${GENERAL}/presence`);
    assert.deepEqual(json.data.map(({ userId }) => userId).sort(), ['bob', 'carol']);
  }
  carol.leave();
  for (const node of cluster.nodes) await shown(node, { alice: 'online', bob: 'online' });
}));

test('a channel is joined and left once a person, over all nodes', () => withCluster(LONG, async (cluster) => {
  const observers = [await cluster.inChannel(0, 'near'), await cluster.inChannel(1, 'far')];
  await observers[0].next('channel:user_joined', { userId: 'far' });
  const tabs = [await cluster.open(0, 'alice'), await cluster.open(1, 'alice')];
  for (const tab of tabs) await tab.join(GENERAL);
  for (const observer of observers) await observer.next('channel:user_joined', { userId: 'alice' });
  const fence = async () => { for (const observer of observers) await messageFence(GENERAL, observer, ...observers); };
  await tabs[0].must('channel:leave', { channelId: GENERAL });
  await fence();
  for (const observer of observers) {
    assert.deepEqual(observer.untaken('channel:user_joined'), [], observer.story());
    assert.deepEqual(observer.all('channel:user_left'), [], observer.story());
  }
  const { members } = await tabs[0].must('channel:join', { channelId: GENERAL });
  assert.equal(members, 3, 'people of both nodes');
  await tabs[0].must('channel:leave', { channelId: GENERAL });
  await tabs[1].must('channel:leave', { channelId: GENERAL });
  for (const observer of observers) assert.deepEqual(await observer.next('channel:user_left'), { channelId: GENERAL, userId: 'alice' });
  await fence();
  for (const observer of observers) assert.equal(observer.all('channel:user_left').length, 1, observer.story());
}));

test('given somebody in a channel, when she is cut off and joins it on another node within the grace, then the channel is told nothing',
  () => withCluster(SHORT, async (cluster) => {
    const observers = [await cluster.inChannel(0, 'near'), await cluster.inChannel(1, 'far')];
    await observers[0].next('channel:user_joined', { userId: 'far' });
    const first = await cluster.inChannel(0, 'alice');
    for (const observer of observers) await observer.next('channel:user_joined', { userId: 'alice' });
    first.sever();
    await cluster.inChannel(1, 'alice');
    await graceFence(cluster, 0, observers);
    for (const observer of observers) await messageFence(GENERAL, observer, ...observers);
    for (const observer of observers) {
      assert.deepEqual(observer.untaken('channel:user_joined'), [], observer.story());
      assert.deepEqual(observer.all('channel:user_left'), [], observer.story());
    }
  }));

test('whoever goes has left his channels before he is offline, on the other node too', () => withCluster(LONG, async (cluster) => {
  const bob = await cluster.inChannel(1, 'bob');
  const alice = await cluster.inChannel(0, 'alice');
  await bob.next('channel:user_joined', { userId: 'alice' });
  alice.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  const order = bob.log.map(({ event }) => event).filter((event) => /user_left|offline/.test(event));
  assert.deepEqual(order, ['channel:user_left', 'presence:offline']);
}));

test('given people who are there already, when one more node begins, then its clients are told of them, and they of its clients', () =>
  withCluster({ ...LONG, size: 1 }, async (cluster) => {
    const observers = [await cluster.open(0, 'near'), await cluster.openV2(0, 'near2')];
    await cluster.open(0, 'alice');
    for (const observer of observers) await told(observer, 'alice', 'online');
    await cluster.add();
    observers.push(await cluster.open(1, 'far'), await cluster.openV2(1, 'far2'));
    for (const observer of observers.slice(2)) for (const user of ['near', 'near2', 'alice']) await told(observer, user, 'online');
    const bob = await cluster.open(1, 'bob');
    for (const observer of observers) await told(observer, 'bob', 'online');
    bob.leave();
    for (const observer of observers) await told(observer, 'bob', 'offline');
  }));

test('given people who come, go and come back on both nodes, when presence is audited on each, then nothing is to be mended', () => {
  const shown = { headers: { 'x-debug-secret': 'a debug secret of a test' } };
  return withCluster({ flags: ['--presence-grace', '300', '--debug-secret', shown.headers['x-debug-secret']] }, async (cluster) => {
    const audit = async () => {
      for (const node of cluster.nodes) {
        const { json } = await request(node, '/_debug/cron/presence-audit', { method: 'POST', ...shown });
        assert.equal(json.data.outcome, 'ok');
      }
    };
    const observers = [await cluster.open(0, 'near'), await cluster.openV2(1, 'far2')];
    const clients = await Promise.all(Array.from({ length: 12 }, (_, i) => cluster.inChannel(i % 2, `user${i % 5}`)));
    for (const [i, client] of clients.entries()) {
      if (i % 3 === 0) client.leave();
      if (i % 3 === 1) client.sever();
      if (i % 4 === 0) await cluster.inChannel(1 - (i % 2), client.user);
      await audit();
    }
    await presenceFences(cluster, observers);
    await audit();
    for (const node of cluster.nodes) {
      const { text } = await request(node, '/metrics', shown);
      assert.match(text, /^atrium_presence_repairs_total 0$/m);
    }
  });
});
