// What two servers may rightly choose for themselves is made equal: ids, and the way in which JSON writes the same value.

/** An id is 20 characters of base64url between quotes, in Socket.IO 2 behind the name of its namespace. */
const withoutIds = (text) => text.replace(/(\\?")(\/[^"#]*#)?[\w-]{20}(\\?")/g, '$1$2<id>$3');

/** A packet with its JSON written as JavaScript writes it, keys in the order in which they came. */
function withPlainJson(text) {
  const at = text.search(/[[{]/);
  if (at < 0) return text;
  try {
    return text.slice(0, at) + JSON.stringify(JSON.parse(text.slice(at)));
  } catch {
    return text;
  }
}

export const neutral = (text) => withoutIds(text.split('\x1e').map(withPlainJson).join('\x1e'));

/** How a body is framed (its length, or chunks) is between the server and HTTP, and left out here. */
const HEADERS = [
  'content-type', 'content-encoding', 'cache-control', 'vary', 'allow', 'set-cookie', 'x-xss-protection', 'retry-after',
  ...['origin', 'methods', 'headers', 'credentials'].map((what) => `access-control-allow-${what}`),
  'access-control-max-age', 'access-control-expose-headers',
];

/** An answer with the headers that matter; the packets of a polling body one by one. */
export function neutralAnswer({ status, reason, headers, body, persistent, continued }) {
  const kept = Object.fromEntries(HEADERS.filter((name) => name in headers).map((name) => [name, headers[name]]));
  if (kept['set-cookie']) kept['set-cookie'] = kept['set-cookie'].replace(/=[\w-]{20}(;|$)/, '=<id>$1');
  const packets = neutral(body.toString()).split('\x1e');
  return { status, reason, headers: kept, persistent, continued, body: packets.length > 1 ? packets : packets[0] };
}
