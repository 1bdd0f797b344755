// How people are, in a cluster: what is chosen on one node is in force on all, and nobody invisible is shown by any.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rest } from '../e2e/support/http.mjs';
import { GENERAL, eventually, listed, pause, presenceFences, presenceOf, shows, withCluster } from './support/chat.mjs';

const AT_ONCE = { flags: ['--presence-grace', '60000'] };
const IN_AN_HOUR = () => new Date(Date.now() + 3_600_000).toISOString();

const put = async (node, user, body) => {
  const { status, text, json } = await rest(node, user).put('/users/me/presence', body);
  assert.equal(status, 200, text);
  return json.data;
};
const chosen = async (node, user) => (await rest(node, user).get('/users/me/presence')).json.data;

for (const [way, choose] of [
  ['over the socket', (alice, node, status) => alice.must('presence:status', { status })],
  ['over REST on a node where he is not', (alice, node, status) => put(node, 'alice', { status })],
]) {
  test(`given somebody online, when he wants not to be disturbed ${way}, then new clients of all nodes are told, old ones hear nothing`,
    () => withCluster(AT_ONCE, async (cluster) => {
      const modern = [await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
      const old = [await cluster.open(0, 'near'), await cluster.open(1, 'far')];
      const alice = await cluster.open(0, 'alice');
      for (const watcher of modern) await shows(watcher, 'alice', 'online');
      await choose(alice, cluster.nodes[1], 'dnd');
      for (const watcher of modern) await shows(watcher, 'alice', 'dnd');
      for (const node of cluster.nodes) {
        assert.equal((await listed(node, 'near')).alice, 'dnd');
        assert.deepEqual(await chosen(node, 'alice'), { status: 'dnd' });
      }
      await choose(alice, cluster.nodes[1], 'online');
      for (const watcher of modern) await shows(watcher, 'alice', 'online');
      await presenceFences(cluster, [...old, ...modern]);
      for (const client of old) assert.deepEqual(presenceOf(client, 'alice'), ['online'], client.story());
      for (const client of modern) assert.deepEqual(presenceOf(client, 'alice'), ['online', 'updated', 'updated'], client.story());
    }));
}

test('given a choice, then the user\'s own sockets on the other node are told of it, and those who come later', () =>
  withCluster(AT_ONCE, async (cluster) => {
    const [here, there] = [await cluster.openV2(0, 'alice'), await cluster.openV2(1, 'alice')];
    const until = IN_AN_HOUR();
    await here.must('presence:status', { status: 'dnd', until });
    for (const tab of [here, there]) assert.deepEqual(await tab.next('presence:status'), { status: 'dnd', until });
    const late = await cluster.openV2(1, 'alice');
    assert.deepEqual(await late.next('presence:status'), { status: 'dnd', until });
  }));

test('given somebody online on one node, when she becomes invisible on another, then she is offline to all, and no node shows her', () =>
  withCluster({ ...AT_ONCE, size: 3 }, async (cluster) => {
    const modern = await Promise.all([0, 1, 2].map((i) => cluster.openV2(i, `modern${i}`)));
    const old = await Promise.all([0, 1, 2].map((i) => cluster.open(i, `old${i}`)));
    const tab = await cluster.openV2(0, 'alice');
    for (const watcher of modern) await shows(watcher, 'alice', 'online');
    await put(cluster.nodes[1], 'alice', { status: 'invisible' });
    assert.deepEqual(await tab.next('presence:status'), { status: 'invisible' });
    for (const watcher of modern) await shows(watcher, 'alice', 'offline');
    for (const client of old) await client.next('presence:offline', { userId: 'alice' });
    // A tab on the third node betrays nothing.
    await cluster.openV2(2, 'alice');
    await presenceFences(cluster, [...old, ...modern]);
    for (const client of [...old, ...modern]) assert.deepEqual(presenceOf(client, 'alice'), ['online', 'offline'], client.story());
    for (const [i, node] of cluster.nodes.entries()) {
      assert.equal((await listed(node, 'old0')).alice, undefined);
      assert.deepEqual((await listed(node, 'old0', '?ids=alice')).alice, 'offline');
      const newcomer = await cluster.open(i, `newcomer${i}`);
      await newcomer.barrier();
      assert.deepEqual(presenceOf(newcomer, 'alice'), []);
      assert.ok(!(await cluster.openV2(i, `newest${i}`)).view.users.has('alice'));
    }
    await put(cluster.nodes[2], 'alice', { status: 'online' });
    for (const watcher of modern) await shows(watcher, 'alice', 'online');
    await presenceFences(cluster, old);
    for (const client of old) assert.deepEqual(presenceOf(client, 'alice'), ['online', 'offline', 'online'], client.story());
  }));

test('given somebody who chose to be invisible on one node, when she comes to the other, joins and goes, then nobody is told', () =>
  withCluster(AT_ONCE, async (cluster) => {
    const observers = [await cluster.inChannel(0, 'near'), await cluster.inChannel(1, 'far'), await cluster.openV2(0, 'near2')];
    await observers[0].next('channel:user_joined', { userId: 'far' });
    await put(cluster.nodes[0], 'alice', { status: 'invisible' });
    const alice = await cluster.inChannel(1, 'alice');
    assert.equal((await observers[0].must('channel:join', { channelId: GENERAL })).members, 2);
    alice.leave();
    await presenceFences(cluster, observers);
    for (const observer of observers) {
      const heard = observer.log.filter(({ event, data }) => event !== 'ack' && JSON.stringify(data ?? null).includes('alice'));
      assert.deepEqual(heard, [], observer.story());
    }
  }));

test('given a status until a time, when the time has come, then it is over on all nodes', () => withCluster(AT_ONCE, async (cluster) => {
  const watchers = [await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
  const alice = await cluster.openV2(0, 'alice');
  const end = new Date(Date.now() + 2000).toISOString();
  await alice.must('presence:status', { status: 'dnd', until: end });
  for (const watcher of watchers) await shows(watcher, 'alice', 'dnd');
  for (const watcher of watchers) await shows(watcher, 'alice', 'online');
  assert.ok(Date.now() >= Date.parse(end) - 50);
  for (const node of cluster.nodes) assert.deepEqual(await chosen(node, 'alice'), { status: 'online' });
}));

test('given nobody does anything, when the time is over, then people are away on all nodes until a sign of life on any', () =>
  withCluster({ flags: [...AT_ONCE.flags, '--presence-away', '1500'] }, async (cluster) => {
    const watchers = [await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
    const alice = await cluster.open(0, 'alice');
    for (const watcher of watchers) await shows(watcher, 'alice', 'online');
    for (const watcher of watchers) await shows(watcher, 'alice', 'away');
    for (const node of cluster.nodes) assert.equal((await listed(node, 'near2')).alice, 'away');
    await alice.must('presence:active');
    for (const watcher of watchers) await shows(watcher, 'alice', 'online');
    for (const watcher of watchers) await shows(watcher, 'alice', 'away');
    const elsewhere = await cluster.open(1, 'alice');
    for (const watcher of watchers) await shows(watcher, 'alice', 'online');
    elsewhere.leave();
    for (const watcher of watchers) await shows(watcher, 'alice', 'away');
    for (const watcher of watchers) assert.ok(!presenceOf(watcher, 'alice').includes('offline'), watcher.story());
  }));

test('given two devices on two nodes, when one is idle and the other is not, then the user is online', () =>
  withCluster({ flags: [...AT_ONCE.flags, '--presence-away', '1000'] }, async (cluster) => {
    const watchers = [await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
    await cluster.open(0, 'alice');
    const laptop = await cluster.open(1, 'alice');
    for (const watcher of watchers) await shows(watcher, 'alice', 'online');
    let going = true;
    const activity = (async () => {
      for (; going; await pause(100)) await laptop.must('presence:active');
    })();
    await shows(watchers[0], 'far2', 'away');  // so would the idle one be
    await pause(1500);
    await presenceFences(cluster, watchers);
    going = false;
    await activity;
    for (const watcher of watchers) assert.deepEqual(presenceOf(watcher, 'alice'), ['online'], watcher.story());
    laptop.leave();
    for (const watcher of watchers) await shows(watcher, 'alice', 'away');
  }));

test('when somebody was seen last is told alike by all nodes', () => withCluster(AT_ONCE, async (cluster) => {
  const observers = [await cluster.open(0, 'near'), await cluster.open(1, 'far')];
  (await cluster.open(0, 'alice')).leave();
  for (const observer of observers) await observer.next('presence:offline', { userId: 'alice' });
  const seen = async (node) => (await rest(node, 'near').get('/workspaces/default/presence?ids=alice')).json.data[0].lastSeen;
  const [here, there] = await Promise.all(cluster.nodes.map((node) => eventually(() => seen(node), 'alice was seen')));
  assert.equal(here, there);
}));
