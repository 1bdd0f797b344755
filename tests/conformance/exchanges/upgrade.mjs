// From polling to a WebSocket (Engine.IO 4, "Upgrade"); W4 and W20 of the notes on the wire.
const upgrade = (name, run) => ({
  name: `upgrade: ${name}`,
  server: 'engine',
  run: async (peer) => {
    const session = await peer.polling();
    return run(session, await peer.socket(`EIO=4&transport=websocket&sid=${session.sid}`), peer);
  },
});

const fence = (socket) => socket.text('4fence').until('4fence');

async function probed(socket) {
  return socket.text('2probe').next();
}

export default [
  upgrade('the whole way, with a poll parked (W20)', async (session, socket) => {
    const parked = await session.park();
    const answer = await probed(socket);
    const poll = await parked.answer;
    return { handshake: socket.handshake, answer, poll, after: await socket.text('5').text('4hello').until('4hello') };
  }),
  upgrade('without a poll', async (session, socket) => ({
    answer: await probed(socket), after: await fence(socket.text('5')),
  })),
  upgrade('a poll that begins during the probe', async (session, socket) => {
    const answer = await probed(socket);
    return { answer, poll: await session.get(), after: await fence(socket.text('5')) };
  }),
  upgrade('posts during the probe', async (session, socket) => {
    const answer = await probed(socket);
    const post = await session.post('4one\x1e4two');
    return { answer, post, after: await fence(socket.text('5')) };
  }),
  upgrade('what waited is sent first, in order', async (session, socket) => {
    await session.post('4one\x1ebAQI=\x1e4two');
    const answer = await probed(socket);
    return { answer, after: await fence(socket.text('5').text('4three')) };
  }),
  upgrade('polling afterwards', async (session, socket) => {
    await probed(socket);
    await fence(socket.text('5'));
    return { get: await session.get(), post: await session.post('4hello'), after: await fence(socket) };
  }),
  upgrade('a second WebSocket afterwards', async (session, socket, peer) => {
    await probed(socket);
    await fence(socket.text('5'));
    const second = await peer.socket(`EIO=4&transport=websocket&sid=${session.sid}`);
    return { handshake: second.handshake, second: await second.rest(), after: await fence(socket) };
  }),
  upgrade('a second WebSocket during the probe', async (session, socket, peer) => {
    const answer = await probed(socket);
    const second = await peer.socket(`EIO=4&transport=websocket&sid=${session.sid}`);
    return { answer, handshake: second.handshake, second: await second.rest(), after: await fence(socket.text('5')) };
  }),
  upgrade('a second WebSocket before the probe', async (session, socket, peer) => {
    const second = await peer.socket(`EIO=4&transport=websocket&sid=${session.sid}`);
    return { second: await second.rest(), answer: await probed(socket), alive: await session.alive() };
  }),
  ...[['a probe of another word', '2other'], ['a ping without a word', '2'], ['a message', '4hello'], ['an upgrade', '5'],
    ['a close packet', '1'], ['no packet', 'abc'], ['an open packet', '0'], ['a pong', '3probe']].map(([what, words]) =>
    upgrade(`${what} instead of the probe`, async (session, socket) => ({
      socket: await socket.text(words).rest(),
      alive: await session.alive(),
    }))),
  upgrade('octets instead of the probe', async (session, socket) => ({
    socket: await socket.binary([1, 2]).rest(), alive: await session.alive(),
  })),
  upgrade('a message after the probe', async (session, socket) => {
    await probed(socket);
    return { socket: await socket.text('4hello').rest(), alive: await session.alive() };
  }),
  upgrade('the probe twice', async (session, socket) => ({
    first: await probed(socket), second: await probed(socket), after: await fence(socket.text('5')),
  })),
  upgrade('a goodbye instead of the probe', async (session, socket) => {
    socket.close(1000);
    return { socket: await socket.rest(), alive: await session.alive() };
  }),
  upgrade('a goodbye after the probe', async (session, socket, peer) => {
    await probed(socket);
    socket.close(1000);
    const closed = await socket.rest();
    // A server may take a moment to see that the first probe has gone; until then it turns another away.
    for (;;) {
      const again = await peer.socket(`EIO=4&transport=websocket&sid=${session.sid}`);
      const answer = await probed(again);
      if (answer === 'close:none:') continue;
      return { closed, alive: await session.alive(), answer, after: await fence(again.text('5')) };
    }
  }),
  upgrade('a goodbye afterwards', async (session, socket) => {
    await probed(socket);
    await fence(socket.text('5'));
    socket.close();
    return { socket: await socket.rest(), gone: await session.gone() };
  }),
];
