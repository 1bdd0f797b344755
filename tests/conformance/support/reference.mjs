// The official servers, doing what the programs of examples/conformance do. The first word names the program; the flags are
// the same. Without CORS, cookie and Engine.IO 3 unless a flag says so.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server as EngineServer } from 'engine.io';
import { Server } from 'socket.io';
import msgpackParser from 'socket.io-msgpack-parser';

const text = (fallback) => ({ type: 'string', default: fallback });
const { values: flags, positionals: [program] } = parseArgs({
  allowPositionals: true,
  options: {
    'ping-interval': text('25000'),
    'ping-timeout': text('20000'),
    'connect-timeout': text('45000'),
    'max-payload': text('1000000'),
    cors: { type: 'string' },
    cookie: { type: 'boolean', default: false },
    msgpack: { type: 'boolean', default: false },
    'allow-eio3': { type: 'boolean', default: false },
  },
});

const options = {
  pingInterval: Number(flags['ping-interval']),
  pingTimeout: Number(flags['ping-timeout']),
  connectTimeout: Number(flags['connect-timeout']),
  maxHttpBufferSize: Number(flags['max-payload']),
  allowEIO3: flags['allow-eio3'],
  cookie: flags.cookie,
  parser: flags.msgpack ? msgpackParser : undefined,
  cors: flags.cors === undefined ? undefined : { origin: flags.cors, credentials: flags.cors !== '*' },
};

const http = createServer((_, response) => {
  response.statusCode = 404;
  response.end();
});

function engineIo() {
  const engine = new EngineServer(options);
  engine.attach(http, { path: '/engine.io/' });
  engine.on('connection', (session) => session.on('data', (data) => session.send(data)));
}

function echo(nsp) {
  nsp.on('connection', (socket) => {
    socket.on('message', (...args) => socket.emit('message-back', ...args));
    socket.on('message-with-ack', (...args) => args.pop()?.(...args));
    socket.on('answer-twice', (ack) => {
      ack('first');
      ack('second');
    });
    socket.on('ask-me', (...args) => socket.emit('question', ...args, (...answer) => socket.emit('answered', ...answer)));
  });
}

function rooms(nsp) {
  nsp.on('connection', (socket) => {
    socket.on('join', (room, ack) => {
      socket.join(room);
      ack?.('joined');
    });
    socket.on('leave', (room, ack) => {
      socket.leave(room);
      ack?.('left');
    });
    socket.on('say', (room, ...args) => socket.to(room).emit('said', ...args));
    socket.on('say-to-all', (room, ...args) => nsp.to(room).emit('said', ...args));
    socket.on('burst', (count) => { for (let i = 0; i < count; ++i) socket.emit('n', i); });
    socket.on('big', (size) => socket.emit('big', 'x'.repeat(size)));
    socket.on('maybe', (...args) => nsp.to(socket.id).volatile.emit('maybe', ...args));
    socket.on('drop-me', () => socket.conn.close());
    socket.on('end-me', (what) => socket.disconnect(what === 'connection'));
    socket.on('disconnect', (reason) => nsp.to(`watching ${socket.id}`).emit('gone', socket.id, reason));
  });
}

function conversation() {
  const io = new Server(http, options);
  for (const name of ['/', '/custom']) {
    const nsp = io.of(name);
    nsp.on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
    echo(nsp);
    rooms(nsp);
  }
  const refusal = (message, data) => Object.assign(new Error(message), data && { data });
  io.of('/refuses').use((_, next) => next(refusal('not you')));
  io.of('/refuses-with-data').use((_, next) => next(refusal('not you', { code: 'E42', retry: false })));
  io.of('/refuses-later').use((_, next) => setImmediate(() => next(refusal('not you, as it turns out'))));
  const guarded = io.of('/guarded');
  guarded.use((socket, next) => next(socket.handshake.auth.token === 'secret' ? undefined : refusal('who are you')));
  guarded.on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
  echo(guarded);
}

({ engine_io: engineIo, conversation })[program]();
http.listen(0, '127.0.0.1', () => console.log(`Listening on http://127.0.0.1:${http.address().port}`));
process.on('SIGTERM', () => process.exit(0));
