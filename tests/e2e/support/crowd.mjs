// Many clients at once, cheaply: Engine.IO and Socket.IO by hand over `ws`, counting what the server sends.
import WebSocket from 'ws';
import { PATH } from './raw.mjs';
import { tokenOf } from './token.mjs';
import { within } from './waiting.mjs';

const OPENING = 64;  // connections under way at a time
const EVENT = /^42\/chat,\["([^"]+)"/;

export class Crowd {
  /** `caps` is what each client says it can. */
  constructor(server, size, { caps = [], patience = 120_000 } = {}) {
    Object.assign(this, { server, size, caps, patience, clients: [], frames: 0, bytes: 0, kinds: new Map() });
  }

  /** All connect, as fast as they can, and are welcomed. */
  async enter() {
    let next = 0;
    const lane = async () => {
      while (next < this.size) await this.#open(next++);
    };
    await within(this.patience, Promise.all(Array.from({ length: OPENING }, lane)), 'the crowd does not get in');
  }

  #open(number) {
    const ws = new WebSocket(`${this.server.url.replace('http', 'ws')}${PATH}?EIO=4&transport=websocket`,
      { perMessageDeflate: false });
    const client = { ws, count: undefined, onAck: undefined };
    this.clients.push(client);
    return new Promise((done, fail) => {
      ws.on('error', fail);
      ws.on('close', () => fail(new Error(`client ${number} was closed`)));
      ws.on('message', (data) => {
        const text = data.toString();
        this.#tally(text);
        if (text === '2') ws.send('3');
        else if (text[0] === '0') ws.send(`40/chat,${JSON.stringify({ token: tokenOf(`u${number}`), caps: this.caps })}`);
        else if (text.startsWith('43/chat,')) client.onAck?.();
        else if (text.startsWith('42/chat,["presence:count"')) this.#counted(client, JSON.parse(text.slice(8))[1].online);
        else if (text.startsWith('42/chat,["welcome"')) done();
      });
    });
  }

  #tally(text) {
    const kind = EVENT.exec(text)?.[1] ?? (text[0] === '2' ? 'ping' : 'protocol');
    if (kind === 'ping') return;  // that is time passing, not people coming
    this.frames += 1;
    this.bytes += Buffer.byteLength(text);
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  #counted(client, online) {
    client.count = online;
    this.onCount?.();
  }

  /** Waits until every client knows how many are there. */
  async allKnow(online) {
    const all = new Promise((done) => {
      this.onCount = () => { if (this.clients.every(({ count }) => count === online)) done(); };
      this.onCount();
    });
    await within(this.patience, all, () => `not everybody knows of ${online}`);
  }

  /** A round trip of every client: what was sent to it before has arrived. */
  async barrier() {
    const trips = this.clients.map((client) => new Promise((done) => {
      client.onAck = done;
      client.ws.send('42/chat,1["presence:active"]');
    }));
    await within(this.patience, Promise.all(trips), 'the crowd gets no answers');
    this.frames -= this.size;
    this.kinds.set('protocol', this.kinds.get('protocol') - this.size);
  }

  leave() { for (const { ws } of this.clients) ws.terminate(); }
}
