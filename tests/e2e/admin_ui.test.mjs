// The server's side of the Socket.IO Admin UI, as the page speaks to it: who may come in, and every event that it is told,
// with every member.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREDENTIALS, assertRecent, look, withAdmin } from './support/admin.mjs';

const EVERYTHING = ['EMIT', 'JOIN', 'LEAVE', 'DISCONNECT', 'MJOIN', 'MLEAVE', 'MDISCONNECT', 'AGGREGATED_EVENTS', 'ALL_EVENTS'];

// --- who may come in

test('the right password is answered with a session of 16 hexadecimal digits', () => withAdmin([], async ({ admin }) => {
  const page = await admin().connected();
  const [session, ...more] = await page.take('session');
  assert.match(session, /^[0-9a-f]{16}$/);
  assert.deepEqual(more, []);
}));

test('a session takes the place of the password, and brings no other session', () => withAdmin([], async ({ admin }) => {
  const first = await admin().connected();
  const [sessionId] = await first.take('session');
  first.close();
  for (let i = 0; i < 3; i += 1) {  // on one shard or on the other
    const again = await admin({ auth: { sessionId } }).connected();
    await again.take('config');
    await again.fence();
    assert.ok(!again.log.some(([event]) => event === 'session'));
  }
}));

for (const [what, auth] of Object.entries({
  'a wrong password': { username: 'admin', password: 'changeIt' },
  'a wrong name': { username: 'root', password: 'changeit' },
  'no password': { username: 'admin' },
  'nothing at all': undefined,
  'an unknown session': { sessionId: '0123456789abcdef' },
  'a session that is no string': { sessionId: { toString: 1 } },
})) {
  test(`${what} is refused with "invalid credentials"`, () => withAdmin([], async ({ admin }) => {
    assert.equal(await admin({ auth }).refusal(), 'invalid credentials');
  }));
}

test('an unknown session does not stand in the way of the right password', () => withAdmin([], async ({ admin }) => {
  const page = await admin({ auth: { sessionId: '0123456789abcdef', ...CREDENTIALS } }).connected();
  await page.take('session');
}));

test('nobody is asked without authentication', () => withAdmin(['--no-auth'], async ({ admin }) => {
  const page = await admin({}).connected();
  await page.take('config');
  await page.fence();
  assert.ok(!page.log.some(([event]) => event === 'session'));
}));

// --- what it is told

for (const [flags, features] of [
  [[], EVERYTHING],
  [['--production'], EVERYTHING.filter((feature) => feature !== 'ALL_EVENTS')],
  [['--readonly'], ['AGGREGATED_EVENTS', 'ALL_EVENTS']],
  [['--readonly', '--production'], ['AGGREGATED_EVENTS']],
]) {
  test(`config names what can be done [${flags.join(' ')}]`, () => withAdmin(flags, async ({ admin }) => {
    const page = await admin().connected();
    assert.deepEqual(await page.take('config'), [{ supportedFeatures: features }]);
  }));
}

test('all_sockets lists the sockets of every namespace and shard, dynamic ones and itself included',
  () => withAdmin(['--shards', '2'], async ({ admin, user }) => {
    const users = [];
    for (const namespace of ['/', '/chat', '/chat', '/chat', '/room-1', '/room-2']) {
      users.push(await user(namespace).connected());
    }
    await users[1].ask('join', 'blue');
    const page = await admin().connected();
    const [sockets, ...more] = await page.take('all_sockets');
    assert.deepEqual(more, []);
    assert.deepEqual(sockets.map(({ id }) => id).sort(), [page, ...users].map(({ id }) => id).sort());
    const told = sockets.find(({ id }) => id === users[1].id);
    assert.deepEqual(told.rooms.sort(), [users[1].id, 'blue'].sort());
    assert.deepEqual(told.data, { visits: 1 });
    assert.equal(sockets.find(({ id }) => id === users[4].id).nsp, '/room-1');
    assert.equal(sockets.find(({ id }) => id === page.id).nsp, '/admin');
  }));

test('a socket is described with each member of the protocol', () => withAdmin([], async (server) => {
  const { url, connected, date, person } = await look({ ...server }, {
    transports: ['polling'],
    auth: { secret: 'not to be shown' },
    query: { colour: 'blue' },
    extraHeaders: { 'x-forwarded-for': '9.9.9.9', origin: server.url },
  }).then((found) => ({ ...found, url: server.url }));
  assertRecent(date);
  const { clientId, handshake, ...rest } = connected;
  assert.deepEqual(rest, { id: person.id, transport: 'polling', nsp: '/chat', data: {}, rooms: [person.id] });
  assert.equal(clientId, person.socket.io.engine.id.slice(0, 12));
  const { headers, issued, time, url: target, query, ...plain } = handshake;
  assert.deepEqual(plain, { address: '9.9.9.9', secure: false, xdomain: true });
  assert.equal(headers['x-forwarded-for'], '9.9.9.9');
  assert.equal(`http://${headers.host}`, url);
  assert.ok(Math.abs(Date.now() - issued) < 60_000);
  assert.match(time, /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT\+0000 \(Coordinated Universal Time\)$/);
  assert.equal(Date.parse(time), issued - (issued % 1000));
  assert.match(target, /^\/socket\.io\/\?colour=blue&EIO=4&transport=polling/);
  assert.deepEqual({ ...query, t: undefined }, { colour: 'blue', EIO: '4', transport: 'polling', t: undefined });
  assert.deepEqual(Object.keys(connected), ['id', 'clientId', 'transport', 'nsp', 'data', 'handshake', 'rooms']);
  assert.ok(!JSON.stringify(connected).includes('not to be shown'));
}));

test('the onlooker hears of its own arrival', () => withAdmin([], async ({ admin }) => {
  const page = await admin().connected();
  const [room, of] = (await page.take('room_joined')).slice(1, 3);
  assert.deepEqual([room, of], [page.id, page.id]);
  assert.equal((await page.take('socket_connected'))[0].id, page.id);
}));

test('an upgrade is told with the new transport and nothing else', () => withAdmin([], async (server) => {
  const { page, connected, person } = await look(server, { transports: ['polling', 'websocket'] });
  assert.equal(connected.transport, 'polling');
  assert.deepEqual(await page.take('socket_updated', ({ transport }) => transport !== undefined),
    [{ id: person.id, nsp: '/chat', transport: 'websocket' }]);
}));

test('changed data is told whole, and unchanged data is not', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  assert.deepEqual(await page.take('socket_updated'), [{ id: person.id, nsp: '/chat', data: { visits: 1 } }]);
  await person.ask('name', 'Ann');
  assert.deepEqual(await page.take('socket_updated'), [{ id: person.id, nsp: '/chat', data: { visits: 1, name: 'Ann' } }]);
  await person.ask('name', 'Ann');
  await page.take('server_stats');  // at least a second one: data has been looked at meanwhile
  await page.take('server_stats');
  await person.ask('name', 'Bob');
  assert.equal((await page.take('socket_updated'))[0].data.name, 'Bob');
}));

test('data that changes right after the list is told of too', () => withAdmin(['--shards', '2'], async ({ admin, user }) => {
  const people = [await user().connected(), await user().connected()];
  const page = await admin().connected();
  await page.take('all_sockets');
  for (const person of people) {
    person.socket.emit('name', 'Ann');
    await page.take('socket_updated', ({ id, data }) => id === person.id && data?.name === 'Ann');
  }
}));

test('a namespace that comes into being later is watched too', () => withAdmin([], async ({ admin, user }) => {
  const page = await admin().connected();
  await page.take('all_sockets');
  const person = await user('/room-7').connected();
  await page.take('socket_connected', ({ id, nsp }) => id === person.id && nsp === '/room-7');
  await person.ask('join', 'blue');
  await page.take('room_joined', (nsp, room) => nsp === '/room-7' && room === 'blue');
  await page.take('event_received', (nsp) => nsp === '/room-7');
}));

test('rooms that are joined and left are told with the moment', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  await person.ask('join', 'blue');
  const [...joined] = await page.take('room_joined', (nsp, room) => room === 'blue');
  assertRecent(joined.pop());
  assert.deepEqual(joined, ['/chat', 'blue', person.id]);
  await person.ask('leave', 'blue');
  const [...left] = await page.take('room_left');
  assertRecent(left.pop());
  assert.deepEqual(left, ['/chat', 'blue', person.id]);
}));

test('events are told as they came and went, without acknowledgements and with their octets', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  const said = ['echo', 'hi', { deep: [1, null] }, Buffer.from([1, 2, 3])];
  assert.equal(await person.ask(...said), 'done');
  for (const event of ['event_received', 'event_sent']) {
    const [...told] = await page.take(event);
    assertRecent(told.pop());
    assert.deepEqual(told, ['/chat', person.id, said]);
  }
  await page.fence();
  assert.deepEqual(page.log.filter(([event]) => event.startsWith('event_')), []);
}));

test('a broadcast is told for each who hears it', () => withAdmin(['--shards', '2'], async (server) => {
  const { page, person } = await look(server);
  const other = await server.user().connected();
  page.socket.emit('emit', '/chat', undefined, 'news', 1);
  const heard = [await page.take('event_sent'), await page.take('event_sent')];
  assert.deepEqual(heard.map(([, id]) => id).sort(), [person.id, other.id].sort());
  assert.deepEqual(heard.map(([nsp, , args]) => [nsp, args]), [['/chat', ['news', 1]], ['/chat', ['news', 1]]]);
}));

test('a disconnection is told with its reason, before the rooms that were left', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  const { id } = person;
  await person.ask('join', 'blue');
  await page.take('room_joined', (nsp, room) => room === 'blue');
  person.close();
  await page.take('room_left', (nsp, room) => room === 'blue');
  const at = page.log.findIndex(([event]) => event === 'socket_disconnected');
  const [, ...told] = page.log[at];
  assertRecent(told.pop());
  assert.deepEqual(told, ['/chat', id, 'client namespace disconnect']);
  assert.ok(!page.log.slice(0, at).some(([event]) => event === 'room_left'));
  await page.take('room_left', (nsp, room) => room === id);
}));

test('nothing is told twice when a second page looks on', () => withAdmin(['--shards', '2'], async (server) => {
  const { page, person } = await look(server);
  const second = await server.admin().connected();
  await second.take('all_sockets');
  await person.ask('join', 'blue');
  for (const each of [page, second]) {
    await each.take('room_joined', (nsp, room) => room === 'blue');
    await each.fence();
    assert.ok(!each.log.some(([event, , room]) => event === 'room_joined' && room === 'blue'));
  }
}));

test('a page that looks again hears of what changes from then on', () => withAdmin([], async (server) => {
  const { page, person } = await look(server);
  page.close();
  await person.ask('join', 'unseen');
  const again = await server.admin().connected();
  const [sockets] = await again.take('all_sockets');
  assert.deepEqual(sockets.find(({ id }) => id === person.id).rooms.sort(), [person.id, 'unseen'].sort());
  await person.ask('join', 'seen');
  await again.take('room_joined', (nsp, room) => room === 'seen');
}));
