// Clients with "presence.v2", and what they make of what they are told.
import assert from 'node:assert/strict';
import { Client } from './client.mjs';
import { tokenOf } from './token.mjs';

export const WORKSPACE = 'default';

/** A client with "presence.v2" that has been told how things stand; `view` follows. */
export async function openV2(server, user, options = {}) {
  const client = new Client(server, { user, auth: { token: tokenOf(user), caps: ['presence.v2'] }, ...options });
  client.view = new View(client);
  await client.ready();
  await client.view.next('begin');
  return client;
}

/** The presence of one workspace as a client with "presence.v2" follows it; that no version is left out is asserted. */
export class View {
  constructor(client) {
    this.client = client;
    this.users = new Map();
    this.count = undefined;
    this.steps = [];
    client.socket.on('presence:state', (state) => {
      this.users = new Map(state.users.map((user) => [user.userId, user.status]));
      this.wver = state.wver;
      this.count = undefined;
      this.#note('begin');
    });
    client.socket.on('presence:count', ({ online }) => {
      this.count = online;
      this.#note('begin');
    });
    client.socket.on('presence:diff', (diff) => {
      this.steps.push(diff);
      if (diff.from !== this.wver) this.broken = `${diff.from} does not continue ${this.wver}`;
      this.wver = diff.wver;
      for (const { userId } of diff.offline) this.users.delete(userId);
      for (const { userId, status } of [...diff.online, ...diff.updated]) this.users.set(userId, status);
      this.#note('diff');
    });
  }

  #waiters = new Set();

  #note(what) { for (const waiter of [...this.#waiters]) waiter(what); }

  /** The next of its kind, or the one that has come already where it is the beginning. */
  next(what) {
    if (what === 'begin' && (this.wver !== undefined || this.count !== undefined)) return Promise.resolve();
    return new Promise((done) => {
      const waiter = (happened) => {
        if (happened !== what) return;
        this.#waiters.delete(waiter);
        done();
      };
      this.#waiters.add(waiter);
    });
  }

  /** Waits until `user` has `status` ("offline": is not there). */
  async shows(user, status) {
    const is = () => (this.users.get(user) ?? 'offline') === status;
    while (!is()) await this.client.next('presence:diff');
    assert.equal(this.broken, undefined);
  }

  /** As a list that two views can be compared by. */
  entries() { return [...this.users].sort(([a], [b]) => (a < b ? -1 : 1)); }
}
