// Several atrium nodes that act as one over a Redis of their own and one database file, and clients of them.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { Client } from '../../e2e/support/client.mjs';
import { request } from '../../e2e/support/http.mjs';
import { openV2 } from '../../e2e/support/presence.mjs';
import { Server, newDatabase, temporaryDirectory } from '../../e2e/support/server.mjs';
import { tokenOf } from '../../e2e/support/token.mjs';
import { SOON_MS, within } from '../../e2e/support/waiting.mjs';
import { Redis } from './redis.mjs';

export const GENERAL = 'general';
/** A lease of 10 s, found out within 2 s ± 25 %: until then a dead node's users are online. */
export const DEATH_MS = 13_000;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks now and then until the answer is truthy: for what only a question shows, and may take its time. */
export async function eventually(ask, what, ms = SOON_MS) {
  const deadline = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`still not so after ${ms} ms: ${typeof what === 'function' ? what() : what}`);
    await pause(25);
  }
}

export class Cluster {
  /**
   * `size` nodes; `flags` are command line words of each. A node that ends waits for `handover` ms for clients to turn up
   * elsewhere, which those of most tests do not.
   */
  constructor({ size = 2, mode = 'classic', handover = 100, flags = [] } = {}) {
    Object.assign(this, { size, mode, handover, flags });
    this.directory = temporaryDirectory('atrium-cluster-');
    this.nodes = [];
    this.paused = new Set();
  }

  async start() {
    this.redis = await Redis.start();
    // The first one makes the database.
    await this.add();
    await Promise.all(Array.from({ length: this.size - 1 }, () => this.add()));
    return this;
  }

  /** One more node, which has found the others; `redis` is where it finds the Redis. */
  async add(redis = this.redis.url) {
    const flags = ['--redis', redis, '--redis-mode', this.mode, '--handover', `${this.handover}`, ...this.flags];
    const node = new Server({ database: newDatabase(this.directory), flags });
    this.nodes.push(node);
    await node.start();
    await this.are('ok', [node]);
  }

  get running() { return this.nodes.filter((node) => node.running); }

  /** What a node says of itself at /readyz, awaited of `nodes`. */
  async are(status, nodes = this.running, ms = SOON_MS) {
    await Promise.all(nodes.map(async (node) => {
      let last;
      await eventually(async () => {
        last = await request(node, '/readyz');
        return last.status === 200 && last.json.status === status;
      }, () => `/readyz says ${status}, not ${last?.text}`, ms);
    }));
  }

  /** A client of node `i`, welcomed. */
  open(i, user, options) { return Client.open(this.nodes[i], user, options); }

  openV2(i, user, options) { return openV2(this.nodes[i], user, options); }

  /** A client of node `i` that has joined the channel. */
  async inChannel(i, user, channelId = GENERAL, options = {}) {
    const client = await this.open(i, user, options);
    await client.join(channelId);
    return client;
  }

  stopProcess(i) {
    process.kill(this.nodes[i].pid, 'SIGSTOP');
    this.paused.add(this.nodes[i].pid);
  }

  continueProcess(i) {
    process.kill(this.nodes[i].pid, 'SIGCONT');
    this.paused.delete(this.nodes[i].pid);
  }

  /** Ends all in good order, and fails if one has ended before, or said what its documents do not know. */
  async end() {
    for (const [i, node] of this.nodes.entries()) {
      assert.ok(node.running || node.process === undefined, `node ${i} has ended by itself`);
      node.contract.assertKept();
      node.runEnds();
    }
    await Promise.all(this.running.map((node) => node.stop()));
  }

  /** How the nodes are and what they wrote, for whoever reads of a failure. */
  async logs() {
    const said = this.nodes.map(async (node, i) => {
      const { code, signal } = node.running || !node.process ? {} : await node.process.ended;
      const how = node.running ? 'running' : `ended by ${signal ?? code ?? 'the test'}`;
      return `--- node ${i}, ${how}; the end of its stderr:\n${node.stderr.split('\n').slice(-15).join('\n')}`;
    });
    return (await Promise.all(said)).join('\n');
  }

  async clear() {
    for (const pid of this.paused) {
      if (this.running.some((node) => node.pid === pid)) process.kill(pid, 'SIGCONT');
    }
    for (const node of this.nodes) node.runEnds();
    await Promise.all(this.running.map((node) => node.kill().catch(() => {})));
    await this.redis?.stop();
    for (const { directory } of [this, ...this.nodes]) rmSync(directory, { recursive: true, force: true });
  }
}

/** Starts a cluster, runs the test's body with it, stops it cleanly; a failure carries what the nodes said. */
export async function withCluster(options, body) {
  const cluster = new Cluster(options);
  try {
    await cluster.start();
    await body(cluster);
    await cluster.end();
  } catch (error) {
    if (error instanceof Error) error.message += `\n${await cluster.logs()}`;
    throw error;
  } finally {
    await cluster.clear();
  }
}

/** Options of a client with these capabilities. */
export const withCaps = (user, ...caps) => ({ auth: { token: tokenOf(user), caps } });

/** What a client was told of somebody's presence, in order; of one of "presence.v2" from its differences. */
export function presenceOf(client, userId) {
  if (!client.view) {
    return client.log.filter(({ event, data }) => /^presence:(on|off)line$/.test(event) && data.userId === userId)
      .map(({ event }) => event.slice('presence:'.length));
  }
  return client.log.filter(({ event }) => event === 'presence:diff').flatMap(({ data }) =>
    ['offline', 'online', 'updated'].filter((kind) => data[kind].some((user) => user.userId === userId)));
}

export const lengthsOf = (clients) => clients.map(({ log }) => log.length);

/** Asserts of whose coming and going each observer was told since its record had `lengths` entries, for each user. */
export function assertToldSince(lengths, observers, users, expected) {
  for (const [i, observer] of observers.entries()) {
    const since = { view: observer.view, log: observer.log.slice(lengths[i]) };
    for (const user of users) {
      const told = presenceOf(since, user).filter((kind) => kind !== 'updated');
      assert.deepEqual(told, expected, `${observer.name} of ${user}\n${observer.story()}`);
    }
  }
}

/** Waits until a client with "presence.v2" shows the user as `is` likes; `what` says how. */
function sees(client, user, is, what, ms) {
  const shown = () => client.view.users.get(user) ?? 'offline';
  const events = ['presence:diff', 'presence:state'];
  let look;
  const found = new Promise((done) => {
    look = () => { if (is(shown())) done(); };
    for (const event of events) client.socket.on(event, look);
    look();
  });
  return within(ms, found, () => `${client.name} is to see ${user} ${what}, not ${shown()}\n${client.story()}`)
    .finally(() => { for (const event of events) client.socket.off(event, look); });
}

/** Waits until a client with "presence.v2" shows the user with that status; "offline": does not show him. */
export const shows = (client, user, status, ms = SOON_MS) => sees(client, user, (shown) => shown === status, status, ms);

/** Waits until the observer, of either kind, is told that the user has come ("online", however he is) or gone ("offline"). */
export function told(observer, user, status, ms = SOON_MS) {
  if (!observer.view) return observer.next(`presence:${status}`, { userId: user }, ms);
  return sees(observer, user, (shown) => (shown === 'offline') === (status === 'offline'), status, ms);
}

let strangers = 0;

/**
 * A stranger comes to each node in turn, and goes, and each observer is told of it: what changed before on any node has been
 * told by then.
 */
export async function presenceFences(cluster, observers, nodes = cluster.running) {
  for (const node of nodes) {
    const name = `stranger${process.pid}x${++strangers}`;
    const stranger = await Client.open(node, name);
    for (const observer of observers) await told(observer, name, 'online');
    stranger.leave();
    for (const observer of observers) await told(observer, name, 'offline');
  }
}

/** Who is not offline, by id, as node `i` answers `user` over REST. */
export async function listed(node, user, query = '') {
  const { status, json, text } = await request(node, `/api/v1/workspaces/default/presence${query}`, { user });
  assert.equal(status, 200, text);
  return Object.fromEntries(json.data.map((each) => [each.userId, each.status]));
}
