// The wire by hand: Engine.IO over HTTP, WebSocket messages over `ws`, and bare TCP for what no client would send.
import net from 'node:net';
import { randomBytes } from 'node:crypto';
import WebSocket from 'ws';
import { request } from './http.mjs';
import { soon } from './waiting.mjs';

export const PATH = '/ws/';
const query = (parameters) => `${PATH}?${new URLSearchParams({ EIO: '4', ...parameters })}`;

export const engineRequest = (server, parameters, options) => {
  const kept = Object.entries({ EIO: '4', ...parameters }).filter(([, value]) => value !== undefined);
  return request(server, `${PATH}?${new URLSearchParams(kept)}`, options);
};

/** A polling session; packets are the strings of the protocol. */
export class PollingSession {
  static async open(server, options) {
    const answer = await engineRequest(server, { transport: 'polling' }, options);
    if (answer.status !== 200) throw new Error(`handshake: ${answer.status} ${answer.text}`);
    const session = new PollingSession();
    Object.assign(session, { server, handshakeText: answer.text, handshake: JSON.parse(answer.text.slice(1)) });
    session.sid = session.handshake.sid;
    return session;
  }

  get(options) { return engineRequest(this.server, { transport: 'polling', sid: this.sid }, options); }
  post(body, headers = { 'content-type': 'text/plain;charset=UTF-8' }) {
    return engineRequest(this.server, { transport: 'polling', sid: this.sid }, { method: 'POST', body, headers });
  }

  /** The packets of one poll. */
  async poll() {
    const answer = await this.get();
    if (answer.status !== 200) throw new Error(`poll: ${answer.status} ${answer.text}`);
    return answer.text.split('\x1e');
  }

  /** Polls, answering pings, until a packet that `wanted` likes is there; returns it. */
  async packet(wanted) {
    for (;;) {
      for (const packet of await this.poll()) {
        if (packet === '2') await this.post('3');
        if (wanted(packet)) return packet;
      }
    }
  }

  /** Posting a lone pong tells whether the session lives, and does not otherwise matter to it. */
  async alive() {
    const answer = await this.post('3');
    return answer.status === 200;
  }
}

/** A WebSocket whose messages are taken one by one; pings are answered unless `silent`. */
export class RawSocket {
  constructor(server, parameters = {}, { silent = false, ...options } = {}) {
    this.ws = new WebSocket(server.url.replace('http', 'ws') + query({ transport: 'websocket', ...parameters }), options);
    this.messages = [];
    this.waiting = [];
    this.pings = 0;
    this.opened = new Promise((done) => {
      this.ws.once('open', () => done(true));
      this.ws.once('close', () => done(false));
    });
    this.closed = new Promise((done) => this.ws.once('close', (code, reason) => done({ code, reason: reason.toString() })));
    this.ws.on('error', (error) => { this.error = error; });
    this.ws.on('message', (data, isBinary) => {
      const message = isBinary ? data : data.toString();
      if (message === '2') {
        this.pings += 1;
        if (!silent) this.ws.send('3');
        if (!silent) return;
      }
      const waiter = this.waiting.shift();
      if (waiter) waiter(message);
      else this.messages.push(message);
    });
    server.onEnd?.(() => this.ws.terminate());
  }

  /** Opens an Engine.IO session; `handshake` is the parsed open packet. */
  static async open(server, options) {
    const socket = new RawSocket(server, {}, options);
    if (!await soon(socket.opened, 'the WebSocket does not open')) throw new Error('the WebSocket was refused');
    socket.handshakeText = await socket.next();
    socket.handshake = JSON.parse(socket.handshakeText.slice(1));
    return socket;
  }

  /** Opens a session and joins /chat with the token; the packets up to the own presence:online are taken. */
  static async chat(server, token, options) {
    const socket = await RawSocket.open(server, options);
    socket.send(`40/chat,${JSON.stringify({ token })}`);
    socket.connectReply = await socket.next();
    socket.greeting = [await socket.next(), await socket.next()];
    return socket;
  }

  send(message) {
    this.ws.send(message);
    return this;
  }

  next(what = 'a message') {
    if (this.messages.length) return Promise.resolve(this.messages.shift());
    const ended = this.closed.then(({ code }) => { throw new Error(`closed with ${code} while waiting for ${what}`); });
    return soon(Promise.race([new Promise((done) => this.waiting.push(done)), ended]), `the raw WebSocket waits for ${what}`);
  }

  async nextMatching(wanted) {
    for (;;) {
      const message = await this.next(wanted.toString());
      if (wanted(message)) return message;
    }
  }

  close(what = 'the raw WebSocket is to be closed') { return soon(this.closed, what); }
}

/** Bare TCP: what is sent and received is bytes. */
export class Tcp {
  constructor(server) {
    this.socket = net.connect(server.port, '127.0.0.1');
    this.received = Buffer.alloc(0);
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.socket.emit('more');
    });
    this.socket.on('error', () => {});
    this.socket.setMaxListeners(0);
    this.closed = new Promise((done) => this.socket.once('close', done));
    this.opened = new Promise((done) => this.socket.once('connect', done));
    server.onEnd?.(() => this.socket.destroy());
  }

  send(bytes) {
    this.socket.write(bytes);
    return this;
  }

  /** Waits until `look(bytes so far)` finds something. */
  receives(look, what = 'bytes') {
    const found = new Promise((done) => {
      const check = () => {
        const result = look(this.received);
        if (result) done(result);
      };
      this.socket.on('more', check);
      check();
    });
    return soon(found, () => `TCP waits for ${what}; so far: ${this.received.toString('latin1').slice(0, 300)}`);
  }

  /** The WebSocket opening handshake; returns the status code, and leaves only what follows the head in `received`. */
  async upgrade(parameters = {}, headers = {}) {
    const fields = {
      Host: '127.0.0.1', Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'), ...headers,
    };
    const lines = Object.entries(fields).filter(([, value]) => value !== undefined).map(([key, value]) => `${key}: ${value}`);
    this.send(`GET ${query({ transport: 'websocket', ...parameters })} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    const end = await this.receives((bytes) => bytes.indexOf('\r\n\r\n') + 1, 'the end of a response head');
    const status = Number(this.received.toString('latin1', 9, 12));
    this.received = this.received.subarray(end + 3);
    return status;
  }

  /** The next whole frame of the server's, {opcode, payload}. */
  async frame() {
    const { size, ...found } = await this.receives(parseFrame, 'a frame');
    this.received = this.received.subarray(size);
    return found;
  }

  /** Reads frames up to a close frame; returns its code (1005 without one), or 'eof' when the connection just ends. */
  async closeCode() {
    const look = () => {
      for (let rest = this.received, f = parseFrame(rest); f; rest = rest.subarray(f.size), f = parseFrame(rest)) {
        if (f.opcode === 8) return f.payload.length >= 2 ? f.payload.readUInt16BE(0) : 1005;
      }
      return undefined;
    };
    return soon(new Promise((done) => {
      const check = () => { const code = look(); if (code) done(code); };
      this.socket.on('more', check);
      this.closed.then(() => done(look() ?? 'eof'));
      check();
    }), 'the server does not close the connection');
  }
}

function parseFrame(bytes) {
  if (bytes.length < 2) return undefined;
  let size = bytes[1] & 127;
  let at = 2;
  if (size === 126) [size, at] = bytes.length >= 4 ? [bytes.readUInt16BE(2), 4] : [Infinity, 4];
  else if (size === 127) [size, at] = bytes.length >= 10 ? [Number(bytes.readBigUInt64BE(2)), 10] : [Infinity, 10];
  if (bytes.length < at + size) return undefined;
  return { opcode: bytes[0] & 15, payload: bytes.subarray(at, at + size), size: at + size };
}

/** A client's frame, correct unless told otherwise. */
export function frame(payload, { fin = true, rsv = 0, opcode = 1, masked = true, declaredSize } = {}) {
  const data = Buffer.from(payload);
  const size = declaredSize ?? data.length;
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const flag = masked ? 0x80 : 0;
  let head;
  if (size < 126) head = Buffer.from([first, flag | size]);
  else if (size < 65536) head = Buffer.from([first, flag | 126, size >> 8, size & 255]);
  else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = flag | 127;
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, Buffer.from(data.map((byte, i) => byte ^ mask[i & 3]))]);
}
