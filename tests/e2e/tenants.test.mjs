// Two workspaces of one server: nobody hears anything of the other one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { openV2 } from './support/presence.mjs';
import { known, makeChannel, makeWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { tokenOf } from './support/token.mjs';

const ALONE = { flags: ['--auto-join', 'off', '--presence-grace', '0'] };
const online = (count) => ({ onlineUsersCount }) => onlineUsersCount === count;

/** Alice and Bob are in acme, Zoe and Yves in zoo. */
async function twoWorkspaces(server) {
  await known(server, 'bob', 'yves');
  return {
    acme: await makeWorkspace(server, 'alice', 'acme', { bob: 'member' }),
    zoo: await makeWorkspace(server, 'zoe', 'zoo', { yves: 'member' }),
  };
}

for (const shards of [1, 3]) {
  test(`given two workspaces, when people of one come, type, talk and go, then those of the other hear nothing of it (${shards})`, () =>
    withServer({ flags: [...ALONE.flags, '--shards', String(shards)] }, async (server) => {
      const { acme } = await twoWorkspaces(server);
      const channel = await makeChannel(server, 'alice', { name: 'plans', type: 'public', workspace: acme });
      const zoe = await Client.open(server, 'zoe');
      const yves = await openV2(server, 'yves');
      await zoe.next('presence:online', { userId: 'yves' });
      for (const one of [zoe, yves]) await one.barrier();
      const before = new Map([zoe, yves].map((one) => [one, one.log.length]));

      const alice = await Client.open(server, 'alice');
      const bob = await Client.open(server, 'bob');
      await alice.next('presence:online', { userId: 'bob' });
      for (const one of [alice, bob]) await one.join(channel);
      bob.emit('channel:typing', { channelId: channel });
      await alice.next('channel:typing', { userId: 'bob' });
      await bob.say(channel, 'the plan');
      await alice.next('message:new', { content: 'the plan' });
      bob.leave();
      await alice.next('presence:offline', { userId: 'bob' });

      // What was on its way to them has arrived by then.
      for (const [one, length] of before) {
        await one.barrier();
        const heard = one.log.slice(length).filter(({ event }) => /^(presence|channel|message):/.test(event));
        assert.deepEqual(heard, [], one.story());
      }
    }));
}

test('given two workspaces, when people of one are online, then the live figures of the other do not count them', () =>
  withServer(ALONE, async (server) => {
    const { acme, zoo } = await twoWorkspaces(server);
    const stream = await EventStream.open(server, `/api/v1/workspaces/${zoo}/stats/live`, 'zoe');
    await stream.next('stats:update', online(0));
    await Client.open(server, 'alice');
    await Client.open(server, 'bob');
    const theirs = await EventStream.open(server, `/api/v1/workspaces/${acme}/stats/live`, 'alice');
    await theirs.next('stats:update', online(2));
    await Client.open(server, 'yves');
    const { json } = await stream.next('stats:update', ({ onlineUsersCount }) => onlineUsersCount > 0);
    assert.deepEqual([json.onlineUsersCount, json.connections], [1, 1]);
  }));

test('given two workspaces in common, when somebody comes and goes, then each client is told once of each', () =>
  withServer({ flags: [...ALONE.flags, '--shards', '2'] }, async (server) => {
    const acme = await makeWorkspace(server, 'alice', 'acme', { bob: 'member', carol: 'member', fence: 'member' });
    const zoo = await makeWorkspace(server, 'alice', 'zoo', { bob: 'member', carol: 'member' });
    const old = await Client.open(server, 'alice');
    const seen = new Map([acme, zoo].map((workspace) => [workspace, []]));
    const now = new Client(server, { user: 'carol', auth: { token: tokenOf('carol'), caps: ['presence.v2'] } });
    for (const event of ['presence:state', 'presence:diff']) {
      now.socket.on(event, ({ workspaceId, users = [], online = [], offline = [] }) => {
        for (const { userId } of [...users, ...online]) if (userId === 'bob') seen.get(workspaceId).push('online');
        for (const { userId } of offline) if (userId === 'bob') seen.get(workspaceId).push('offline');
      });
    }
    await now.ready();
    for (let round = 1; round <= 3; round += 1) {
      const bob = await Client.open(server, 'bob');
      await old.next('presence:online', { userId: 'bob' });
      bob.leave();
      await old.next('presence:offline', { userId: 'bob' });
      const fence = await Client.open(server, 'fence');
      await old.next('presence:online', { userId: 'fence' });
      fence.leave();
      await old.next('presence:offline', { userId: 'fence' });
      assert.deepEqual(old.untaken().filter(([, data]) => data?.userId === 'bob'), [], old.story());
    }
    await now.barrier();
    const comings = Array.from({ length: 3 }, () => ['online', 'offline']).flat();
    assert.deepEqual([seen.get(acme), seen.get(zoo)], [comings, comings]);
  }));
