// One real client, of whatever version, that notes what it hears.
import { soon } from './waiting.mjs';

const EVENTS = ['connect', 'disconnect', 'connect_error', 'auth', 'message-back', 'answered', 'said', 'gone'];

export class Person {
  /** `client`: {io, version, parser} of clients.mjs. */
  constructor(client, url, { transports, auth, namespace = '/', manager, reconnection = false }) {
    const options = {
      transports, forceNew: true, reconnection, reconnectionDelay: 20, reconnectionDelayMax: 50, parser: client.parser,
    };
    if (manager) this.socket = manager.socket(namespace, { auth });
    else this.socket = client.io(url + namespace, { ...options, auth });
    this.heard = [];
    this.wake = () => {};
    // In version 2 a refusal is an event called error.
    for (const event of client.version === 2 ? [...EVENTS, 'error'] : EVENTS) {
      this.socket.on(event, (...args) => {
        this.heard.push([event === 'error' ? 'connect_error' : event, ...args.map(plain)]);
        this.wake();
      });
    }
    this.socket.on('question', (...args) => args.pop()('the answer to', ...args));
  }

  get manager() { return this.socket.io; }
  get id() { return this.socket.id; }

  /** The next thing that is heard. */
  async next() {
    await soon(new Promise((done) => {
      this.wake = () => { if (this.heard.length) done(); };
      this.wake();
    }), 'the client hears nothing');
    return this.heard.shift();
  }

  emit(...event) { this.socket.emit(...event); }

  /** The arguments of the acknowledgement. */
  ask(...event) {
    const answer = new Promise((done) => { this.socket.emit(...event, (...args) => done(args.map(plain))); });
    return soon(answer, `no answer to ${event[0]}`);
  }

  /** The connection has gone over to a WebSocket. */
  async upgraded() {
    const { engine } = this.manager;
    if (engine.transport.name === 'websocket') return;
    await soon(new Promise((done) => { engine.once('upgrade', done); }), 'no upgrade');
  }

  leave() {
    this.manager.reconnection(false);
    this.socket.disconnect();
  }
}

/** Octets of any kind as Buffer; an error as its words and data; a reason without the details of newer clients. */
function plain(value) {
  if (value instanceof Error) return value.data === undefined ? value.message : { message: value.message, data: value.data };
  if (value instanceof ArrayBuffer) return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === 'object' && !Buffer.isBuffer(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}
