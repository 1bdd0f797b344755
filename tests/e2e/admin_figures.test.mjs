// The figures that the Socket.IO Admin UI gets every two seconds.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { withAdmin } from './support/admin.mjs';
import { happens } from './support/waiting.mjs';

test('server_stats has each member of the protocol', () => withAdmin(['--server-id', 'first', '--shards', '2'], async ({ admin, user, pid }) => {
  const page = await admin().connected();
  await user('/chat').connected();
  await user('/chat', { transports: ['polling'] }).connected();
  await user('/room-1').connected();
  const [stats] = await page.take('server_stats', ({ clientsCount }) => clientsCount === 4);
  const { uptime, aggregatedEvents, namespaces, ...rest } = stats;
  assert.deepEqual(rest, { serverId: 'first', hostname: hostname(), pid, clientsCount: 4, pollingClientsCount: 1 });
  assert.ok(uptime > 0 && uptime < 60 && !Number.isInteger(uptime));
  assert.deepEqual(namespaces, [
    { name: '/', socketsCount: 0 }, { name: '/admin', socketsCount: 1 },
    { name: '/chat', socketsCount: 2 }, { name: '/room-1', socketsCount: 1 },
  ]);
  for (const { timestamp, type, count, ...more } of aggregatedEvents) {
    assert.equal(timestamp % 1000, 0);
    assert.ok(Math.abs(Date.now() - timestamp) < 60_000);
    assert.ok(['rawConnection', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'].includes(type), type);
    assert.ok(Number.isInteger(count) && count > 0);
    assert.deepEqual(more, {});
  }
}));

test('without a name the server goes by that of its host', () => withAdmin([], async ({ admin }) => {
  const [{ serverId }] = await (await admin().connected()).take('server_stats');
  assert.equal(serverId, hostname());
}));

test('a second of traffic is counted once, whatever the shard', () => withAdmin(['--production', '--shards', '2'], async ({ admin, user }) => {
  const page = await admin().connected();
  await page.take('server_stats');
  for (let i = 0; i < 4; i += 1) await user('/chat').connected();
  const counts = {};
  while ((counts.rawConnection ?? 0) < 4) {
    const [{ aggregatedEvents }] = await page.take('server_stats');
    for (const { type, count } of aggregatedEvents) counts[type] = (counts[type] ?? 0) + count;
  }
  assert.equal(counts.rawConnection, 4);
  assert.equal(counts.packetsIn, 4);  // a CONNECT each
  assert.equal(counts.bytesIn, 4 * '0/chat,'.length);
  assert.ok(counts.packetsOut >= 8 && counts.bytesOut > 8 * 10);
}));

test('polling is counted until it ends by an upgrade or by going', () => withAdmin(['--production'], async ({ admin, user }) => {
  const page = await admin().connected();
  const polling = await user('/chat', { transports: ['polling'] }).connected();
  const upgrading = await user('/chat', { transports: ['polling', 'websocket'] }).connected();
  if (upgrading.socket.io.engine.transport.name !== 'websocket') await happens(upgrading.socket.io.engine, 'upgrade');
  await page.take('server_stats', (stats) => stats.clientsCount === 3 && stats.pollingClientsCount === 1);
  polling.close();
  upgrading.close();
  const [{ aggregatedEvents, pollingClientsCount }] = await page.take('server_stats', (stats) => stats.clientsCount === 1);
  assert.equal(pollingClientsCount, 0);
  const ends = aggregatedEvents.filter(({ type }) => type === 'rawDisconnection');
  assert.ok(ends.length > 0);
  for (const { subType } of ends) assert.equal(subType, 'transport close');
}));

test('in production nothing but figures is told', () => withAdmin(['--production'], async ({ admin, user }) => {
  const page = await admin().connected();
  const person = await user().connected();
  await person.ask('echo', 'hi');
  await person.ask('join', 'blue');
  await person.ask('name', 'Ann');
  person.close();
  await page.take('server_stats', (stats) => stats.aggregatedEvents.some(({ type }) => type === 'rawDisconnection'));
  const events = new Set(page.log.map(([event]) => event));
  assert.deepEqual([...events].sort(), ['config', 'server_stats', 'session'].filter((event) => events.has(event)));
}));
