// Pings every 300 ms, pongs within 1000 ms (Engine.IO 4, "Heartbeat"). What is compared is what happens in which order.
const beating = (name, run) => ({ name: `heartbeat: ${name}`, server: 'beating', run });

export default [
  beating('three pings over ws', async (peer) => {
    const socket = await peer.session();
    const heard = [];
    for (let i = 0; i < 3; ++i) {
      heard.push(await socket.next());
      socket.text('3');
    }
    return { heard, after: await socket.text('4hello').until('4hello') };
  }),
  beating('no pong over ws (W19)', async (peer) => (await peer.session()).rest()),
  beating('messages are no pong over ws', async (peer) => {
    const socket = await peer.session();
    const ping = await socket.next();
    const timer = setInterval(() => socket.text('6'), 50);
    const after = await socket.rest();
    clearInterval(timer);
    return { ping, after };
  }),
  beating('a WebSocket ping is no pong', async (peer) => {
    const socket = await peer.session();
    const ping = await socket.next();
    return { ping, after: (await socket.raw(Buffer.from([0x89, 0x80, 1, 2, 3, 4])).rest()) };
  }),
  beating('two pings over polling', async (peer) => {
    const session = await peer.polling();
    const heard = [];
    for (let i = 0; i < 2; ++i) heard.push(await session.get(), await session.post('3'));
    return heard;
  }),
  beating('no pong over polling', async (peer) => {
    const session = await peer.polling();
    const ping = await session.get();
    return { ping, poll: await session.get(), alive: await session.alive() };
  }),
];
