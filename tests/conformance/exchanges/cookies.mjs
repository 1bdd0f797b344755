// The cookie that names the session for load balancers, and for nobody else.
export default [
  {
    name: 'cookie: a session that polls',
    server: 'cookie',
    feature: 'cookie',
    run: async (peer) => {
      const session = await peer.polling();
      const post = await session.post('40');
      return { opened: session.opened, post, poll: await session.get() };
    },
  },
  {
    name: 'cookie: a WebSocket',
    server: 'cookie',
    feature: 'cookie',
    run: async (peer) => (await peer.socket()).handshake,
  },
  {
    name: 'cookie: a refusal',
    server: 'cookie',
    feature: 'cookie',
    run: (peer) => peer.request('EIO=4&transport=abc'),
  },
];
