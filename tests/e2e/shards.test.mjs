// Several shards are one server: whatever shard a socket, a request or an upgrade lands on, nobody can tell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence, presenceFence } from './support/fences.mjs';
import { RawSocket, PollingSession } from './support/raw.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';
const FOUR = { flags: ['--shards', '4'] };

/** `each` sockets in each transport, all joined to general; half of the polling ones open a connection for each request. */
async function crowd(server, each) {
  const clients = await Promise.all(Object.values(TRANSPORTS).flatMap((options, t) =>
    Array.from({ length: each }, (_, i) => Client.open(server, `user${t}x${i}`, { ...options, keepAlive: i % 2 === 0 }))));
  await Promise.all(clients.map((client) => client.join(GENERAL)));
  return clients;
}

test('every message reaches every socket in every transport exactly once and in the same order', () =>
  withServer(FOUR, async (server) => {
    const clients = await crowd(server, 8);
    const senders = clients.filter((_, i) => i % 4 === 0);
    await Promise.all(senders.flatMap((sender) =>
      Array.from({ length: 15 }, (_, i) => sender.say(GENERAL, `${sender.user} says ${i}`))));
    await messageFence(GENERAL, senders[0], ...clients);
    const order = clients[0].all('message:new').map(({ messageId }) => messageId);
    assert.equal(order.length, senders.length * 15 + 1);
    assert.equal(new Set(order).size, order.length);
    for (const client of clients) {
      assert.deepEqual(client.all('message:new').map(({ messageId }) => messageId), order, client.name);
    }
    const seqs = clients[0].all('message:new').map(({ seq }) => seq);
    assert.deepEqual(seqs, seqs.map((_, i) => seqs[0] + i));
  }));

test('typing on one shard is started and stopped for sockets on all', () => withServer(FOUR, async (server) => {
  const clients = await crowd(server, 4);
  const typists = clients.slice(0, 5);
  for (let round = 0; round < 2; round += 1) {
    for (const typist of typists) typist.emit('channel:typing', { channelId: GENERAL });
    for (const typist of typists) typist.emit('channel:stop_typing', { channelId: GENERAL });
  }
  await Promise.all(typists.map((typist) => typist.barrier()));
  for (const typist of typists) await messageFence(GENERAL, typist, ...clients);
  for (const client of clients) assertStartsAndStopsAlternate(client);
  assert.ok(clients.at(-1).all('channel:typing').length >= typists.length);
}));

test('presence counts tabs on different shards as one person', () => withServer(FOUR, async (server) => {
  const bob = await Client.open(server, 'bob');
  const tabs = await Promise.all(Array.from({ length: 12 }, () => Client.open(server, 'alice')));
  await bob.next('presence:online', { userId: 'alice' });
  await presenceFence(server, bob);
  assert.equal(bob.all('presence:online').filter(({ userId }) => userId === 'alice').length, 1, bob.story());
  for (const tab of tabs) tab.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  await presenceFence(server, bob);
  assert.equal(bob.all('presence:offline').filter(({ userId }) => userId === 'alice').length, 1, bob.story());
}));

test('a newcomer on any shard is told of everybody on all of them', () => withServer(FOUR, async (server) => {
  const clients = await crowd(server, 3);
  const newcomers = await Promise.all(Array.from({ length: 6 }, (_, i) => Client.open(server, `new${i}`)));
  for (const newcomer of newcomers) {
    for (const { user } of clients) await newcomer.next('presence:online', { userId: user });
  }
}));

test('a polling session is served on whatever connection its requests come', () => withServer(FOUR, async (server) => {
  const session = await PollingSession.open(server);
  assert.equal((await session.post(`40/chat,${JSON.stringify({ token: tokenOf('alice') })}`)).text, 'ok');
  await session.packet((packet) => packet.startsWith('42/chat,["presence:online"'));
  // Each request opens its own connection, so sixty of them visit all shards.
  for (let i = 0; i < 30; i += 1) {
    assert.equal((await session.post(`42/chat,${i}["channel:join",{"channelId":"general"}]`)).text, 'ok');
    await session.packet((packet) => packet.startsWith(`43/chat,${i}[`));
  }
}));

test('an upgrade that lands on another shard moves to its session', () => withServer(FOUR, async (server) => {
  for (let i = 0; i < 12; i += 1) {
    const session = await PollingSession.open(server);
    const socket = new RawSocket(server, { sid: session.sid });
    assert.equal(await socket.opened, true);
    socket.send('2probe');
    assert.equal(await socket.next(), '3probe');
    socket.send('5').send(`40/chat,${JSON.stringify({ token: tokenOf('alice') })}`);
    assert.match(await socket.next(), /^40\/chat,\{"sid":"/);
    socket.ws.terminate();
  }
}));

test('a hundred sockets connect and leave at once and everybody is gone afterwards', () => withServer(FOUR, async (server) => {
  const bob = await Client.open(server, 'bob');
  const visitors = await Promise.all(Array.from({ length: 100 }, (_, i) => Client.open(server, `visitor${i}`)));
  for (const visitor of visitors) visitor.leave();
  for (const { user } of visitors) await bob.next('presence:offline', { userId: user });
  const late = await Client.open(server, 'late');
  await late.next('presence:online', { userId: 'bob' });
  await late.nothingElse();
}));
