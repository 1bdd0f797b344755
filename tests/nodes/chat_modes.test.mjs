// Each mode of the bus carries the chat: messages, typing, presence, and what is taken from somebody.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { makeChannel, removeMember } from '../e2e/support/rooms.mjs';
import { assertStartsAndStopsAlternate } from '../e2e/support/typing.mjs';
import { DEATH_MS, listed, presenceFences, presenceOf, told, withCluster } from './support/chat.mjs';

for (const mode of ['classic', 'sharded', 'streams']) {
  test(`${mode}: people of three nodes come, join, type, talk, are put out and go, as if it were one`, () =>
    withCluster({ mode, size: 3, flags: ['--presence-grace', '60000'] }, async (cluster) => {
      const channelId = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret', members: ['bob', 'carol'] });
      const users = ['alice', 'bob', 'carol'];
      const clients = [];
      for (const [i, user] of users.entries()) clients.push(await cluster.open(i, user));
      const [alice, bob, carol] = clients;
      for (const client of clients) for (const user of users) if (user !== client.user) await told(client, user, 'online');
      for (const client of clients) await client.join(channelId);
      for (const user of ['bob', 'carol']) await alice.next('channel:user_joined', { channelId, userId: user });

      alice.emit('channel:typing', { channelId });
      for (const other of [bob, carol]) await other.next('channel:typing', { channelId, userId: 'alice' });
      await Promise.all(clients.flatMap((client) => Array.from({ length: 10 }, (_, i) => client.say(channelId, `${i}`))));
      for (const client of clients) await messageFence(channelId, client, ...clients);
      for (const other of [bob, carol]) {
        await other.next('channel:stop_typing', { userId: 'alice' });
        assert.equal(assertStartsAndStopsAlternate(other), 1);
      }
      for (const client of clients) assert.equal(ChannelView.of(client, 0).last, 33, client.name);

      await removeMember(cluster.nodes[0], 'alice', channelId, 'carol');
      await alice.say(channelId, 'among us');
      await carol.next('channel:removed', { channelId }, 1000);
      await messageFence(channelId, bob, alice);
      await carol.barrier();
      assert.equal(ChannelView.of(carol, 0).last, 33);

      await presenceFences(cluster, clients);
      carol.leave();
      for (const client of [alice, bob]) await told(client, 'carol', 'offline');
      for (const node of cluster.nodes) assert.deepEqual(await listed(node, 'alice'), { alice: 'online', bob: 'online' });
      for (const client of [alice, bob]) assert.deepEqual(presenceOf(client, 'carol'), ['online', 'offline']);
    }));

  test(`${mode}: a node that dies takes its people along, once, and those of the others go on`, () =>
    withCluster({ mode, size: 3 }, async (cluster) => {
      const [bob, carol] = [await cluster.inChannel(1, 'bob'), await cluster.inChannel(2, 'carol')];
      const alice = await cluster.inChannel(0, 'alice');
      alice.emit('channel:typing', { channelId: 'general' });
      for (const other of [bob, carol]) {
        await told(other, 'alice', 'online');
        await other.next('channel:typing', { userId: 'alice' });
      }
      await cluster.nodes[0].kill();
      await Promise.all([bob, carol].map(async (other) => {
        await told(other, 'alice', 'offline', DEATH_MS);
        await other.next('channel:stop_typing', { userId: 'alice' });
      }));
      for (const speaker of [bob, carol]) await messageFence('general', speaker, bob, carol);
      await presenceFences(cluster, [bob, carol]);
      for (const other of [bob, carol]) {
        assert.deepEqual(presenceOf(other, 'alice'), ['online', 'offline']);
        assert.equal(assertStartsAndStopsAlternate(other), 1);
        assert.equal(ChannelView.of(other, 0).last, 2);
      }
    }));

  test(`${mode}: a Redis that is restarted makes nobody go, and all crosses again`, () => withCluster({ mode }, async (cluster) => {
    const [alice, bob] = [await cluster.inChannel(0, 'alice'), await cluster.inChannel(1, 'bob')];
    await told(alice, 'bob', 'online');
    await told(bob, 'alice', 'online');
    await cluster.redis.restart();
    await cluster.are('ok');
    for (const speaker of [alice, bob]) await messageFence('general', speaker, alice, bob);
    await presenceFences(cluster, [alice, bob]);
    assert.deepEqual(presenceOf(alice, 'bob'), ['online']);
    assert.deepEqual(presenceOf(bob, 'alice'), ['online']);
  }));
}
