// A WebSocket by hand: what comes is written down frame by frame, in order, down to the end of the connection.
import { createHash, randomBytes } from 'node:crypto';
import { closeFrame, describeFrame, frame, OPCODE, parseFrame } from './frames.mjs';
import { readBody, readHead, requestText } from './http_lane.mjs';
import { neutral } from './neutral.mjs';
import { Tcp } from './tcp.mjs';
import { settled, soon } from './waiting.mjs';

/** How long one waits for what may never come. */
const QUIET_MS = 3000;

export class WebSocketWire {
  /** Asks for the upgrade; `early` are octets sent along with the request. */
  static async open(port, target, { headers = {}, early, method = 'GET' } = {}) {
    const wire = new WebSocketWire();
    wire.tcp = new Tcp(port);
    const key = randomBytes(16).toString('base64');
    const request = requestText(method, target, {
      Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key, ...headers,
    });
    wire.tcp.send(early ? Buffer.concat([request, early]) : request);
    const head = await soon(readHead(wire.tcp), `no answer to the upgrade ${target}`);
    wire.status = head?.status ?? 'no answer';
    if (wire.status === 101) {
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      wire.handshake = {
        status: 101,
        reason: head.reason,
        upgrade: head.headers.upgrade,
        connection: head.headers.connection,
        accepted: head.headers['sec-websocket-accept'] === accept,
        extensions: head.headers['sec-websocket-extensions'],
        protocol: head.headers['sec-websocket-protocol'],
      };
    } else {
      const body = head ? await soon(readBody(wire.tcp, head.headers), 'no body of the refusal') : '';
      wire.handshake = {
        status: wire.status,
        reason: head?.reason,
        type: head?.headers['content-type'],
        connection: head?.headers.connection,
        version: head?.headers['sec-websocket-version'],
        body: body.toString(),
      };
    }
    return wire;
  }

  /** The last frame just as it came, ids included. */
  last = '';

  text(words) { return this.raw(frame(words)); }
  binary(octets) { return this.raw(frame(octets, { opcode: OPCODE.binary })); }
  raw(octets) {
    this.tcp.send(octets);
    return this;
  }

  /** The next frame as words, "end" when the connection ends, "nothing" when nothing comes. */
  async next(ms = QUIET_MS) {
    const frameOrEnd = this.tcp.receive((octets, all) => parseFrame(octets) ?? (all ? 'end' : undefined));
    const found = await settled(ms, frameOrEnd, 'nothing');
    if (typeof found === 'string') return found;
    this.tcp.take(found.size);
    this.last = describeFrame(found);
    const words = neutral(this.last);
    // As every client does: a goodbye is answered, so that the server can end the connection.
    const code = found.payload.length >= 2 ? found.payload.readUInt16BE(0) : undefined;
    if (found.opcode === OPCODE.close && !this.saidGoodbye) this.raw(closeFrame(code));
    return words;
  }

  /** All frames up to the first that `last` likes (or equals), or up to the end. */
  async until(last) {
    const frames = [];
    for (;;) {
      const words = await this.next();
      frames.push(words);
      if (words === 'end' || words === 'nothing' || (typeof last === 'function' ? last(words) : words === last)) return frames;
    }
  }

  /** All frames up to the end of the connection. */
  rest() { return this.until('end'); }

  /** `count` frames. */
  async take(count) {
    const frames = [];
    while (frames.length < count && !['end', 'nothing'].includes(frames.at(-1))) frames.push(await this.next());
    return frames;
  }

  /** Says goodbye; what the server answers is still to be read. */
  close(code, reason) {
    this.saidGoodbye = true;
    return this.raw(closeFrame(code, reason));
  }

  destroy() { this.tcp.destroy(); }
}
