// What Atrium does not do yet. Take from these lists what has come: a test fails for what stands here and already works.
export const PENDING = {
  /** cors: Options::cors; eio3: allow_eio3; cookie: Options::cookie; compression: httpCompression; msgpack: the parser. */
  features: ['cors', 'eio3', 'cookie', 'compression', 'msgpack'],
  /** Exchanges in which Atrium should be as the official server is. */
  exchanges: [
    'no Host header',
    'ws: version 7',
    'ws: an Upgrade to something else',
    'ws: a subprotocol is offered',
    'polling: another version with a known session',
  ],
};
