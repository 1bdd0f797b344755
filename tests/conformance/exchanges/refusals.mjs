// What the server says to requests that begin no session and belong to none: the codes and the order of the checks
// (protocol page "Error codes"). Strict: without CORS and without Engine.IO 3.
const get = (name, query, options) => ({ name, server: 'strict', run: (peer) => peer.request(query, options) });
const upgrade = (name, query, options) => ({
  name,
  server: 'strict',
  run: async (peer) => {
    const socket = await peer.socket(query, options);
    if (socket.status !== 101) return { handshake: socket.handshake };
    // An HTTP answer inside of the WebSocket is no frame, though it can be read as one.
    const frames = (await socket.rest()).map((words) => (words.includes('/1.1 400') ? 'no frame' : words));
    return { handshake: socket.handshake, frames };
  },
});

const GOOD = 'EIO=4&transport=polling';
const NOBODY = 'AAAAAAAAAAAAAAAAAAAA';

export default [
  get('no transport', 'EIO=4'),
  get('an unknown transport', 'EIO=4&transport=abc'),
  get('an inherited name as transport', 'EIO=4&transport=constructor'),
  get('neither transport nor EIO', 'x=1'),
  get('no query at all', ''),
  get('an unknown transport and an unknown session', `EIO=4&transport=abc&sid=${NOBODY}`),
  get('an unknown session', `EIO=4&transport=polling&sid=${NOBODY}`),
  get('an unknown session with an id of another shape', 'EIO=4&transport=polling&sid=a'),
  get('an unknown session of another version', `EIO=3&transport=polling&sid=${NOBODY}`),
  get('an empty session id', 'EIO=4&transport=polling&sid='),
  get('no EIO', 'transport=polling'),
  get('EIO=3 where only 4 is spoken', 'EIO=3&transport=polling'),
  get('EIO=5', 'EIO=5&transport=polling'),
  get('EIO=abc', 'EIO=abc&transport=polling'),
  get('EIO twice', 'EIO=4&EIO=4&transport=polling'),
  get('transport twice', 'EIO=4&transport=polling&transport=polling'),
  get('a transport in percent escapes', 'EIO=4&transport=%70olling'),
  get('websocket without an upgrade', 'EIO=4&transport=websocket'),
  ...['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'].map((method) => get(`a handshake by ${method}`, GOOD, { method })),
  get('a POST with a body as handshake', GOOD, { method: 'POST', body: '4hello' }),
  get('a bad method for an unknown session', `${GOOD}&sid=${NOBODY}`, { method: 'PUT' }),
  get('a bad method and a bad version', 'EIO=3&transport=polling', { method: 'POST' }),
  get('a path below', `/socket.io/below?${GOOD}`),
  get('the path without its slash', `/socket.io?${GOOD}`),
  get('a path that only begins alike', `/socket.iox/?${GOOD}`),
  get('another path', `/nowhere?${GOOD}`),
  get('an Origin with a control character', GOOD, { headers: { Origin: 'http://a\x01b' } }),
  get('an Origin with a character of Latin-1', GOOD, { headers: { Origin: 'http://caf\xe9' } }),
  get('an Origin that nobody allowed', GOOD, { headers: { Origin: 'http://elsewhere.example' } }),
  get('no Host header', GOOD, { headers: { Host: undefined } }),
  get('HTTP/1.0', GOOD, { version: 'HTTP/1.0', headers: { Host: undefined } }),
  get('Connection: close', GOOD, { headers: { Connection: 'close' } }),
  get('JSONP', `${GOOD}&j=0`),
  get('b64', `${GOOD}&b64=1`),
  get('an old Internet Explorer', GOOD, {
    headers: { 'User-Agent': 'Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko' },
  }),

  upgrade('ws: no transport', 'EIO=4'),
  upgrade('ws: an unknown transport', 'EIO=4&transport=abc'),
  upgrade('ws: transport=polling', GOOD),
  upgrade('ws: an unknown session', `EIO=4&transport=websocket&sid=${NOBODY}`),
  upgrade('ws: EIO=3 where only 4 is spoken', 'EIO=3&transport=websocket'),
  upgrade('ws: no EIO', 'transport=websocket'),
  upgrade('ws: EIO=abc', 'EIO=abc&transport=websocket'),
  upgrade('ws: by POST', 'EIO=4&transport=websocket', { method: 'POST' }),
  upgrade('ws: no key', 'EIO=4&transport=websocket', { headers: { 'Sec-WebSocket-Key': undefined } }),
  upgrade('ws: a key of the wrong length', 'EIO=4&transport=websocket', { headers: { 'Sec-WebSocket-Key': 'c2hvcnQ=' } }),
  upgrade('ws: version 8', 'EIO=4&transport=websocket', { headers: { 'Sec-WebSocket-Version': '8' } }),
  upgrade('ws: version 7', 'EIO=4&transport=websocket', { headers: { 'Sec-WebSocket-Version': '7' } }),
  upgrade('ws: an Upgrade to something else', 'EIO=4&transport=websocket', { headers: { Upgrade: 'h2c' } }),
  upgrade('ws: an Origin with a control character', 'EIO=4&transport=websocket', { headers: { Origin: 'http://a\x01b' } }),
  {
    name: 'ws: an Origin of another site',
    server: 'strict',
    run: async (peer) => {
      const socket = await peer.socket(undefined, { headers: { Origin: 'http://elsewhere.example' } });
      return { handshake: socket.handshake, first: socket.status === 101 ? await socket.next() : undefined };
    },
  },
  {
    name: 'ws: a subprotocol is offered',
    server: 'strict',
    run: async (peer) => (await peer.socket(undefined, { headers: { 'Sec-WebSocket-Protocol': 'chat, superchat' } })).handshake,
  },
  {
    name: 'ws: permessage-deflate is offered',
    server: 'strict',
    run: async (peer) => {
      const headers = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' };
      return (await peer.socket(undefined, { headers })).handshake;
    },
  },
];
