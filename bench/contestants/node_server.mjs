// The chat of the original application on Socket.IO: what it tells to whom, with messages kept in memory. One process, or a node of
// a cluster over a Redis, which then tells nobody who is there.
//   node [--expose-gc] node_server.mjs PORT [REDIS_URL classic|sharded|streams]    (the secret of the tokens in JWT_SECRET)
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const secret = process.env.JWT_SECRET;
const http = createServer((request, response) => response.writeHead(404).end());
const [port, redis, mode] = process.argv.slice(2);
const io = new Server(http, { path: '/ws', serveClient: false, maxHttpBufferSize: 1_048_576, adapter: await adapter() });
const chat = io.of('/chat');

const messages = [];
const online = new Map(); // user -> his sockets

/** The claims of a valid HS256 token, else nothing. */
function verify(token) {
  const [head, body, signature] = String(token).split('.');
  if (!signature) return undefined;
  try {
    const wanted = createHmac('sha256', secret).update(`${head}.${body}`).digest();
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    if (JSON.parse(Buffer.from(head, 'base64url')).alg !== 'HS256') return undefined;
    const claims = JSON.parse(Buffer.from(body, 'base64url'));
    return claims.exp > Date.now() / 1000 ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** None for a process by itself. */
async function adapter() {
  if (!redis) return undefined;
  const { createClient } = await import('redis');
  const speaker = createClient({ url: redis });
  const listener = speaker.duplicate();
  await Promise.all([speaker.connect(), listener.connect()]);
  if (mode === 'streams') return (await import('@socket.io/redis-streams-adapter')).createAdapter(speaker);
  const { createAdapter, createShardedAdapter } = await import('@socket.io/redis-adapter');
  return mode === 'sharded' ? createShardedAdapter(speaker, listener) : createAdapter(speaker, listener);
}

function enter(socket, user) {
  socket.emit('welcome', { id: socket.id, userId: user.id });
  if (redis) return;
  if (!online.has(user.id)) online.set(user.id, new Set());
  online.get(user.id).add(socket.id);
  chat.emit('presence:online', { userId: user.id, userName: user.name });
}

function leave(socket, user) {
  const sockets = online.get(user.id);
  sockets.delete(socket.id);
  if (sockets.size > 0) return;
  online.delete(user.id);
  chat.emit('presence:offline', { userId: user.id });
}

function send(socket, user, { channelId, content }) {
  const message = {
    messageId: randomBytes(12).toString('hex'),
    channelId,
    senderId: user.id,
    senderName: user.name,
    content,
    createdAt: new Date().toISOString(),
  };
  messages.push(message);
  socket.to(`channel:${channelId}`).emit('message:new', message);
  socket.emit('message:new', message);
}

chat.on('connection', (socket) => {
  const claims = verify(socket.handshake.auth.token);
  if (!claims) return socket.emit('error', { message: 'Invalid authentication token' });
  const user = { id: claims.sub, name: claims.email };
  const others = (channelId) => socket.to(`channel:${channelId}`);
  enter(socket, user);
  socket.on('channel:join', ({ channelId }, done) => {
    socket.join(`channel:${channelId}`);
    others(channelId).emit('channel:user_joined', { channelId, userId: user.id });
    done?.({ ok: true, channelId });
  });
  socket.on('channel:leave', ({ channelId }, done) => {
    socket.leave(`channel:${channelId}`);
    chat.to(`channel:${channelId}`).emit('channel:user_left', { channelId, userId: user.id });
    done?.({ ok: true, channelId });
  });
  socket.on('channel:typing', ({ channelId }) => {
    others(channelId).emit('channel:typing', { channelId, userId: user.id, userName: user.name });
  });
  socket.on('channel:stop_typing', ({ channelId }) => {
    others(channelId).emit('channel:stop_typing', { channelId, userId: user.id });
  });
  socket.on('message:send', (request) => send(socket, user, request));
  if (!redis) socket.on('disconnect', () => leave(socket, user));
});

// For the count of memory, which is to hold no garbage.
process.on('SIGUSR2', () => globalThis.gc?.());

http.listen(Number(port), '127.0.0.1', () => {
  console.log(`listening on http://localhost:${http.address().port}`);
});
