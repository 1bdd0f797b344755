// Socket.IO over one WebSocket, as the exchanges of packets need it. Packets are written without the digit of Engine.IO.
export const FENCE = '42["message-back","fence"]';

/** Says `packets` (octets go as binary frames) and returns all that comes back up to the echo of a last message. */
export function talk(socket, ...packets) {
  for (const packet of packets) say(socket, packet);
  return socket.text('42["message","fence"]').until(FENCE);
}

export function say(socket, packet) {
  if (typeof packet === 'string') socket.text(`4${packet}`);
  else socket.binary(packet);
}

/** A connection with a socket in `nsp`; the greeting is taken, the id is kept. */
export async function connected(peer, nsp = '/') {
  const socket = await peer.session();
  await join(socket, nsp);
  return socket;
}

export async function join(socket, nsp) {
  say(socket, nsp === '/' ? '0' : `0${nsp},`);
  await socket.next();
  const id = /"sid":"([\w-]+)"/.exec(socket.last)?.[1];
  await socket.next();
  socket.id ??= id;
  return id;
}

/** A second connection, which hears how the socket with that id goes. */
export async function watcher(peer, id) {
  const socket = await connected(peer);
  await talk(socket, `2["join","watching ${id}"]`);
  return socket;
}

/** The exchange that says `packets` on a connection whose socket is in "/" and notes all up to a last echo. */
export const talking = (name, ...packets) => ({
  name: `packet: ${name}`,
  server: 'strict',
  run: async (peer) => talk(await connected(peer), ...packets),
});

/** The same, noting also with which reason the socket went, when it went. */
export const breaking = (name, ...packets) => ({
  name: `packet: ${name}`,
  server: 'strict',
  run: async (peer) => {
    const socket = await connected(peer);
    const observer = await watcher(peer, socket.id);
    for (const packet of packets) say(socket, packet);
    return { frames: await socket.rest(), heard: await observer.next() };
  },
});
