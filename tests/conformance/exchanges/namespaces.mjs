// Joining namespaces and being refused (Socket.IO 5, "Connection to a namespace"); W24, W28 to W32 of the notes on the wire.
import { frame } from '../support/frames.mjs';
import { connected, say, talk } from '../support/talk.mjs';

/** Says `packets`, each when the one before was answered; returns what the answers began with. */
async function inTurn(socket, packets) {
  const frames = [];
  for (const [i, packet] of packets.entries()) {
    if (i > 0) frames.push(await socket.next());
    say(socket, packet);
  }
  return frames;
}

/** Says `packets` on a fresh connection, then joins another namespace and notes all up to its greeting. */
const fresh = (name, ...packets) => ({
  name: `connect: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const socket = await peer.session();
    const frames = await inTurn(socket, [...packets, '0/custom,{"last":true}']);
    return [...frames, ...await socket.until('42/custom,["auth",{"last":true}]')];
  },
});

/** Says `packets` on a fresh connection and notes all up to its end. */
const broken = (name, ...packets) => ({
  name: `connect: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const socket = await peer.session();
    return [...await inTurn(socket, packets), ...await socket.rest()];
  },
});

export default [
  fresh('to the main namespace', '0'),
  fresh('to the main namespace with a payload', '0{"token":"123","n":1}'),
  fresh('to the main namespace by its name', '0/,'),
  fresh('with an empty payload', '0{}'),
  fresh('with a recovery that nobody offers', '0{"pid":"abc","offset":"def"}'),
  fresh('to a namespace that there is not', '0/nope,'),
  fresh('to a namespace that there is not, with a payload', '0/nope,{"a":1}'),
  fresh('to a namespace that there is not, with an id', '0/nope,12'),
  fresh('to a namespace of another script', '0/żółw,'),
  fresh('to a namespace with a query', '0/nope?x=1,'),
  fresh('to an inherited name', '0/__proto__,'),
  fresh('to a namespace that middleware refuses', '0/refuses,'),
  fresh('to a namespace that middleware refuses with data', '0/refuses-with-data,'),
  fresh('to a refusing namespace twice', '0/refuses,', '0/refuses,'),
  fresh('with the wrong credentials', '0/guarded,{"token":"wrong"}'),
  fresh('with the right credentials', '0/guarded,{"token":"secret"}'),
  fresh('with the right credentials after the wrong ones', '0/guarded,{"token":"wrong"}', '0/guarded,{"token":"secret"}'),
  {
    name: 'connect: to a namespace with an event right behind',
    server: 'strict',
    run: async (peer) => {
      const socket = await peer.session();
      return socket.raw(Buffer.concat([frame('40'), frame('42["message","early"]')])).until('42["message-back","early"]');
    },
  },
  {
    name: 'connect: to a namespace that refuses a while later',
    server: 'strict',
    run: async (peer) => {
      const socket = await peer.session();
      say(socket, '0/refuses-later,');
      return socket.take(1);
    },
  },
  {
    name: 'connect: to a namespace without its comma',
    server: 'strict',
    run: async (peer) => {
      const socket = await peer.session();
      say(socket, '0/custom');
      return socket.take(2);
    },
  },
  {
    name: 'connect: to two namespaces, which do not hear of each other',
    server: 'strict',
    run: async (peer) => {
      const socket = await connected(peer);
      say(socket, '0/custom,');
      const joined = await socket.take(2);
      return { joined, after: await talk(socket, '2/custom,["message","there"]', '2/custom,9["message-with-ack",1]') };
    },
  },
  {
    name: 'connect: over polling',
    server: 'strict',
    run: async (peer) => {
      const session = await peer.polling();
      const post = await session.post('40{"a":1}');
      return { post, packets: await session.until((packet) => packet.startsWith('42["auth"')) };
    },
  },
  {
    name: 'connect: in no time at all (W32)',
    server: 'hasty',
    run: async (peer) => (await peer.session()).rest(),
  },
  {
    name: 'connect: only to where one is refused, until the time is up',
    server: 'hasty',
    run: async (peer) => {
      const socket = await peer.session();
      say(socket, '0/nope,');
      return socket.rest();
    },
  },
  {
    name: 'connect: in time',
    server: 'hasty',
    run: async (peer) => {
      const socket = await connected(peer);
      const start = Date.now();
      for (let rounds = 0; Date.now() - start < 600; ++rounds) await talk(socket);
      return talk(socket);
    },
  },
  {
    name: 'connect: in no time over polling',
    server: 'hasty',
    run: async (peer) => {
      const session = await peer.polling();
      const poll = await session.get();
      return { poll, alive: await session.alive() };
    },
  },

  broken('with a text as payload', '0"token"'),
  broken('with a list as payload', '0[1]'),
  broken('with a number as payload', '01'),
  broken('with null as payload', '0null'),
  broken('with broken JSON', '0{"a":'),
  broken('to the main namespace twice', '0', '0'),
  broken('to a custom namespace twice', '0/custom,', '0/custom,'),
  broken('an event before it', '2["message",1]'),
  broken('an acknowledgement before it', '30["x"]'),
  broken('a disconnect before it', '1'),
  broken('a CONNECT_ERROR instead', '4{"message":"x"}'),
  broken('an event where one was refused', '0/refuses,', '2/refuses,["message",1]'),
  broken('what is no packet', 'abc'),
  broken('octets instead', Buffer.from([0])),
];
