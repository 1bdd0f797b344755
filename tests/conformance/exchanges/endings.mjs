// How sockets and connections end, and what others hear of it; W13, W33, W35 of the notes on the wire. Rooms and
// volatile events, too.
import { connected, FENCE, join, say, talk, watcher } from '../support/talk.mjs';

/** With a socket in "/" and somebody who hears how it goes. */
const ending = (name, run) => ({
  name: `ending: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const socket = await connected(peer);
    return run(socket, await watcher(peer, socket.id));
  },
});

/** The same over polling. */
const ofPolling = (name, run) => ({
  name: `ending: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const session = await polling(peer);
    return run(session, await watcher(peer, session.id));
  },
});

/**
 * Three clients in one room. `heard(speaker, ...packets)` says the packets and then something to everybody; it
 * returns what each of them heard until then, because nobody hears what one speaker says in another order.
 */
const rooms = (name, run) => ({
  name: `rooms: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const people = { ann: await connected(peer), bob: await connected(peer), cat: await connected(peer) };
    const everybody = `everybody ${people.ann.id}`;  // other exchanges are held at the same time
    for (const one of Object.values(people)) await talk(one, `20["join","${everybody}"]`);
    return run({ ...people, room: `room ${people.ann.id}` }, async (speaker, ...packets) => {
      for (const packet of [...packets, `2["say-to-all","${everybody}","done"]`]) say(speaker, packet);
      const [ann, bob, cat] = await Promise.all(Object.values(people).map((one) => one.until('42["said","done"]')));
      return { ann, bob, cat };
    });
  },
});

async function polling(peer) {
  const session = await peer.polling();
  await session.post('40');
  await session.until((packet) => packet.startsWith('42["auth"'));
  session.id = /40\{"sid":"([\w-]+)"/.exec(session.heard)[1];
  return session;
}

export default [
  ending('the client leaves the namespace', async (socket, observer) => {
    say(socket, '1');
    const heard = await observer.next();
    return { heard, after: await socket.raw(Buffer.from([0x89, 0x80, 1, 2, 3, 4])).take(1) };
  }),
  ending('the client leaves one of two namespaces', async (socket, observer) => {
    await join(socket, '/custom');
    say(socket, '1');
    return { heard: await observer.next(), after: (say(socket, '2/custom,["message","still here"]'), await socket.take(1)) };
  }),
  ending('the client leaves and comes back', async (socket, observer) => {
    say(socket, '1');
    const heard = await observer.next();
    say(socket, '0{"again":true}');
    return { heard, joined: await socket.take(2), after: await talk(socket) };
  }),
  ending('an event after the client left', async (socket, observer) => {
    say(socket, '1');
    const heard = await observer.next();
    say(socket, '2["message","late"]');
    return { heard, after: await socket.rest() };
  }),
  ending('an acknowledgement after the client left', async (socket, observer) => {
    say(socket, '1');
    await observer.next();
    say(socket, '31["late"]');
    return socket.rest();
  }),
  ending('leaving twice', async (socket, observer) => {
    say(socket, '1');
    await observer.next();
    say(socket, '1');
    return socket.rest();
  }),
  ending('leaving with a payload', async (socket, observer) => {
    say(socket, '1{"why":"so"}');
    return { heard: await observer.next() };
  }),
  ending('the server ends a socket (W35)', async (socket, observer) => {
    await join(socket, '/custom');
    say(socket, '2["end-me"]');
    const frames = await socket.take(1);
    say(socket, '2/custom,["message","still here"]');
    return { frames, after: await socket.take(1), heard: await observer.next() };
  }),
  ending('an event after the server ended the socket', async (socket) => {
    say(socket, '2["end-me"]');
    await socket.next();
    say(socket, '2["message","late"]');
    return socket.rest();
  }),
  ending('the server ends the connection (W35)', async (socket, observer) => {
    await join(socket, '/custom');
    say(socket, '2["end-me","connection"]');
    return { frames: await socket.rest(), heard: await observer.next() };
  }),
  ending('the server drops the connection without a word', async (socket, observer) => {
    say(socket, '2["drop-me"]');
    return { frames: await socket.rest(), heard: await observer.next() };
  }),
  ofPolling('the server drops a connection that polls', async (session, observer) => {
    const parked = await session.park();
    const post = await session.post('42["drop-me"]');
    return { post, poll: await parked.answer, heard: await observer.next(), gone: await session.gone() };
  }),
  ofPolling('the server ends a connection that polls, with a poll parked', async (session, observer) => {
    const parked = await session.park();
    const post = await session.post('42["end-me","connection"]');
    const poll = await parked.answer;
    return { post, poll, heard: await observer.next(), next: await session.get(), gone: await session.gone() };
  }),
  ofPolling('the server ends a connection that polls, with none parked (W13)', async (session, observer) => {
    const post = await session.post('42["end-me","connection"]');
    return { post, polls: [await session.get(), await session.get(), await session.get()], heard: await observer.next() };
  }),
  ofPolling('the server ends a socket that polls', async (session, observer) => {
    await session.post('42["end-me"]');
    return { poll: await session.get(), heard: await observer.next(), alive: await session.alive() };
  }),
  ending('a goodbye of WebSocket', async (socket, observer) => {
    socket.close(1000);
    return { heard: await observer.next() };
  }),
  ending('the connection is cut', async (socket, observer) => {
    socket.destroy();
    return { heard: await observer.next() };
  }),
  ofPolling('a close packet over polling', async (session, observer) => {
    await session.post('1');
    return { heard: await observer.next() };
  }),
  ofPolling('a poll is given up', async (session, observer) => {
    await session.park();
    session.polls.destroy();
    return { heard: await observer.next() };
  }),
  ending('a frame that breaks the rules', async (socket, observer) => {
    socket.raw(Buffer.from([0x83, 0x80, 1, 2, 3, 4]));
    return { heard: await observer.next() };
  }),
  ending('what is no packet of Engine.IO', async (socket, observer) => {
    socket.text('abc');
    return { heard: await observer.next() };
  }),
  ofPolling('what is no packet of Engine.IO, over polling', async (session, observer) => {
    await session.post('abc');
    return { heard: await observer.next() };
  }),
  ending('a message that is too big', async (socket, observer) => {
    socket.text(`42["message","${'x'.repeat(1_000_000)}"]`);
    return { frames: (await socket.rest()).map((words) => words.slice(0, 10)), heard: await observer.next() };
  }),

  rooms('a room hears what is said there, but for who says it', async ({ ann, bob, room }, heard) => {
    await talk(ann, `20["join","${room}"]`);
    await talk(bob, `20["join","${room}"]`);
    return heard(ann, `2["say","${room}","hello",{"n":1}]`);
  }),
  rooms('a room hears what the server says there', async ({ ann, bob, cat, room }, heard) => {
    await talk(ann, `20["join","${room}"]`);
    await talk(bob, `20["join","${room}"]`);
    return heard(cat, `2["say-to-all","${room}","all of you"]`);
  }),
  rooms('a room hears octets', async ({ ann, bob, room }, heard) => {
    await talk(bob, `20["join","${room}"]`);
    return heard(ann, `51-["say","${room}",{"_placeholder":true,"num":0}]`, Buffer.from([9, 8]));
  }),
  rooms('who has left a room hears no more', async ({ ann, bob, room }, heard) => {
    const left = await talk(bob, `20["join","${room}"]`, `21["leave","${room}"]`, '22["leave","never joined"]');
    return { left, heard: await heard(ann, `2["say","${room}","hello"]`) };
  }),
  rooms('an id is a room', async ({ ann, bob }, heard) => heard(ann, `2["say","${bob.id}","psst"]`)),
  rooms('a room of one namespace is none of another', async ({ ann, bob, room }, heard) => {
    await join(bob, '/custom');
    say(bob, `2/custom,0["join","${room}"]`);
    const joined = await bob.take(1);
    return { joined, heard: await heard(ann, `2["say","${room}","hello"]`) };
  }),
  ending('volatile, to a WebSocket that keeps up', (socket) => talk(socket, '2["maybe",1]')),
  ofPolling('volatile, while no poll is parked (W33)', async (session) => {
    await session.post('42["maybe",1]');
    await session.post('42["message","fence"]');
    return session.until((packet) => packet === FENCE);
  }),
  ofPolling('volatile, while a poll is parked', async (session) => {
    const parked = await session.park();
    await session.post('42["maybe",1]');
    return parked.answer;
  }),
];
