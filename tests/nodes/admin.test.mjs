// The Admin UI over the nodes of a cluster: a page that is connected to one of them sees and does on all what it does on one.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Recorder, assertRecent } from '../e2e/support/admin.mjs';
import { until } from '../e2e/support/waiting.mjs';
import { Node } from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

const byId = (sockets) => new Map(sockets.map((socket) => [socket.id, socket]));

for (const mode of ['classic', 'sharded', 'streams']) {
  /** `body({ nodes, page, start })`: two nodes, a page that is connected to the first, and one that starts another node. */
  const cluster = (what, body) => test(`${mode}: ${what}`, async () => {
    const nodes = [];
    const pages = [];
    const start = async (kind = 'atrium') => {
      nodes.push(await Node.start(kind, redis.url, mode, { more: ['admin'] }));
      return nodes.at(-1);
    };
    const page = async () => {
      pages.push(await new Recorder(`http://127.0.0.1:${nodes[0].port}`, '/admin').connected());
      return pages.at(-1);
    };
    try {
      await start();
      await start();
      await body({ nodes, page, start });
    } finally {
      for (const one of pages) one.close();
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });

  cluster('the figures of both nodes are told, each under its own name', async ({ nodes, page }) => {
    const looking = await page();
    await nodes[0].client('/chat');
    for (let i = 0; i < 3; i += 1) await nodes[1].client('/chat');
    for (const [node, clients, inChat] of [[nodes[0], 2, 1], [nodes[1], 3, 3]]) {
      const { pid } = node.child;
      const [stats] = await looking.take('server_stats', (told) => told.pid === pid && told.clientsCount === clients);
      assert.equal(stats.serverId, `${hostname()}#${pid}`);
      assert.equal(stats.hostname, hostname());
      assert.ok(stats.uptime > 0 && stats.uptime < 60, `${stats.uptime} s`);
      assert.equal(stats.pollingClientsCount, 0);
      assert.deepEqual(stats.namespaces.find(({ name }) => name === '/chat'), { name: '/chat', socketsCount: inChat });
      assert.ok(stats.aggregatedEvents.every(({ count }) => count > 0));
    }
  });

  cluster('what sockets of the other node do is told from the moment when the page is there', async ({ nodes, page }) => {
    await setTimeout(3000);  // both have counted, and know that nobody looks
    const looking = await page();
    await looking.take('all_sockets');
    const far = await nodes[1].client('/chat', { extraHeaders: { 'X-Team': 'red' } });
    const [socket, date] = await looking.take('socket_connected', ({ id }) => id === far.id);
    assertRecent(date);
    assert.deepEqual([socket.nsp, socket.transport, socket.rooms], ['/chat', 'websocket', [far.id]]);
    assert.equal(socket.clientId, far.socket.io.engine.id.slice(0, 12));
    assert.deepEqual([socket.handshake.address, socket.handshake.headers['x-team']], ['127.0.0.1', 'red']);
    await far.ask('join', 'red');
    await looking.take('room_joined', (nsp, room, id) => nsp === '/chat' && room === 'red' && id === far.id);
    await looking.take('event_received', (nsp, id, [event]) => id === far.id && event === 'join');
    await far.ask('note', 'name', 'Ann');
    await looking.take('socket_updated', ({ id, data }) => id === far.id && data.name === 'Ann');
    far.socket.disconnect();
    await looking.take('socket_disconnected', (nsp, id, reason) => id === far.id && reason === 'client namespace disconnect');
  });

  cluster('the list shows sockets of all nodes with their handshakes', async ({ nodes, page, start }) => {
    await start('official');
    const watching = await page();
    const clients = [];
    for (const [i, node] of nodes.entries()) clients.push(await node.client('/chat', { extraHeaders: { 'X-Team': `${i}` } }));
    const told = [];
    for (const { id } of clients.slice(0, 2)) told.push((await watching.take('socket_connected', (socket) => socket.id === id))[0]);
    await clients[1].ask('join', 'red');
    const [sockets] = await (await page()).take('all_sockets');
    const all = byId(sockets);
    assert.equal(all.size, 3 + 2, 'three users and two pages');
    assert.deepEqual(all.get(clients[0].id), told[0]);
    assert.deepEqual(all.get(clients[1].id), { ...told[1], rooms: ['red', clients[1].id] });
    const { handshake, ...official } = all.get(clients[2].id);
    assert.deepEqual(official, { id: clients[2].id, clientId: '', transport: '', nsp: '/chat', data: {}, rooms: [clients[2].id] });
    assert.equal(handshake.headers['x-team'], '2');
    assert.match(handshake.address, /127\.0\.0\.1$/);
    assert.equal(handshake.query.transport, 'websocket');
  });

  cluster('what the page orders is done on the other node', async ({ nodes, page }) => {
    const [a, b, c] = [await nodes[1].client('/chat'), await nodes[1].client('/chat'), await nodes[0].client('/chat')];
    const looking = await page();
    await looking.take('all_sockets');
    const joined = (room, id) => looking.take('room_joined', (nsp, ...what) => nsp === '/chat' && what[0] === room && what[1] === id);
    looking.socket.emit('join', '/chat', 'red', a.id);
    await joined('red', a.id);
    looking.socket.emit('join', '/chat', 'blue');
    for (const { id } of [a, b, c]) await joined('blue', id);
    looking.socket.emit('emit', '/chat', 'red', 'news', 1, Buffer.from('octets'));
    looking.socket.emit('emit', '/chat', undefined, 'news', 2);
    await until(() => b.heard.length === 1, 'everybody is told');
    await until(() => a.heard.length === 2, 'so is who is in the room');
    assert.deepEqual(a.heard, [['news', 1, Buffer.from('octets')], ['news', 2]]);
    assert.deepEqual(b.heard, [['news', 2]]);
    looking.socket.emit('leave', '/chat', 'blue', b.id);
    await looking.take('room_left', (nsp, room, id) => room === 'blue' && id === b.id);
    looking.socket.emit('_disconnect', '/chat', false, a.id);
    const [, , reason] = await looking.take('socket_disconnected', (nsp, id) => id === a.id);
    assert.equal(reason, 'server namespace disconnect');
    assert.ok(a.socket.io.engine.transport?.writable, 'its connection stays');
    looking.socket.emit('_disconnect', '/chat', true, 'blue');
    await looking.take('socket_disconnected', (nsp, id) => id === c.id);
    looking.socket.emit('_disconnect', '/chat', true, b.id);
    await until(() => !b.socket.connected, 'b is disconnected');
  });

  cluster('a node that comes while somebody looks tells of its first sockets', async ({ page, start }) => {
    const looking = await page();
    const node = await start();
    const first = await node.client('/chat');
    await looking.take('socket_connected', ({ id }) => id === first.id);
    await looking.take('server_stats', ({ pid }) => pid === node.child.pid);
  });
}
