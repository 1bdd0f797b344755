// Runs examples/admin_ui.cpp, and connects to it as the Admin UI does and as its users do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { happens, soon, within } from './waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const program = resolve(process.env.ATRIUM_ADMIN_EXAMPLE ?? join(here, '../../../build/release/examples/example_admin_ui'));
const START_MS = 20_000;

const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });

export const CREDENTIALS = { username: 'admin', password: 'changeit' };
export const ISO_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A moment as the protocol writes it, not longer ago than a test takes. */
export function assertRecent(date) {
  assert.match(date, ISO_DATE);
  const age = Date.now() - Date.parse(date);
  assert.ok(age > -1000 && age < 60_000, `${date} is not now`);
}

/** A client that writes down every event with all its arguments; `take` waits for one and removes it from the record. */
export class Recorder {
  constructor(url, namespace, options = {}) {
    this.log = [];
    this.socket = io(url + namespace, { forceNew: true, reconnection: false, transports: ['websocket'], ...options });
    this.socket.onAny((event, ...args) => {
      this.log.push([event, ...args]);
      for (const waiter of [...this.#waiters]) waiter();
    });
  }

  #waiters = new Set();

  async connected() {
    if (this.socket.connected) return this;
    await soon(new Promise((done, fail) => {
      this.socket.once('connect', done);
      this.socket.once('connect_error', fail);
    }), `${this.socket.nsp} is not connected`);
    return this;
  }

  /** The message of the connect_error that is to come. */
  async refusal() {
    const [error] = await happens(this.socket, 'connect_error');
    return error.message;
  }

  get id() { return this.socket.id; }

  /** The arguments of the oldest `event` of which `wanted(...args)` holds. */
  take(event, wanted = () => true) {
    let waiter;
    const taken = new Promise((done) => {
      waiter = () => {
        const index = this.log.findIndex(([name, ...args]) => name === event && wanted(...args));
        if (index < 0) return;
        this.#waiters.delete(waiter);
        done(this.log.splice(index, 1)[0].slice(1));
      };
      this.#waiters.add(waiter);
      waiter();
    });
    return soon(taken, () => `no ${event}; the record: ${this.log.map((entry) => JSON.stringify(entry)).join('\n')}`)
      .finally(() => this.#waiters.delete(waiter));
  }

  ask(...event) { return soon(this.socket.emitWithAck(...event), `no answer to ${event[0]}`); }

  /** Everything that the server had for this client before now is in the record afterwards: it has answered a refusal. */
  async fence() {
    this.socket.emit('join', '/no such namespace', 'x');
    await this.take('error', (error) => error.code === 'NAMESPACE_NOT_FOUND');
  }

  close() { this.socket.disconnect(); }
}

/** Starts the program with these flags, runs `body({ url, pid, admin, user })`, and ends it cleanly. */
export async function withAdmin(flags, body) {
  if (!existsSync(program)) throw new Error(`No program at ${program}: build example_admin_ui or set ATRIUM_ADMIN_EXAMPLE.`);
  const child = spawn(program, ['--port', '0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  const ended = new Promise((done) => child.once('close', (code, signal) => {
    children.delete(child);
    done({ code, signal });
  }));
  const listening = new Promise((done) => child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    const line = /^Listening on (http:\S+)$/m.exec(stdout);
    if (line) done(line[1]);
  }));
  const clients = [];
  const connect = (url, ...how) => {
    clients.push(new Recorder(url, ...how));
    return clients.at(-1);
  };
  try {
    const url = await within(START_MS, Promise.race([listening, ended]), () => `${program} does not listen\n${stderr}`);
    assert.equal(typeof url, 'string', `ended at start: ${JSON.stringify(url)}\n${stderr}`);
    await body({
      url,
      pid: child.pid,
      admin: (options = { auth: CREDENTIALS }) => connect(url, '/admin', options),
      user: (namespace = '/chat', options = {}) => connect(url, namespace, options),
    });
    for (const client of clients) client.close();
    child.kill('SIGTERM');
    assert.deepEqual(await within(START_MS, ended, 'does not end'), { code: 0, signal: null }, stderr);
  } finally {
    for (const client of clients) client.close();
    child.kill('SIGKILL');
  }
}

/** An onlooker that has got its list of sockets, and a user of /chat that it has been told of. */
export async function look({ admin, user }, options) {
  const page = await admin().connected();
  const [sockets] = await page.take('all_sockets');
  const person = await user('/chat', options).connected();
  const [connected, date] = await page.take('socket_connected', (socket) => socket.id === person.id);
  return { page, sockets, person, connected, date };
}
