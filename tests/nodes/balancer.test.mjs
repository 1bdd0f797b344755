// Two nodes over a Redis behind nginx and behind HAProxy, each with the files of deploy/: real clients of every transport, HTTP,
// server-sent events, nodes that die and nodes that drain.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, TRANSPORTS } from '../e2e/support/client.mjs';
import { request, rest } from '../e2e/support/http.mjs';
import { BINARY, Server, temporaryDirectory } from '../e2e/support/server.mjs';
import { EventStream } from '../e2e/support/sse.mjs';
import { soon, until } from '../e2e/support/waiting.mjs';
import { Balancer, DEPLOY, freePort, missing } from './support/balancer.mjs';
import { Redis } from './support/redis.mjs';

const LIVE = '/api/v1/workspaces/default/stats/live';
const BACK = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200, randomizationFactor: 0 };

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** How many connections a node has. */
async function connections(node) {
  const { text } = await request(node, '/metrics');
  return [...text.matchAll(/^atrium_connections\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Two nodes with a balancer in front. */
class Cluster {
  clients = [];

  static async with({ kind, form = 'sticky', flags = [] }, body) {
    const cluster = new Cluster();
    cluster.directory = temporaryDirectory('atrium-balanced-');
    try {
      cluster.redis = await Redis.start();
      const database = `sqlite:${join(cluster.directory, 'chat.db')}`;
      const words = ['--redis', cluster.redis.url, '--metrics', '--shards', '2', '--handover', '100', ...flags];
      cluster.nodes = [1, 2].map(() => new Server({ database, flags: words }));
      for (const node of cluster.nodes) await node.start();
      cluster.front = await Balancer.start(kind, form, cluster.nodes.map(({ port }) => port));
      cluster.front.onEnd = (action) => cluster.nodes[0].onEnd(action);
      await body(cluster);
      for (const node of cluster.nodes) {
        node.contract.assertKept();
        node.runEnds();
      }
      await Promise.all(cluster.nodes.filter((node) => node.running).map((node) => node.stop()));
    } catch (error) {
      const logs = [...cluster.nodes ?? [], cluster.front].map((each) => each?.stderr ?? each?.said ?? '');
      const said = logs.map((log) => log.split('\n').slice(-12).join('\n'));
      if (error instanceof Error) error.message += `\n--- the nodes and the balancer said:\n${said.join('\n---\n')}`;
      throw error;
    } finally {
      for (const node of cluster.nodes ?? []) node.runEnds();
      await Promise.all((cluster.nodes ?? []).filter((node) => node.running).map((node) => node.kill()));
      await cluster.front?.stop();
      await cluster.redis?.stop();
      for (const { directory } of [cluster, ...cluster.nodes ?? []]) rmSync(directory, { recursive: true, force: true });
    }
  }

  connections() { return Promise.all(this.nodes.map(connections)); }

  /**
   * A client that came through the balancer and is in the channel "general". nginx is told who it is, as it cannot tell those of one
   * address apart; HAProxy needs no such thing.
   */
  async open(options = {}) {
    const name = `user${this.clients.length}`;
    const query = this.front.kind === 'nginx' && this.front.form === 'sticky' ? { client: name } : {};
    const client = await Client.open(this.front, name, { query, ...options });
    this.clients.push(client);
    await client.join('general');
    return client;
  }

  /** Clients, at least `count` and until both nodes have some. */
  async openOnBoth(count, options) {
    const clients = [];
    while (clients.length < count || (await this.connections()).includes(0)) {
      assert.ok(clients.length < 40, 'both nodes are used');
      clients.push(await this.open(options));
    }
    return clients;
  }

  /** The first says something, and each hears it. */
  async talk(clients, content) {
    await clients[0].say('general', content);
    await Promise.all(clients.map((client) => client.next('message:new', { content })));
  }
}

/** Those of the clients that were disconnected since. */
function losses(clients) {
  const lost = new Set();
  for (const client of clients) client.socket.on('disconnect', () => lost.add(client));
  return lost;
}

/** In the place of the two nodes: `answer(request, response)` does what it likes with all but health checks. */
async function withFakes(answer, body) {
  const servers = [1, 2].map(() => http.createServer((request, response) => {
    if (request.url === '/readyz') response.end();
    else answer(request, response);
  }));
  try {
    for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    await body(servers.map((server) => server.address().port));
  } finally {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

async function withBalancer(kind, form, ports, body) {
  const front = await Balancer.start(kind, form, ports);
  try {
    return await body(front);
  } finally {
    await front.stop();
  }
}

for (const kind of ['nginx', 'haproxy']) {
  const skip = missing(kind);
  if (skip) console.error(`\n*** ${skip} ***\n`);
  const claim = (name, body, form = 'sticky', flags = []) =>
    test(`${kind}, ${form}: ${name}`, { skip }, () => Cluster.with({ kind, form, flags }, body));

  for (const [transports, options] of Object.entries(TRANSPORTS)) {
    claim(`clients with ${transports} are over both nodes, and talk with each other`, async (cluster) => {
      const clients = await cluster.openOnBoth(6, options);
      for (let i = 0; i < 10; i += 1) await cluster.talk(clients, `${i}`);
      const transport = options.transports.at(-1);
      for (const client of clients) {
        assert.equal(client.socket.io.engine.transport.name, transport);
        assert.equal(client.closed, undefined, 'connected all the time');
      }
      assert.equal((await cluster.connections()).reduce((sum, count) => sum + count), clients.length);
    });

    claim(`when a node is killed, its clients with ${transports} go on at the other`, async (cluster) => {
      const clients = await cluster.openOnBoth(6, { ...options, ...BACK });
      const [before] = await cluster.connections();
      const lost = losses(clients);
      await cluster.nodes[0].kill();
      await until(() => lost.size === before, `${before} clients notice it`);
      await until(() => clients.every(({ socket }) => socket.connected), 'all are connected', 30_000);
      await Promise.all([...lost].map((client) => client.join('general')));
      await cluster.talk(clients, 'we are all here');
      assert.equal(await connections(cluster.nodes[1]), clients.length);
    });

    claim(`a node that drains gets no new clients with ${transports}`, async (cluster) => {
      const clients = await cluster.openOnBoth(4, { ...options, ...BACK });
      const [draining, other] = cluster.nodes;
      // Who has not said yet who he is, keeps the node from ending before its time.
      assert.equal((await request(draining, '/ws/?EIO=4&transport=polling')).status, 200);
      process.kill(draining.pid, 'SIGTERM');
      await until(async () => (await request(draining, '/readyz')).status === 503, 'it drains');
      const fresh = [];
      for (let i = 0; i < 8; i += 1) fresh.push(await cluster.open(options));
      assert.equal((await request(draining, '/readyz')).status, 503, 'it drains still');
      await until(() => clients.every(({ socket }) => socket.connected), 'all are connected', 30_000);
      await until(async () => await connections(other) === clients.length + fresh.length, 'all are on the other node');
      await Promise.all(clients.map((client) => client.join('general')));
      await cluster.talk([...clients, ...fresh], 'we are all here');
      for (const client of fresh) assert.equal(client.closed, undefined, 'connected at the first time, and stays');
      await draining.process.ended;
    }, 'sticky', ['--drain', '4000']);
  }

  for (const form of ['sticky', 'websocket']) {
    claim('events of the server come at once', async (cluster) => {
      const stream = await EventStream.open(cluster.front, LIVE, 'watcher');
      assert.equal(stream.status, 200);
      await stream.next('stats:update', undefined, 2000);
      // On change after a second at most; by themselves they come every ten. A node counts what is said there.
      const speakers = await Promise.all(cluster.nodes.map((node) => Client.open(node, 'speaker')));
      for (let count = 1; count <= 3; count += 1) {
        for (const speaker of speakers) await speaker.say('general', `${count}`);
        await stream.next('stats:update', ({ messagesPerMin }) => messagesPerMin >= count, 5000);
      }
    }, form);

    claim('HTTP reaches a node, and what it says there reaches all', async (cluster) => {
      const clients = await cluster.openOnBoth(4);
      for (let i = 0; i < 4; i += 1) {
        const { status, text } = await rest(cluster.front, 'user0').post('/channels/general/messages', { content: `by HTTP ${i}` });
        assert.equal(status, 201, text);
        await Promise.all(clients.map((client) => client.next('message:new', { content: `by HTTP ${i}` })));
      }
    }, form);

    claim('the figures of a node are not shown outside, nor is its back door', async (cluster) => {
      for (const path of ['/metrics', '/_debug/cron']) assert.equal((await request({ url: cluster.front.url }, path)).status, 404);
    }, form);
  }

  claim('clients are over both nodes, and go on when one is killed', async (cluster) => {
    const clients = await cluster.openOnBoth(6, BACK);
    const counts = await cluster.connections();
    assert.ok(Math.abs(counts[0] - counts[1]) <= 1, `evenly: ${counts}`);
    const lost = losses(clients);
    await cluster.nodes[0].kill();
    await until(() => lost.size === counts[0] && clients.every(({ socket }) => socket.connected), 'all are connected again');
    await Promise.all([...lost].map((client) => client.join('general')));
    await cluster.talk(clients, 'we are all here');

    await cluster.nodes[0].restart();
    // nginx asks a node that was gone again after ten seconds.
    await until(async () => {
      await cluster.open();
      await pause(200);
      return await connections(cluster.nodes[0]) > 0;
    }, 'the node has clients again', 20_000);
  }, 'websocket');

  claim('who would poll is told that this is not for him', async (cluster) => {
    const client = new Client(cluster.front, { user: 'alice', transports: ['polling'] });
    assert.equal((await client.refused()).description, 400);
    const { json, headers } = await request({ url: cluster.front.url }, '/ws/?EIO=4&transport=polling');
    assert.deepEqual([json, headers['content-type']], [{ code: 0, message: 'Transport unknown' }, 'application/json']);
    const tries = new Client(cluster.front, { user: 'alice', transports: ['polling', 'websocket'], tryAllTransports: true });
    await tries.ready();
    assert.equal(tries.socket.io.engine.transport.name, 'websocket');
    tries.close();
  }, 'websocket');

  for (const form of ['sticky', 'websocket']) {
    test(`${kind}, ${form}: a node is told who asks, for which host, and how; not what the client claims`, { skip }, async () => {
      const seen = [];
      await withFakes((asked, response) => {
        seen.push(asked.headers);
        response.end();
      }, (ports) => withBalancer(kind, form, ports, async (front) => {
        const headers = { host: 'chat.example:8443', 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' };
        for (const path of ['/', '/ws/?EIO=4&transport=websocket', '/api/v1/users/me', LIVE]) {
          assert.equal((await request(front, path, { headers })).status, 200);
        }
      }));
      const told = seen.map((headers) => ['host', 'x-forwarded-for', 'x-forwarded-proto'].map((name) => headers[name]));
      assert.deepEqual(told, Array(4).fill(['chat.example:8443', '127.0.0.1', 'http']));
    });

    // Of each request, the first node that reads it does not answer.
    for (const [what, fail] of [['ends the connection', (asked) => asked.socket.destroy()],
      ['answers 503', (_, response) => response.writeHead(503).end()]]) {
      for (const [method, path, times] of [['GET', '/api/v1/users/me', 2], ['POST', '/api/v1/channels/x/messages', 1],
        ['PATCH', '/api/v1/messages/x', 1], ['GET', '/ws/?EIO=4&transport=websocket', 2],
        ['POST', '/ws/?EIO=4&transport=websocket&sid=x', 1]]) {
        const next = times === 2 ? 'the other is asked' : 'nobody else is';
        test(`${kind}, ${form}: when a node reads ${method} ${path} and ${what}, ${next}`, { skip }, async () => {
          let count = 0;
          await withFakes((asked, response) => {
            count += 1;
            asked.resume().on('end', () => { if (count === 1) fail(asked, response); else response.end('second'); });
          }, (ports) => withBalancer(kind, form, ports, async (front) => {
            const { status, text } = await request(front, path, { method, body: method === 'GET' ? undefined : { content: 'x' } });
            if (times === 2) assert.deepEqual([status, text], [200, 'second']);
            else assert.ok([502, 503].includes(status), `${status}`);
          }));
          assert.equal(count, times);
        });
      }
    }

    test(`${kind}, ${form}: where no node listens, even what has side effects goes to the other`, { skip }, async () => {
      let count = 0;
      await withFakes((_, response) => {
        count += 1;
        response.end();
      }, async ([port]) => withBalancer(kind, form, [await freePort(), port], async (front) => {
        for (let i = 0; i < 10; i += 1) {
          assert.equal((await request(front, '/api/v1/channels/x/messages', { method: 'POST', body: { content: 'x' } })).status, 200);
        }
      }));
      assert.equal(count, 10);
    });
  }

  claim('a body of more than 1 MiB is refused', async (cluster) => {
    const { status } = await rest(cluster.front, 'alice').post('/channels/general/messages', { content: 'x'.repeat(1024 * 1024) });
    assert.equal(status, 413);
  });
}

test('nginx: clients of one address that do not say who they are, are on one node', { skip: missing('nginx') }, () =>
  Cluster.with({ kind: 'nginx' }, async (cluster) => {
    for (let i = 0; i < 6; i += 1) await cluster.open({ transports: ['polling'], query: {} });
    assert.deepEqual((await cluster.connections()).sort(), [0, 6]);
  }));

test('nginx: pages get a cookie, by which those of one address are over both nodes', { skip: missing('nginx') }, () =>
  Cluster.with({ kind: 'nginx' }, async (cluster) => {
    const page = (headers) => request({ url: cluster.front.url }, '/', { headers: { accept: 'text/html,*/*;q=0.8', ...headers } });
    let clients = 0;
    while (clients < 6 || (await cluster.connections()).includes(0)) {
      assert.ok(clients < 40, 'both nodes are used');
      const [given] = (await page()).headers['set-cookie'];
      assert.match(given, /^atrium_client=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
      const [cookie] = given.split(';');
      assert.equal((await page({ cookie })).headers['set-cookie'], undefined, 'once only');
      await cluster.open({ transports: ['polling'], query: {}, extraHeaders: { cookie } });
      clients += 1;
    }
    await cluster.talk(cluster.clients, 'over both');
    const others = ['/ws/?EIO=4&transport=polling', '/readyz', '/openapi.json'];
    for (const path of others) {
      const { headers } = await request({ url: cluster.front.url }, path, { headers: { accept: '*/*' } });
      assert.equal(headers['set-cookie'], undefined, path);
    }
  }));

for (const kind of ['nginx', 'haproxy']) {
  test(`deploy/two-nodes/run ${kind} starts all, says where, and leaves nothing behind`, { skip: missing(kind) }, async () => {
    const directory = temporaryDirectory('atrium-two-nodes-run-');
    const run = spawn(join(DEPLOY, 'two-nodes/run'), [kind, String(await freePort())], {
      env: { ...process.env, ATRIUM_BIN: BINARY, TMPDIR: directory }, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(run, 'close');
    try {
      run.stdout.setEncoding('utf8');
      let said = '';
      run.stdout.on('data', (text) => { said += text; });
      await until(() => pause(20).then(() => said.includes('Ctrl-C')) , () => said);
      const url = /http:\/\/localhost:\d+/.exec(said)[0].replace('localhost', '127.0.0.1');
      const { json } = await request({ url }, '/auth/demo', { method: 'POST', body: { userId: 'alice' } });
      const client = new Client({ url }, { token: json.data.accessToken, namespace: '/chat' });
      await client.next('welcome');
      client.close();
      const nodes = [...said.matchAll(/is process (\d+)/g)].map(([, pid]) => Number(pid));
      assert.equal(nodes.length, 2);
      run.kill('SIGINT');
      assert.deepEqual((await soon(ended, 'it ends'))[0], 0);
      for (const pid of nodes) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
      assert.deepEqual(readdirSync(directory), []);
    } finally {
      run.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    }
  });
}
