// WebSocket frames (RFC 6455 section 5.2), written and read by hand.
import { randomBytes } from 'node:crypto';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** A client's frame, correct unless told otherwise. */
export function frame(payload, { fin = true, rsv = 0, opcode = OPCODE.text, masked = true, declaredSize } = {}) {
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
  return Buffer.concat([head, mask, Buffer.from(data.map((octet, i) => octet ^ mask[i & 3]))]);
}

/** A close frame with a code, or with none. */
export function closeFrame(code, reason = '') {
  const payload = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) payload.writeUInt16BE(code);
  return frame(Buffer.concat([payload, Buffer.from(reason)]), { opcode: OPCODE.close });
}

/** The first whole frame of a server's octets: {fin, rsv, opcode, payload, size}; undefined when there is none yet. */
export function parseFrame(octets) {
  if (octets.length < 2) return undefined;
  let size = octets[1] & 127;
  let at = 2;
  if (size === 126) [size, at] = octets.length >= 4 ? [octets.readUInt16BE(2), 4] : [Infinity, 4];
  else if (size === 127) [size, at] = octets.length >= 10 ? [Number(octets.readBigUInt64BE(2)), 10] : [Infinity, 10];
  if (octets.length < at + size) return undefined;
  const payload = octets.subarray(at, at + size);
  return { fin: octets[0] >> 7, rsv: (octets[0] >> 4) & 7, opcode: octets[0] & 15, payload, size: at + size };
}

/** A frame as a test writes it down: the words of a text, "bytes:0102" of octets, "close:1000:reason", "ping:", "pong:". */
export function describeFrame({ fin, rsv, opcode, payload }) {
  const odd = `${fin ? '' : '(more)'}${rsv ? `(rsv ${rsv})` : ''}`;
  if (opcode === OPCODE.text) return odd + payload.toString();
  if (opcode === OPCODE.binary) return `${odd}bytes:${payload.toString('hex')}`;
  if (opcode === OPCODE.close) {
    const code = payload.length >= 2 ? payload.readUInt16BE(0) : 'none';
    return `${odd}close:${code}:${payload.subarray(2)}`;
  }
  if (opcode === OPCODE.ping) return `${odd}ping:${payload}`;
  if (opcode === OPCODE.pong) return `${odd}pong:${payload}`;
  return `${odd}opcode ${opcode}:${payload.toString('hex')}`;
}
