// A recorder over the real socket.io-client: it writes down every event in the order of arrival, and a test takes from
// that record. What nobody took is still there at the end, so "nothing else came" can be asserted.
import assert from 'node:assert/strict';
import http from 'node:http';
import { io } from 'socket.io-client';
import { SOON_MS, happens, soon, within } from './waiting.mjs';
import { tokenOf } from './token.mjs';

/** The three ways a client can be connected; a test that must hold in each loops over this table. */
export const TRANSPORTS = {
  'polling only': { transports: ['polling'] },
  'websocket only': { transports: ['websocket'] },
  'polling, then upgrade': { transports: ['polling', 'websocket'] },
};

let fences = 0;

function matches(data, wanted) {
  if (wanted === undefined) return true;
  if (typeof wanted === 'function') return Boolean(wanted(data));
  return Object.entries(wanted).every(([key, value]) => {
    try {
      assert.deepEqual(data?.[key], value);
      return true;
    } catch {
      return false;
    }
  });
}

export class Client {
  /**
   * options: `user` (or `token`, null for none), `namespace`, `transports`, `keepAlive` of polling requests, and
   * whatever else socket.io-client takes. No reconnection unless asked for: a lost connection is to be seen.
   */
  constructor(server, { user, token, namespace = '/chat', keepAlive = true, name, ...options } = {}) {
    this.user = user;
    this.name = name ?? user ?? 'client';
    this.log = [];
    this.#agent = new http.Agent({ keepAlive });
    const jwt = token === undefined && user ? tokenOf(user) : token;
    this.socket = io(server.url + namespace, {
      path: '/ws',
      auth: jwt ? { token: jwt } : {},
      forceNew: true,
      reconnection: false,
      transports: ['websocket'],
      agent: this.#agent,
      timeout: SOON_MS,
      ...options,
    });
    this.#contract = namespace === '/chat' ? server.contract : undefined;
    this.socket.onAny((event, ...args) => this.#record(event, args));
    this.socket.on('disconnect', (reason) => { this.closed = reason; });
    server.onEnd?.(() => this.close());
  }

  #agent;
  #contract;
  #waiters = new Set();

  #record(event, args) {
    // Where the connection can be recovered, its place in the log follows what was said.
    const placed = this.socket._pid !== undefined && args.length > 1 && typeof args.at(-1) === 'string';
    this.#contract?.hear(event, placed ? args.slice(0, -1) : args);
    const data = args[0];
    // The answer to a barrier is the test's own doing and no part of the record.
    if (event === 'error' && String(data?.channelId ?? '').startsWith('fence-')) return;
    this.log.push({ event, data, args, taken: false });
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Connects as `user` and waits until the server has greeted it with welcome and its own presence. */
  static async open(server, user, options = {}) {
    const client = new Client(server, { user, ...options });
    await client.ready();
    return client;
  }

  async connected() {
    if (!this.socket.connected) {
      await within(SOON_MS, new Promise((done, fail) => {
        this.socket.once('connect', done);
        this.socket.once('connect_error', (error) => fail(new Error(`${this.name} cannot connect: ${error.message}`)));
      }), `${this.name} is not connected`);
    }
    return this;
  }

  /** Waits for the error that keeps this client out. */
  async refused() {
    const [error] = await happens(this.socket, 'connect_error', `${this.name} was not refused`);
    return error;
  }

  async ready() {
    await this.connected();
    this.welcome = await this.next('welcome');
    await this.next('presence:online', { userId: this.welcome.userId });
    const { transports, upgrade } = this.socket.io.opts;
    if (upgrade !== false && transports.length === 2) await this.upgraded();
    return this;
  }

  async upgraded() {
    const { engine } = this.socket.io;
    if (engine.transport.name !== 'websocket') await happens(engine, 'upgrade', `${this.name} is still polling`);
    return this;
  }

  /** The oldest record of `event` that matches and was not taken yet, awaited if need be. */
  async next(event, wanted, ms = SOON_MS) {
    let waiter;
    const found = new Promise((done) => {
      waiter = () => {
        const entry = this.log.find((e) => !e.taken && e.event === event && matches(e.data, wanted));
        if (!entry) return;
        // Two events of one turn must not both be taken by this one wait.
        this.#waiters.delete(waiter);
        entry.taken = true;
        done(entry.data);
      };
      this.#waiters.add(waiter);
      waiter();
    });
    try {
      return await within(ms, found, () => `${this.name} waits for ${event} ${describe(wanted)}\n${this.story()}`);
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  /** The records of `event` (of all events without one) that no test took yet; they stay untaken. */
  untaken(event) {
    return this.log.filter((e) => !e.taken && (event === undefined || e.event === event))
      .map((e) => (event === undefined ? [e.event, e.data] : e.data));
  }

  /** Everything received so far counts as taken. */
  forget() {
    for (const entry of this.log) entry.taken = true;
    return this;
  }

  /** Everything received of `event`, taken or not. */
  all(event) { return this.log.filter((e) => e.event === event).map((e) => e.data); }

  story() {
    const lines = this.log.map((e) => `  ${this.name} ${e.taken ? '<-' : '<='} ${e.event} ${JSON.stringify(e.data)}`);
    return [...lines.slice(-40), this.closed ? `  ${this.name} was disconnected: ${this.closed}` : ''].join('\n');
  }

  emit(event, ...args) {
    this.socket.emit(event, ...args);
    return this;
  }

  /** Emits with an acknowledgement and returns it; the record shows it as `ack` among the events. */
  ask(event, ...args) {
    const answer = new Promise((done) => {
      this.socket.emit(event, ...args, (...answer) => {
        this.#contract?.hearAcknowledgement(event, answer);
        const [reply] = answer;
        this.log.push({ event: 'ack', data: reply, args: [reply, event], taken: true });
        done(reply);
      });
    });
    return soon(answer, () => `${this.name} gets no ack for ${event} ${JSON.stringify(args)?.slice(0, 200)}\n${this.story()}`);
  }

  /** `ask` for what must succeed. */
  async must(event, ...args) {
    const reply = await this.ask(event, ...args);
    assert.equal(reply?.ok, true, `${event} was refused: ${JSON.stringify(reply)}`);
    return reply;
  }

  join(channelId) { return this.must('channel:join', { channelId }); }

  async say(channelId, content, more = {}) { return this.must('message:send', { channelId, content, ...more }); }

  /**
   * A round trip through the server's event handling on this very socket: whatever the server had sent to it before
   * answering is in the record afterwards. It asks to join a channel of its own, so that nobody else can notice.
   */
  async barrier() {
    await this.ask('channel:join', { channelId: `fence-${process.pid}-${++fences}` });
    return this;
  }

  /** Fails if anything that no test took has arrived (own barriers aside). */
  async nothingElse(...ignored) {
    await this.barrier();
    const rest = this.untaken().filter(([event]) => !ignored.includes(event));
    assert.deepEqual(rest, [], `${this.name} received what it should not have\n${this.story()}`);
  }

  /** The polite goodbye: a namespace disconnect packet, then the transport is closed. */
  leave() {
    this.socket.disconnect();
    return this;
  }

  /** The cut cable: the TCP connections end with no word of goodbye. */
  sever() {
    const transport = this.socket.io.engine?.transport;
    transport?.ws?.terminate();
    this.#agent.destroy();
    return this;
  }

  close() {
    this.socket.io.reconnection(false);
    this.socket.disconnect();
    this.#agent.destroy();
  }

  /** The reason of the disconnection, awaited. */
  async gone(ms = SOON_MS) {
    if (!this.closed) await happens(this.socket, 'disconnect', `${this.name} is to be disconnected\n${this.story()}`, ms);
    return this.closed;
  }
}

function describe(wanted) {
  if (wanted === undefined) return '';
  return typeof wanted === 'function' ? wanted.toString() : JSON.stringify(wanted);
}
