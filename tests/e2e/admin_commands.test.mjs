// What the Socket.IO Admin UI can do to the sockets that it looks at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { look, withAdmin } from './support/admin.mjs';
import { happens } from './support/waiting.mjs';

test('emit reaches a namespace, a room or a socket, with binary too', () => withAdmin(['--shards', '2'], async ({ admin, user }) => {
  const page = await admin().connected();
  const [ann, bob] = [await user().connected(), await user().connected()];
  const elsewhere = await user('/').connected();
  await ann.ask('join', 'blue');
  page.socket.emit('emit', '/chat', undefined, 'all', 1, { a: [] });
  page.socket.emit('emit', '/chat', 'blue', 'room', Buffer.from([7]), 'x', Buffer.from([8, 9]));
  page.socket.emit('emit', '/chat', bob.id, 'one');
  page.socket.emit('emit', 'chat', '', 'last');
  assert.deepEqual(await ann.take('all'), [1, { a: [] }]);
  assert.deepEqual(await ann.take('room'), [Buffer.from([7]), 'x', Buffer.from([8, 9])]);
  await ann.take('last');
  assert.deepEqual(ann.log, []);
  await bob.take('all');
  assert.deepEqual(await bob.take('one'), []);
  await bob.take('last');
  assert.deepEqual(bob.log, []);
  assert.equal(await elsewhere.ask('echo'), 'done');
  await elsewhere.take('echo');
  assert.deepEqual(elsewhere.log, []);
}));

test('join and leave move one socket, a room, or all', () => withAdmin(['--shards', '2'], async (server) => {
  const { page, person: ann } = await look(server);
  const bob = await server.user().connected();
  const of = (room) => (nsp, joined) => joined === room;
  page.socket.emit('join', '/chat', 'blue', ann.id);
  assert.equal((await page.take('room_joined', of('blue')))[2], ann.id);
  page.socket.emit('join', '/chat', 'green', 'blue');
  assert.equal((await page.take('room_joined', of('green')))[2], ann.id);
  page.socket.emit('join', '/chat', 'red');
  const joined = [await page.take('room_joined', of('red')), await page.take('room_joined', of('red'))];
  assert.deepEqual(joined.map(([, , id]) => id).sort(), [ann.id, bob.id].sort());
  page.socket.emit('leave', '/chat', 'red', 'blue');
  assert.equal((await page.take('room_left', of('red')))[2], ann.id);
  page.socket.emit('leave', '/chat', 'red');
  assert.equal((await page.take('room_left', of('red')))[2], bob.id);
}));

test('_disconnect ends one socket of a connection, or the connection', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  const manager = person.socket.io;
  const id = person.id;
  const root = manager.socket('/', { forceNew: false });
  await happens(root, 'connect');
  page.socket.emit('_disconnect', '/chat', false, id);
  assert.deepEqual(await happens(person.socket, 'disconnect').then(([reason]) => reason), 'io server disconnect');
  const [nsp, gone, reason] = await page.take('socket_disconnected');
  assert.deepEqual([nsp, gone, reason], ['/chat', id, 'server namespace disconnect']);
  assert.ok(root.connected);
  const closed = happens(manager, 'close');
  page.socket.emit('_disconnect', '/', true);
  assert.equal((await happens(root, 'disconnect'))[0], 'io server disconnect');
  await closed;
}));

test('what cannot be done is refused, and the page goes on', () => withAdmin([], async ({ admin }) => {
  const page = await admin().connected();
  for (const [command, code] of [
    [['join', '/nowhere', 'x'], 'NAMESPACE_NOT_FOUND'],
    [['emit', '/chat', null, 'disconnect'], 'RESERVED_EVENT'],
    [['emit', '/chat'], 'VALIDATION_FAILED'],
    [['leave', 7, 'x'], 'VALIDATION_FAILED'],
    [['_disconnect'], 'VALIDATION_FAILED'],
  ]) {
    page.socket.emit(...command);
    assert.equal((await page.take('error'))[0].code, code, JSON.stringify(command));
  }
  // The official server would have made it.
  page.socket.emit('emit', '/nowhere', null, 'x');
  await page.take('error');
  const [{ namespaces }] = await page.take('server_stats');
  assert.ok(!namespaces.some(({ name }) => name === '/nowhere'));
}));

test('a page that may only look can do nothing', () => withAdmin(['--readonly'], async (server) => {
  const { page, person } = await look(server);
  page.socket.emit('emit', '/chat', null, 'x');
  page.socket.emit('join', '/chat', 'blue');
  page.socket.emit('_disconnect', '/chat', true);
  await page.take('server_stats');
  await person.ask('join', 'green');
  await page.take('room_joined', (nsp, room) => room === 'green');
  assert.ok(person.socket.connected);
  assert.deepEqual(person.log, []);
  assert.ok(!page.log.some(([event, , room]) => event === 'room_joined' && room === 'blue'));
}));
