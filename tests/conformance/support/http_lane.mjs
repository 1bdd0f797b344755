// HTTP/1.1 written and read by hand over one kept-alive connection, so that every octet of a request is the test's own.
import { Tcp } from './tcp.mjs';
import { soon } from './waiting.mjs';

/** The octets of a request; `headers` is a list of lines or an object, `body` is sized unless the headers say otherwise. */
export function requestText(method, target, headers = {}, body, version = 'HTTP/1.1') {
  const fields = { Host: '127.0.0.1', ...headers };
  if (body !== undefined && fields['Transfer-Encoding'] === undefined) fields['Content-Length'] ??= Buffer.byteLength(body);
  const lines = Object.entries(fields).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([
    Buffer.from(`${method} ${target} ${version}\r\n${lines.join('\r\n')}${lines.length ? '\r\n' : ''}\r\n`, 'latin1'),
    Buffer.from(body ?? ''),
  ]);
}

export class HttpLane {
  constructor(port) {
    this.port = port;
    this.turn = Promise.resolve();
  }

  /** Sends now; the answer comes after those of earlier requests. A connection that has ended is opened anew. */
  request(method, target, { headers, body, version } = {}) {
    return this.exchange(requestText(method, target, headers, body, version), { head: method === 'HEAD' });
  }

  exchange(octets, { head = false } = {}) {
    if (!this.tcp || this.tcp.ended) this.tcp = new Tcp(this.port);
    const { tcp } = this;
    tcp.send(octets);
    const answer = this.turn.then(() => soon(this.#read(tcp, head), `no answer to ${octets.toString('latin1', 0, 200)}`));
    this.turn = answer.then(({ persistent }) => {
      if (!persistent && this.tcp === tcp) this.tcp = undefined;
    }, () => {});
    return answer;
  }

  /** Sends octets whose answer nobody waits for. */
  send(octets) {
    if (!this.tcp || this.tcp.ended) this.tcp = new Tcp(this.port);
    this.tcp.send(octets);
  }

  async #read(tcp, head) {
    const parsed = await readHead(tcp);
    if (!parsed) return { status: 'no answer', reason: '', headers: {}, body: Buffer.alloc(0), persistent: false };
    const { status, headers } = parsed;
    if (status === 100) return { ...await this.#read(tcp, head), continued: true };
    let body = Buffer.alloc(0);
    if (!head && status >= 200 && status !== 204 && status !== 304) body = await readBody(tcp, headers);
    const persistent = parsed.version === 'HTTP/1.1' ? !/close/i.test(headers.connection ?? '')
      : /keep-alive/i.test(headers.connection ?? '');
    return { status, reason: parsed.reason, headers, body, persistent };
  }

  destroy() { this.tcp?.destroy(); }
}

/** {version, status, reason, headers}, removed from what was received; undefined when the connection just ends. */
export async function readHead(tcp) {
  const end = await tcp.receive((octets, all) => {
    const at = octets.indexOf('\r\n\r\n');
    return at >= 0 ? at : (all ? -1 : undefined);
  });
  if (end < 0) return undefined;
  const [first, ...lines] = tcp.take(end + 4).toString('latin1').trimEnd().split('\r\n');
  const [, version, status, reason] = /^(\S+) (\d+) ?(.*)$/.exec(first);
  const headers = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    const value = line.slice(line.indexOf(':') + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { version, status: Number(status), reason, headers };
}

export async function readBody(tcp, headers) {
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return readChunks(tcp);
  const size = headers['content-length'];
  const enough = await tcp.receive((octets, all) => {
    if (size !== undefined && octets.length >= Number(size)) return Number(size);
    return all ? octets.length : undefined;
  });
  return tcp.take(enough);
}

async function readChunks(tcp) {
  const chunks = [];
  for (;;) {
    const end = await tcp.receive((octets, all) => {
      const at = octets.indexOf('\r\n');
      return at >= 0 ? at : (all ? -1 : undefined);
    });
    if (end < 0) break;
    const size = parseInt(tcp.take(end + 2).toString('latin1'), 16);
    await tcp.receive((octets, all) => (octets.length >= size + 2 || all ? true : undefined));
    chunks.push(tcp.take(size + 2).subarray(0, size));
    if (size === 0) break;
  }
  return Buffer.concat(chunks);
}
