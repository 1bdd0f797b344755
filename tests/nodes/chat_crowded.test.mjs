// More people than can be named, in a cluster: the count is of all nodes, and so are those whom one asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, presenceFences, presenceOf, shows, withCluster } from './support/chat.mjs';

const FEW = { flags: ['--presence-grace', '60000', '--presence-full-max', '3'] };

const counts = (client, online) => eventually(() => client.view.count === online,
  () => `${client.name} counts ${online}, not ${client.view.count}\n${client.story()}`);

test('given more people on all nodes than can be named, then clients of each are told how many, and nobody is named', () =>
  withCluster(FEW, async (cluster) => {
    for (const [i, user] of ['u1', 'u2', 'u3', 'u4'].entries()) await cluster.open(i % 2, user);
    const watchers = [await cluster.openV2(0, 'near2'), await cluster.openV2(1, 'far2')];
    for (const watcher of watchers) await counts(watcher, 6);
    const late = await cluster.open(0, 'late');
    const modern = [...watchers, await cluster.openV2(1, 'later')];
    for (const watcher of modern) await counts(watcher, 8);
    late.leave();
    for (const watcher of modern) await counts(watcher, 7);
    for (const watcher of modern) {
      assert.deepEqual(['u1', 'late', 'later'].flatMap((user) => presenceOf(watcher, user)), [], watcher.story());
    }
  }));

test('given a subscription, when people of the other node come and go, then its client hears of those whom it named, and of no other', () =>
  withCluster(FEW, async (cluster) => {
    for (const [i, user] of ['u1', 'u2', 'u3', 'u4'].entries()) await cluster.open(i % 2, user);
    const watcher = await cluster.openV2(0, 'watcher');
    await counts(watcher, 5);
    const ask = async (...userIds) => {
      const ack = await watcher.must('presence:subscribe', { workspaceId: 'default', userIds });
      watcher.view.wver = ack.wver;
      return ack.users.map(({ userId, status }) => [userId, status]);
    };
    assert.deepEqual(await ask('u2', 'bob', 'nobody'), [['u2', 'online'], ['bob', 'offline'], ['nobody', 'offline']]);
    await cluster.open(1, 'dave');
    const bob = await cluster.open(1, 'bob');
    await shows(watcher, 'bob', 'online');
    bob.leave();
    await shows(watcher, 'bob', 'offline');
    await ask('carol');
    await cluster.open(1, 'bob');
    await cluster.open(1, 'carol');
    await shows(watcher, 'carol', 'online');
    const named = watcher.view.steps.flatMap(({ online, offline }) => [...online, ...offline]).map(({ userId }) => userId);
    assert.deepEqual(named, ['bob', 'bob', 'carol']);
  }));

test('given more people than can be named, when most of the other node have left, then everybody is told the state anew', () =>
  withCluster(FEW, async (cluster) => {
    const clients = [];
    for (const user of ['u1', 'u2', 'u3', 'u4', 'u5']) clients.push(await cluster.open(1, user));
    const watcher = await cluster.openV2(0, 'watcher');
    await counts(watcher, 6);
    const old = await cluster.open(0, 'old');
    for (const client of clients) client.leave();
    await watcher.next('presence:state', ({ users }) => users.map(({ userId }) => userId).join() === 'old,watcher');
    await old.next('presence:online', { userId: 'watcher' });
    await presenceFences(cluster, [old, watcher]);
    assert.equal(watcher.view.broken, undefined);
  }));
