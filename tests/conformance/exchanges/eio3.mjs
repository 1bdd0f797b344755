// Engine.IO 3 and Socket.IO 2, for clients of long ago (protocol page of version 3): lengths before packets, the client
// pings, the main namespace is joined unasked.
import { closeFrame } from '../support/frames.mjs';
import { settled } from '../support/waiting.mjs';

const POLLING = 'EIO=3&transport=polling';
const WEBSOCKET = 'EIO=3&transport=websocket';
const polling = (name, run, query = POLLING, server = 'third') => ({
  name: `eio3: ${name}`, server, feature: 'eio3', run: async (peer) => run(await peer.polling(query), peer),
});
const websocket = (name, run, query = WEBSOCKET, server = 'third') => ({
  name: `eio3: ${name}`, server, feature: 'eio3', run: async (peer) => run(await peer.session(query), peer),
});
const version2 = (name, run) => ({
  ...websocket(`Socket.IO 2: ${name}`, run, WEBSOCKET, 'version2'), feature: 'socketio2',
});
const after = (name, say) => websocket(name, (socket) => {
  say(socket);
  return socket.text('4fence').until('4fence');
});
const ending = (name, say) => websocket(name, (socket) => {
  say(socket);
  return socket.rest();
});
const posted = (name, body, options, query = POLLING) => polling(name, async (session) => {
  const post = await session.post(body, options);
  // Not every body is answered by a message, so the poll may find nothing.
  const lane = await session.lane();
  const echo = await settled(500, lane.request('GET', session.target()), undefined);
  if (!echo) return { post };
  return { post, status: echo.status, type: echo.headers['content-type'], body: echo.body.toString('latin1') };
}, query);

const OCTETS = { headers: { 'Content-Type': 'application/octet-stream' } };

/** A packet of octets in the binary form of a payload: a marker, the digits of the length, 255, the packet. */
const octets = (text, ...packet) => Buffer.from([text ? 0 : 1, ...[...String(packet.length)].map(Number), 255, ...packet]);

export default [
  polling('the handshake', async (session) => ({ ...session.opened, body: session.opened.body.replace(/^\d+/, '<length>') })),
  polling('the handshake with b64', async (session) => session.opened, `${POLLING}&b64=1`),
  polling('no version at all', async (session) => session.opened, 'transport=polling'),
  polling('version 5', async (session) => session.opened, 'EIO=5&transport=polling'),
  posted('one text', '6:4hello'),
  posted('a text of several scripts', '10:4ża🐢b c d'),
  posted('a length in UTF-16 units', '4:4🐢x'),
  posted('several texts', '6:4test16:4test26:4test3'),
  posted('octets in base64', '10:b4AQIDBA=='),
  posted('octets in base64 for a client of base64', '10:b4AQIDBA==', {}, `${POLLING}&b64=1`),
  posted('octets in the binary form', octets(false, 4, 1, 2, 3, 4), OCTETS),
  posted('text and octets in the binary form', Buffer.concat([octets(true, 0x34, 0x68, 0x69), octets(false, 4, 1, 2)]),
    OCTETS),
  posted('a ping', '1:2'),
  posted('a ping with data', '6:2probe'),
  posted('a pong in the wrong direction', '1:3'),
  posted('no length', '4hello'),
  posted('a length too long', '10:4hello'),
  posted('a length too short', '2:4hello'),
  posted('a length of nothing', '0:'),
  posted('an unknown packet', '2:9x'),
  posted('an empty body', ''),
  polling('a close packet', async (session) => {
    const parked = await session.park();
    return { post: await session.post('1:1'), poll: await parked.answer, gone: await session.gone() };
  }),
  polling('version 4 with a session of version 3', async (session) => {
    const lane = await session.lane();
    const { status, body } = await lane.request('POST', session.target().replace('EIO=3', 'EIO=4'), { body: '6' });
    return { status, body: body.toString(), alive: await session.alive() };
  }),
  websocket('the handshake over ws', async (socket) => ({ handshake: socket.handshake, open: socket.open })),
  websocket('no version over ws', async (socket) => socket.open, 'transport=websocket'),
  after('a text over ws', (socket) => socket.text('4hello')),
  after('octets over ws', (socket) => socket.binary([4, 1, 2, 3])),
  after('a ping over ws', (socket) => socket.text('2')),
  after('a ping with data over ws', (socket) => socket.text('2probe')),
  after('octets in base64 over ws', (socket) => socket.text('b4AQIDBA==')),
  ending('a pong in the wrong direction over ws', (socket) => socket.text('3')),
  ending('what is no packet over ws', (socket) => socket.text('abc')),
  ending('octets of no type over ws', (socket) => socket.binary([9, 1])),
  ending('a goodbye over ws', (socket) => {
    socket.saidGoodbye = true;
    socket.raw(closeFrame());
  }),
  polling('the upgrade', async (session, peer) => {
    const socket = await peer.socket(`${WEBSOCKET}&sid=${session.sid}`);
    const parked = await session.park();
    const probe = await socket.text('2probe').next();
    const poll = await parked.answer;
    return { probe, poll, after: await socket.text('5').text('4hello').until('4hello') };
  }),

  version2('the main namespace unasked', async (socket) => ({ open: socket.open, frames: await socket.take(2) })),
  version2('an event', (socket) => socket.text('42["message","hello"]').until('42["message-back","hello"]')),
  version2('an acknowledgement', (socket) => socket.text('427["message-with-ack",1]').until('437[1]')),
  version2('octets', async (socket) => {
    socket.text('451-["message",{"_placeholder":true,"num":0}]').binary([4, 1, 2]);
    return socket.until((words) => words.startsWith('bytes:'));
  }),
  version2('a custom namespace', async (socket) => {
    const joined = await socket.text('40/custom,').until((words) => words.startsWith('42/custom'));
    return [...joined, ...await socket.text('42/custom,["message","hello"]').until('42/custom,["message-back","hello"]')];
  }),
  version2('a custom namespace with a query', async (socket) => {
    const joined = await socket.text('40/custom?token=1&x=a%20b,').until((words) => words.startsWith('42/custom'));
    return [...joined, ...await socket.text('42/custom,["message","hello"]').until('42/custom,["message-back","hello"]')];
  }),
  version2('a namespace that there is not', async (socket) =>
    socket.text('40/nope,').until((words) => words.startsWith('44'))),
  version2('a refusal', async (socket) =>
    socket.text('40/refuses,').until((words) => words.startsWith('44'))),
  version2('a refusal with data', async (socket) =>
    socket.text('40/refuses-with-data,').until((words) => words.startsWith('44'))),
  version2('the client leaves', async (socket) => {
    await socket.take(2);
    return socket.text('41').text('2').take(1);
  }),
  { ...polling('Socket.IO 2: over polling', async (session) => {
    const first = session.opened.body.replace(/^\d+/, '<length>');
    await session.post('24:42["message","hello żó"]');
    return { first, polls: [await session.get()] };
  }, POLLING, 'version2'), feature: 'socketio2' },
];
