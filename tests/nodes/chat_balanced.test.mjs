// Three nodes behind nginx, by the configuration that is shipped: one of them dies, and its people come back through nginx.
// ATRIUM_CROWD: how many people are on each node.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../e2e/support/client.mjs';
import { Balancer, missing } from './support/balancer.mjs';
import { DEATH_MS, assertToldSince, lengthsOf, listed, pause, presenceFences, told, withCaps, withCluster } from './support/chat.mjs';

const CROWD = Number(process.env.ATRIUM_CROWD ?? 20);

/** Runs `each` of all, sixteen at a time. */
async function together(all, each) {
  const waiting = [...all];
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (waiting.length) await each(waiting.shift());
  }));
}

test(`given three nodes with ${CROWD} users each behind nginx, when one is killed and 60 % of its come back, then the other 40 % go, once`,
  { skip: missing('nginx') }, () => withCluster({ size: 3, flags: ['--presence-full-max', '10000'] }, async (cluster) => {
    const balancer = await Balancer.start('nginx', 'websocket', cluster.nodes.map(({ port }) => port));
    const clients = [];
    try {
      const observers = [await cluster.open(1, 'b'), await cluster.openV2(1, 'b2'), await cluster.openV2(2, 'c2')];
      const places = new Map();  // where nginx has sent each
      // They want to know of nobody, so that the test measures the servers and not itself.
      const enter = async (user) => {
        const client = await Client.open(balancer, user, { ...withCaps(user, 'presence.v2'), name: user });
        clients.push(client);
        return client.welcome.nodeId;
      };
      const users = Array.from({ length: 3 * CROWD }, (_, i) => `user${i}`);
      await together(users, async (user) => places.set(user, await enter(user)));
      for (const observer of observers) for (const user of users) await told(observer, user, 'online', 30_000);
      await presenceFences(cluster, observers);
      const near = await Client.open(cluster.nodes[0], 'a', withCaps('a', 'presence.v2'));
      const dying = near.welcome.nodeId;
      near.close();
      const his = users.filter((user) => places.get(user) === dying);
      assert.ok(his.length > CROWD / 2, `nginx sent ${his.length} to the node`);
      const comeBack = his.filter((_, i) => i % 5 < 3);
      const stayAway = his.filter((_, i) => i % 5 >= 3);
      for (const observer of observers) await told(observer, 'a', 'offline', 30_000);
      const before = lengthsOf(observers);

      const killed = performance.now();
      await cluster.nodes[0].kill();
      await together(comeBack, async (user) => {
        const nth = comeBack.indexOf(user);
        await pause(killed + nth * (3000 / comeBack.length) - performance.now());
        assert.notEqual(await enter(user), dying);
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
      assertToldSince(before, observers, users.filter((user) => !stayAway.includes(user)), []);
      const here = [...users.filter((user) => !stayAway.includes(user)), ...observers.map(({ user }) => user)].sort();
      for (const node of cluster.running) {
        // More than one page tells is not listed here.
        if (here.length <= 500) assert.deepEqual(Object.keys(await listed(node, 'b', '?limit=500')).sort(), here);
      }
      console.log(`of ${his.length} users ${comeBack.length} were back after ${back.toFixed(0)} ms; each observer was told of the ` +
        `other ${stayAway.length}, once each, within ${took.toFixed(0)} ms of the kill`);
    } finally {
      for (const client of clients) client.close();
      await balancer.stop();
    }
  }));
