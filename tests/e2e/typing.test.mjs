// Typing: for each receiver starts and stops alternate, and every start is ended, however the typist stopped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { addMember, makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';
const PATIENT = { flags: ['--presence-grace', '60000', '--ping-interval', '1000', '--ping-timeout', '1000'] };
const ALICE = { channelId: GENERAL, userId: 'alice' };
const start = (client, channelId = GENERAL) => client.emit('channel:typing', { channelId });
const stop = (client, channelId = GENERAL) => client.emit('channel:stop_typing', { channelId });

async function inGeneral(server, user, options) {
  const client = await Client.open(server, user, options);
  await client.join(GENERAL);
  return client;
}

/** Alice and bob in the channel, and bob has been told that alice types. */
async function aliceTypes(server, options) {
  const bob = await inGeneral(server, 'bob', options);
  const alice = await inGeneral(server, 'alice', options);
  start(alice);
  assert.deepEqual(await bob.next('channel:typing'), { ...ALICE, userName: 'Alice' });
  return { alice, bob };
}

/** Bob got one start and one stop of alice and, as the fence shows, nothing after it. */
async function assertEndedOnce(bob, speaker) {
  assert.deepEqual(await bob.next('channel:stop_typing'), ALICE);
  await messageFence(GENERAL, speaker, bob);
  assert.equal(assertStartsAndStopsAlternate(bob), 1);
}

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: a start is relayed once, and the stop once`, () => withServer({}, async (server) => {
    const { alice, bob } = await aliceTypes(server, options);
    start(alice);
    start(alice);
    stop(alice);
    stop(alice);
    await assertEndedOnce(bob, alice);
  }));
}

test('a stop that no start came before is not relayed', () => withServer({}, async (server) => {
  const bob = await inGeneral(server, 'bob');
  const alice = await inGeneral(server, 'alice');
  stop(alice);
  await messageFence(GENERAL, alice, bob);
  assert.deepEqual(bob.all('channel:stop_typing'), []);
}));

test('starts and stops alternate through many rounds', () => withServer({}, async (server) => {
  const bob = await inGeneral(server, 'bob');
  const alice = await inGeneral(server, 'alice');
  // Each round waits for its stop, so that a throttle on starts has no reason to join two rounds.
  for (let round = 0; round < 4; round += 1) {
    start(alice);
    await bob.next('channel:typing', ALICE);
    stop(alice);
    await bob.next('channel:stop_typing', ALICE);
  }
  assert.equal(assertStartsAndStopsAlternate(bob), 4);
}));

test('a message ends the typing, and the stop comes after message:new', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  await alice.say(GENERAL, 'done');
  await bob.next('channel:stop_typing', ALICE);
  const order = bob.log.map(({ event }) => event).filter((event) => /typing|message/.test(event));
  assert.deepEqual(order, ['channel:typing', 'message:new', 'channel:stop_typing']);
}));

test('leaving the channel ends the typing', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  await alice.must('channel:leave', { channelId: GENERAL });
  await assertEndedOnce(bob, bob);
}));

test('disconnecting ends the typing', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  alice.leave();
  await assertEndedOnce(bob, bob);
}));

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: a cut connection ends the typing without waiting for the presence grace`, () =>
    withServer(PATIENT, async (server) => {
      const { alice, bob } = await aliceTypes(server, options);
      alice.sever();
      await assertEndedOnce(bob, bob);
      assert.deepEqual(bob.all('presence:offline'), []);
    }));
}

test('typing ends by itself after --typing-ttl', () => withServer({ flags: ['--typing-ttl', '300'] }, async (server) => {
  const { bob } = await aliceTypes(server);
  await assertEndedOnce(bob, bob);
}));

test('a repeated start prolongs the typing by a whole TTL', () =>
  withServer({ flags: ['--typing-ttl', '1200', '--presence-grace', '600'] }, async (server) => {
    const dave = await Client.open(server, 'dave');
    const { alice, bob } = await aliceTypes(server);
    // The server's own clock says when the TTL is half over: dave's grace.
    dave.sever();
    await bob.next('presence:offline', { userId: 'dave' });
    const repeated = performance.now();
    start(alice);
    await bob.next('channel:stop_typing', ALICE);
    assert.ok(performance.now() - repeated >= 1195, `ended ${performance.now() - repeated} ms after the repetition`);
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
  }));

test('two tabs of one person are one typist, who stops with the last tab', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  const tab2 = await inGeneral(server, 'alice');
  start(tab2);
  stop(alice);
  await tab2.barrier();
  // Alice's message would end her typing, so bob's own is the fence here; his client heard no stop before it.
  await alice.barrier();
  await messageFence(GENERAL, bob, alice, tab2);
  assert.deepEqual(bob.all('channel:stop_typing'), []);
  stop(tab2);
  await assertEndedOnce(bob, bob);
}));

test('no tab of the typist is told of its own typing', () => withServer({}, async (server) => {
  const tab2 = await inGeneral(server, 'alice');
  const { alice, bob } = await aliceTypes(server);
  stop(alice);
  await bob.next('channel:stop_typing', ALICE);
  await messageFence(GENERAL, alice, tab2, bob);
  for (const tab of [alice, tab2]) {
    assert.deepEqual([...tab.all('channel:typing'), ...tab.all('channel:stop_typing')], []);
  }
}));

test('the typing tab may go while the other tab of that person stays: still one stop', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  const tab2 = await inGeneral(server, 'alice');
  alice.leave();
  await assertEndedOnce(bob, tab2);
}));

test('a late joiner is told who types, by event and by acknowledgement', () => withServer({}, async (server) => {
  const { alice } = await aliceTypes(server);
  const carol = await Client.open(server, 'carol');
  const reply = await carol.join(GENERAL);
  assert.deepEqual(reply.typing, [{ userId: 'alice', userName: 'Alice' }]);
  assert.deepEqual(await carol.next('channel:typing'), { ...ALICE, userName: 'Alice' });
  stop(alice);
  await carol.next('channel:stop_typing', ALICE);
  assert.equal(assertStartsAndStopsAlternate(carol), 1);
}));

test('a late joiner is told of at most five typists, and of no stop without its start', () => withServer({}, async (server) => {
  const bob = await inGeneral(server, 'bob');
  const typists = [];
  for (let i = 0; i < 7; i += 1) {
    const typist = await inGeneral(server, `typist${i}`);
    start(typist);
    await bob.next('channel:typing', { userId: typist.user });
    typists.push(typist);
  }
  const carol = await Client.open(server, 'carol');
  await carol.join(GENERAL);
  for (const typist of typists) {
    stop(typist);
    await bob.next('channel:stop_typing', { userId: typist.user });
  }
  await messageFence(GENERAL, bob, carol);
  assert.equal(assertStartsAndStopsAlternate(carol), 5);
}));

test('whoever leaves is told that the typists stopped, and hears no more of them', () => withServer({}, async (server) => {
  const { alice, bob } = await aliceTypes(server);
  const carol = await inGeneral(server, 'carol');
  await bob.must('channel:leave', { channelId: GENERAL });
  assert.deepEqual(await bob.next('channel:stop_typing'), ALICE);
  stop(alice);
  start(alice);
  await carol.next('channel:stop_typing', ALICE);
  await messageFence(GENERAL, alice, carol);
  await carol.next('channel:stop_typing', ALICE);
  await bob.join(GENERAL);
  assert.equal(assertStartsAndStopsAlternate(bob), 1);
}));

test('typing in one channel is not seen in another', () => withServer({}, async (server) => {
  const other = await makeChannel(server, 'alice', { name: 'elsewhere', type: 'public' });
  const { alice, bob } = await aliceTypes(server);
  const carol = await Client.open(server, 'carol');
  await carol.join(other);
  await alice.join(other);
  await messageFence(other, alice, carol);
  assert.deepEqual(carol.all('channel:typing'), []);
  start(alice, other);
  assert.equal((await carol.next('channel:typing')).channelId, other);
  await messageFence(GENERAL, bob, alice);
  assert.deepEqual(bob.all('channel:typing').map(({ channelId }) => channelId), [GENERAL]);
}));

test('typing without having joined is refused and relayed to nobody', () => withServer({}, async (server) => {
  const bob = await inGeneral(server, 'bob');
  const alice = await Client.open(server, 'alice');
  start(alice);
  assert.equal((await alice.next('error')).event, 'channel:typing');
  await messageFence(GENERAL, alice, bob);
  assert.deepEqual(bob.all('channel:typing'), []);
}));

test('typing in a channel one is no member of is refused', () => withServer({}, async (server) => {
  const secret = await makeChannel(server, 'alice', { name: 'secret' });
  await addMember(server, 'alice', secret, 'bob');
  const bob = await Client.open(server, 'bob');
  await bob.join(secret);
  const mallory = await Client.open(server, 'mallory');
  start(mallory, secret);
  const refusal = await mallory.next('error');
  assert.deepEqual([refusal.event, refusal.status], ['channel:typing', 403]);
  await messageFence(secret, bob);
  assert.deepEqual(bob.all('channel:typing'), []);
}));

test('a storm of starts and stops of many typists leaves nobody typing', () => withServer({}, async (server) => {
  const bob = await inGeneral(server, 'bob');
  const typists = await Promise.all(Array.from({ length: 8 }, (_, i) => inGeneral(server, `typist${i}`)));
  for (let round = 0; round < 5; round += 1) {
    typists.forEach((typist, i) => {
      start(typist);
      if ((i + round) % 2) stop(typist);
    });
  }
  typists.forEach((typist, i) => (i % 2 ? stop(typist) : typist.leave()));
  for (const typist of typists.filter((_, i) => i % 2 === 0)) await bob.next('presence:offline', { userId: typist.user });
  for (const typist of typists.filter((_, i) => i % 2)) await messageFence(GENERAL, typist, bob);
  assert.ok(assertStartsAndStopsAlternate(bob) >= 8);
}));
