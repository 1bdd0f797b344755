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

  get url() { return `http://127.0.0.1:${this.port}`; }

  /** A client of this node, connected, that keeps what it hears in `heard`. It shows what is `known` of another one. */
  async client(nsp = '/', options = {}, known = {}) {
    const socket = io(`${this.url}${nsp}`, { transports: ['websocket'], forceNew: true, reconnection: false, ...options });
    [socket._pid, socket._lastOffset] = [known.pid, known.offset];
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
      } else if (socket._pid !== undefined && typeof args.at(-1) === 'string') {
        // With recovery, what the client goes by too: where it is in what was said.
        args.pop();
      }
      this.heard.push([event, ...args]);
    });
  }

  ask(event, ...args) {
    const answered = new Promise((done) => this.socket.emit(event, ...args, done));
    return soon(answered, () => `${event} of a client of the ${this.node.kind} node has no answer: ${this.node.said}`);
  }

  get recovered() { return Boolean(this.socket.recovered); }

  /** By which a server recognizes it. */
  get known() { return { pid: this.socket._pid, offset: this.socket._lastOffset }; }

  /** From now on all that is said to it is lost on the way, until it connects anew. */
  deafen() { this.socket.io.engine.transport.onData = () => {}; }

  /** The cable is cut; back when the client has noticed. */
  async cut() {
    const lost = happens(this.socket, 'disconnect', 'the client does not notice that its cable is cut');
    this.socket.io.engine.transport.ws.terminate();
    await lost;
  }

  /** Connects again, to that node, as socket.io-client does by itself behind a balancer; back, as this client, when connected. */
  async comeTo(node) {
    this.node.clients = this.node.clients.filter((client) => client !== this);
    this.node = node;
    node.clients.push(this);
    this.socket.io.uri = node.url;
    const back = happens(this.socket, 'connect', () => `a client does not come to the ${node.kind} node: ${node.said}`);
    this.socket.connect();
    await back;
    this.id = this.socket.id;
    return this;
  }

  /** The events that came until all of `marks` did, which were said to everybody after them. */
  async until(...marks) {
    const there = () => marks.every((mark) => this.heard.some(([event, value]) => event === 'mark' && value === mark));
    await soon(new Promise((done) => {
      const look = () => {
        if (!there()) return;
        this.socket.offAny(look);
        done();
      };
      this.socket.onAny(look);
      look();
    }), () => `not all of the marks ${marks}; heard ${JSON.stringify(this.heard)}`);
    return this.heard.splice(0).filter(([event]) => event !== 'mark');
  }
}

let marks = 0;
/** Says to everybody, by each speaker, that what it said before has been said; what each of `clients` heard before that. */
export async function heardBy(speakers, clients) {
  const said = await Promise.all([speakers].flat().map(async (speaker) => {
    const mark = ++marks;
    await speaker.ask('emit', {}, 'mark', mark);
    return mark;
  }));
  return Promise.all(clients.map((client) => client.until(...said)));
}

/** Asserts what each client heard, and nothing else. */
export async function assertHeard(speakers, expected) {
  const clients = expected.map(([client]) => client);
  assert.deepEqual(await heardBy(speakers, clients), expected.map(([, ...events]) => events));
}

/** A client that says "news" with its name and a number, counting upwards. */
export async function voiceOf(node, name, nsp = '/') {
  return Object.assign(await node.client(nsp), { name, next: 0 });
}

/** Says the voice's next number. With recovery a client would take a string at the end for an offset. */
export async function say(voice, options = {}, ...args) {
  const number = voice.next++;
  await voice.ask('emit', options, 'news', voice.name, ...args, number);
  return number;
}

/** The numbers that were heard from each. */
export function byName(heard) {
  const numbers = {};
  for (const [event, name, ...rest] of heard) {
    assert.equal(event, 'news');
    (numbers[name] ??= []).push(rest.at(-1));
  }
  return numbers;
}

/** Asserts what each client is told, once and each voice's in order, until each of `voices` has said that this is all. */
export async function assertTold(voices, expected) {
  const heard = await heardBy(voices, expected.map(([client]) => client));
  for (const [i, [, numbers]] of expected.entries()) {
    const spoken = Object.fromEntries(Object.entries(numbers).filter(([, list]) => list.length));
    assert.deepEqual(byName(heard[i]), spoken);
  }
}

/** All nodes have heard what was said: it is not news to whoever comes from here on. */
export const haveHeard = (voices) => heardBy(voices, voices);

/** Each voice says numbers, now to everybody, now to the room, now to the ids, until the body is over. */
export async function whileTalking(voices, room, ids, body) {
  let talking = true;
  const audiences = [{}, { to: [room] }, { to: ids }];
  const talks = voices.map(async (voice) => {
    while (talking) await Promise.all([0, 1, 2, 3, 4].map(() => say(voice, audiences[voice.next % 3])));
  });
  try {
    return await body();
  } finally {
    talking = false;
    await Promise.all(talks);
  }
}

/** Waits until the client hears something new from each of the voices. */
export function hearsAll(client, voices) {
  const missing = new Set(voices.map(({ name }) => name));
  return soon(new Promise((done) => {
    const look = (_, name) => {
      missing.delete(name);
      if (missing.size > 0) return;
      client.socket.offAny(look);
      done();
    };
    client.socket.onAny(look);
  }), () => `a client hears nothing new from ${[...missing]}`);
}

/** The numbers that each has said from `first` on. */
export const saidSince = (voices, first = {}) => Object.fromEntries(voices.map(({ name, next }) =>
  [name, Array.from({ length: next }, (_, i) => i).slice(first[name])]));
