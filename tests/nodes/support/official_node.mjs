// A node of the cluster by the official server: what tests/programs/cluster_node.cpp does, which says what that is.
//    node official_node.mjs REDIS_URL classic|sharded|streams [recover]      recover: for streams only
import { createServer } from 'node:http';
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter';
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const [url, mode, ...more] = process.argv.slice(2);
const name = `official-${process.pid}`;
const speaker = createClient({ url, name });
const listener = speaker.duplicate();
for (const client of [speaker, listener]) client.on('error', () => {});
await Promise.all([speaker.connect(), listener.connect()]);

const adapters = {
  classic: () => createAdapter(speaker, listener, { requestsTimeout: 1500 }),
  sharded: () => createShardedAdapter(speaker, listener),
  streams: () => createStreamsAdapter(speaker),
};
const http = createServer();
const recovery = { connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true } };
const io = new Server(http, { adapter: adapters[mode](), ...(more.includes('recover') ? recovery : {}) });

function audience(nsp, { to = [], except = [], flags = [], timeout }) {
  let operator = nsp.to(to).except(except);
  for (const flag of flags) operator = operator[flag];
  return timeout ? operator.timeout(timeout) : operator;
}

for (const nsp of [io, io.of('/chat')]) {
  nsp.on('connection', (socket) => {
    socket.on('join', (room, done) => { socket.join(room); done(); });
    socket.on('leave', (room, done) => { socket.leave(room); done(); });
    socket.on('note', (name, value, done) => { socket.data[name] = value; done(); });
    socket.on('emit', (options, ...args) => {
      const done = args.pop();
      audience(nsp, options).emit(...args);
      done();
    });
    socket.on('whisper', ({ id }, ...args) => {
      const done = args.pop();
      socket.nsp.sockets.get(id)?.emit(...args);
      done();
    });
    socket.on('ask', (options, ...args) => {
      const done = args.pop();
      audience(nsp, options).emit(...args, (error, answers) => done({ answers, complete: !error }));
    });
    socket.on('fetch', async (options, done) => {
      const sockets = await audience(nsp, options).fetchSockets();
      const all = sockets.map(({ id, rooms, data }) => ({ id, rooms: [...rooms].sort(), data }));
      done(all.sort((a, b) => (a.id < b.id ? -1 : 1)));
    });
    socket.on('handshakes', async (options, done) => {
      const sockets = await audience(nsp, options).fetchSockets();
      done(Object.fromEntries(sockets.map(({ id, handshake }) => [id, handshake])));
    });
    socket.on('count', async (options, done) => done((await audience(nsp, options).fetchSockets()).length));
    socket.on('sockets:join', (options, room, done) => { audience(nsp, options).socketsJoin(room); done(); });
    socket.on('sockets:leave', (options, room, done) => { audience(nsp, options).socketsLeave(room); done(); });
    socket.on('sockets:end', (options, close, done) => { done(); audience(nsp, options).disconnectSockets(close); });
    socket.on('servers', (value, done) => { nsp.serverSideEmit('told', value); done(); });
    socket.on('servers:ask', (value, done) => {
      nsp.serverSideEmit('told', value, (error, answers) => done(answers));
    });
  });
  nsp.on('told', (value, answer) => {
    nsp.local.emit('server', value);
    answer?.({ heard: value });
  });
}

/** It hears the others: all that the adapters have asked the Redis for has been done. */
async function isUp() {
  const counts = await Promise.all([io, io.of('/chat')].map((nsp) => (nsp === io ? io.of('/') : nsp).adapter.serverCount()));
  if (counts.some((count) => count < 1)) return false;
  if (mode !== 'streams') return true;
  const clients = await speaker.sendCommand(['CLIENT', 'LIST']);
  return clients.split('\n').some((line) => line.includes(`name=${name} `) && line.includes('cmd=xread'));
}

http.listen(0, '127.0.0.1', async () => {
  console.log(`Listening on ${http.address().port}`);
  while (!(await isUp())) await new Promise(setImmediate);
  console.log('up');
});
