// What Atrium does not do yet. Take from these lists what has come: a test fails for what stands here and already works.
export const PENDING = {
  /**
   * cors and cookie: the options of the same name; eio3: Engine.IO 3 in engine_io; socketio2: clients of Socket.IO 2 in
   * conversation; compression: gzip over polling; msgpack: the parser of that name.
   */
  features: [],
  /** Exchanges in which Atrium should be as the official server is. */
  exchanges: [],
};
