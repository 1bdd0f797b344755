// One of the servers to compare, as an exchange sees it: single requests, polling sessions, WebSockets.
import { HttpLane } from './http_lane.mjs';
import { neutralAnswer } from './neutral.mjs';
import { SOON_MS } from './waiting.mjs';
import { WebSocketWire } from './websocket_wire.mjs';

export class Peer {
  constructor(server, path) {
    this.server = server;
    this.port = server.port;
    this.path = path;
    this.open = [];
  }

  /** Everything that an exchange opened goes with it. */
  clear() { for (const thing of this.open.splice(0)) thing.destroy(); }

  #keep(thing) {
    this.open.push(thing);
    return thing;
  }

  lane() { return this.#keep(new HttpLane(this.port)); }

  /** One request on a connection of its own. `query` is text, or a target that begins with "/". */
  async request(query, { method = 'GET', ...rest } = {}) {
    return neutralAnswer(await this.lane().request(method, this.target(query), rest));
  }

  target(query) { return query.startsWith('/') ? query : `${this.path}?${query}`; }

  /** A WebSocket, upgraded or refused. */
  async socket(query = 'EIO=4&transport=websocket', options) {
    return this.#keep(await WebSocketWire.open(this.port, this.target(query), options));
  }

  /** A WebSocket session of Engine.IO, its open packet taken. */
  async session(query) {
    const socket = await this.socket(query);
    socket.open = await socket.next();
    socket.sid = /"sid":"([\w-]+)"/.exec(socket.last)?.[1];
    return socket;
  }

  async polling(query = 'EIO=4&transport=polling', options) {
    const session = new PollingSession(this, query);
    await session.begin(options);
    return session;
  }
}

/**
 * A polling session. It polls on one connection and posts on others; the server has brought them all to the same thread by
 * the time of the first request that matters, so that requests are handled in the order of their sending.
 */
export class PollingSession {
  constructor(peer, query) {
    this.peer = peer;
    this.query = query;
    this.polls = peer.lane();
    this.posts = peer.lane();
    this.heard = '';  // all that was polled, ids included
    this.noop = query.includes('EIO=4') ? '6' : '1:6';
  }

  async begin(options) {
    const answer = await this.polls.request('GET', this.peer.target(this.query), options);
    this.opened = neutralAnswer(answer);
    this.sid = /"sid":"([\w-]+)"/.exec(answer.body.toString())?.[1];
    await this.settle();
  }

  target(sid = this.sid) { return this.peer.target(`${this.query}&sid=${sid}`); }

  /** A connection of its own for one more request of this session. */
  async lane() {
    const lane = this.peer.lane();
    await lane.request('POST', this.target(), { body: this.noop });
    return lane;
  }

  async get(options) {
    const answer = await this.polls.request('GET', this.target(), options);
    this.heard += answer.body.toString();
    return neutralAnswer(answer);
  }

  async post(body, options) { return neutralAnswer(await this.posts.request('POST', this.target(), { body, ...options })); }

  /** Every request sent before has reached the server: a later one has been answered. */
  async settle() { await this.post(this.noop); }

  /** A GET that the server holds. */
  async park() {
    const parked = { answer: this.get() };
    await this.settle();
    return parked;
  }

  /** Whether the server still knows the session, as it answers a packet that means nothing. */
  async alive() {
    const { status, body } = await this.post(this.noop);
    return `${status} ${body}`;
  }

  /** What the server says once it knows the session no more, asked as often as it takes. */
  async gone() {
    const deadline = Date.now() + SOON_MS;
    let answer = await this.alive();
    while (!answer.includes('Session ID unknown') && Date.now() < deadline) answer = await this.alive();
    return answer;
  }

  /** All packets up to the first that `last` likes, from as many polls as it takes. */
  async until(last) {
    const packets = [];
    for (;;) {
      const { status, body } = await this.get();
      if (status !== 200) return [...packets, `${status} ${body}`];
      packets.push(...[body].flat());
      if ([body].flat().some(last)) return packets;
    }
  }
}
