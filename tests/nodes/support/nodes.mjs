// Nodes of a cluster, ours and official ones, and clients of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { happens, soon, within } from '../../e2e/support/waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const built = resolve(process.env.ATRIUM_BUILD ?? join(here, '../../../build/release'));

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

const programs = {
  atrium: (...words) => [join(built, 'tests/cluster_node'), ...words],
  official: (...words) => [process.execPath, join(here, 'official_node.mjs'), ...words],
};

export class Node {
  /** `kind`: atrium or official. `more`: see the program. Back when it hears the others, or has said `awaited` instead. */
  static async start(kind, url, mode = 'classic', { awaited = /^up$/m, more = [] } = {}) {
    const node = new Node();
    node.kind = kind;
    const [program, ...words] = programs[kind](url, mode, ...more);
    node.child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(node.child);
    node.said = '';
    node.looks = new Set();
    node.clients = [];
    node.ended = new Promise((done) => node.child.once('close', () => { running.delete(node.child); done(); }));
    for (const stream of [node.child.stdout, node.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        node.said += text;
        for (const look of [...node.looks]) look();
      });
    }
    await node.says(/^Listening on (\d+)$/m);
    node.port = Number(/^Listening on (\d+)$/m.exec(node.said)[1]);
    await node.says(awaited);
    return node;
  }

  /** Waits until the program has said `words`, from `from` on. */
  says(words, from = 0, ms = 10_000) {
    const said = new Promise((found, fail) => {
      const look = () => {
        if (!words.test(this.said.slice(from))) return;
        this.looks.delete(look);
        found();
      };
      this.looks.add(look);
      this.ended.then(() => fail(new Error(`the ${this.kind} node has ended: ${this.said}`)));
      look();
    });
    return within(ms, said, () => `the ${this.kind} node does not say ${words}: ${this.said}`);
  }

  /** A client of this node, connected, that keeps what it hears in `heard`. */
  async client(nsp = '/', options = {}) {
    const socket = io(`http://127.0.0.1:${this.port}${nsp}`, { transports: ['websocket'], forceNew: true, reconnection: false, ...options });
    const client = new Client(socket, this);
    this.clients.push(client);
    await happens(socket, 'connect', `a client of the ${this.kind} node is not connected: ${this.said}`);
    client.id = socket.id;
    return client;
  }

  async stop(signal = 'SIGKILL') {
    for (const client of this.clients) client.socket.disconnect();
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    await this.ended;
  }
}

class Client {
  constructor(socket, node) {
    this.socket = socket;
    this.node = node;
    this.heard = [];
    this.answer = undefined;
    socket.onAny((event, ...args) => {
      if (typeof args.at(-1) === 'function') {
        const done = args.pop();
        if (this.answer !== undefined) done(this.answer);
      }
      this.heard.push([event, ...args]);
    });
  }

  ask(event, ...args) {
    const answered = new Promise((done) => this.socket.emit(event, ...args, done));
    return soon(answered, () => `${event} of a client of the ${this.node.kind} node has no answer: ${this.node.said}`);
  }

  /** The events of that name that came until `mark` did, which was said to everybody after them. */
  async until(mark) {
    const there = () => this.heard.some(([event, value]) => event === 'mark' && value === mark);
    await soon(new Promise((done) => {
      const look = () => {
        if (!there()) return;
        this.socket.offAny(look);
        done();
      };
      this.socket.onAny(look);
      look();
    }), () => `no mark ${mark}; heard ${JSON.stringify(this.heard)}`);
    return this.heard.splice(0).filter(([event]) => event !== 'mark');
  }
}

let marks = 0;
/** Says to everybody, by `speaker`, that what it said before has been said; what each of `clients` heard before that. */
export async function heardBy(speaker, clients) {
  marks += 1;
  await speaker.ask('emit', {}, 'mark', marks);
  return Promise.all(clients.map((client) => client.until(marks)));
}

/** Asserts what each client heard, and nothing else. */
export async function assertHeard(speaker, expected) {
  const clients = expected.map(([client]) => client);
  assert.deepEqual(await heardBy(speaker, clients), expected.map(([, ...events]) => events));
}
