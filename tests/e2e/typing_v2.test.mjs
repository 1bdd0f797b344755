// Typing for clients that name the capability typing.v2: they refresh their own, and are told that another's goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';
const ALICE = { channelId: GENERAL, userId: 'alice' };
const ALICE_TYPES = { ...ALICE, userName: 'Alice' };
const start = (client, channelId = GENERAL) => client.emit('channel:typing', { channelId });
const stop = (client, channelId = GENERAL) => client.emit('channel:stop_typing', { channelId });

const v2 = (user) => ({ auth: { token: tokenOf(user), caps: ['typing.v2'] } });

async function inGeneral(server, user, options) {
  const client = await Client.open(server, user, options);
  await client.join(GENERAL);
  return client;
}

/** Starts again and again until `client` has been told that it goes on. */
async function startUntilTold(typist, client) {
  const told = client.next('channel:typing', ALICE);
  let done = false;
  told.finally(() => { done = true; }).catch(() => {});
  while (!done) await typist.must('channel:typing', { channelId: GENERAL });
  return told;
}

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: given a refresh after the pause, those of typing.v2 are told that it goes on, the others are not`, () =>
    withServer({ flags: ['--typing-rebroadcast', '300'] }, async (server) => {
      const legacy = await inGeneral(server, 'bob', options);
      const modern = await inGeneral(server, 'carol', { ...options, ...v2('carol') });
      const alice = await inGeneral(server, 'alice', v2('alice'));
      start(alice);
      assert.deepEqual(await modern.next('channel:typing'), ALICE_TYPES);
      const began = performance.now();
      assert.deepEqual(await startUntilTold(alice, modern), ALICE_TYPES);
      assert.ok(performance.now() - began >= 250, `told after ${performance.now() - began} ms`);
      stop(alice);
      for (const client of [legacy, modern]) await client.next('channel:stop_typing', ALICE);
      await messageFence(GENERAL, alice, legacy, modern);
      assert.equal(assertStartsAndStopsAlternate(legacy), 1);
      assert.deepEqual(modern.untaken('channel:stop_typing'), [], 'one stop for all of it');
    }));
}

test('given a client of typing.v2 that does not refresh, when its shorter time is over, then its typing ends', () =>
  withServer({ flags: ['--typing-ttl', '60000', '--typing-ttl-v2', '300'] }, async (server) => {
    const bob = await inGeneral(server, 'bob');
    const alice = await inGeneral(server, 'alice', v2('alice'));
    start(alice);
    await bob.next('channel:typing', ALICE);
    await bob.next('channel:stop_typing', ALICE);
    await messageFence(GENERAL, alice, bob);
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
  }));

test('given a legacy typist in the same channel, then it keeps its longer time', () =>
  withServer({ flags: ['--typing-ttl', '60000', '--typing-ttl-v2', '200'] }, async (server) => {
    const bob = await inGeneral(server, 'bob');
    const legacy = await inGeneral(server, 'dave');
    const alice = await inGeneral(server, 'alice', v2('alice'));
    start(legacy);
    await bob.next('channel:typing', { userId: 'dave' });
    start(alice);
    await bob.next('channel:stop_typing', ALICE);
    assert.deepEqual(bob.all('channel:stop_typing').map(({ userId }) => userId), ['alice']);
  }));

test('given a typist whose client sends a stop right behind its message, then the stop comes after message:new', () =>
  withServer({}, async (server) => {
    const bob = await inGeneral(server, 'bob');
    const alice = await inGeneral(server, 'alice');
    for (let round = 0; round < 5; round += 1) {
      start(alice);
      await bob.next('channel:typing', ALICE);
      alice.emit('message:send', { channelId: GENERAL, content: `${round}` });
      stop(alice);
      await bob.next('channel:stop_typing', ALICE);
    }
    const order = bob.log.map(({ event }) => event).filter((event) => /typing|message/.test(event));
    const round = ['channel:typing', 'message:new', 'channel:stop_typing'];
    assert.deepEqual(order, Array.from({ length: 5 }, () => round).flat());
  }));

test('given a message that is refused, then the typing ends all the same', () => withServer({ limits: true, flags: ['--limit-messages', '1'] },
  async (server) => {
    const bob = await inGeneral(server, 'bob');
    const alice = await inGeneral(server, 'alice');
    await alice.say(GENERAL, 'one');
    start(alice);
    await bob.next('channel:typing', ALICE);
    alice.emit('message:send', { channelId: GENERAL, content: 'two' });
    stop(alice);
    await bob.next('channel:stop_typing', ALICE);
  }));

test('given five channels in which one socket types, when it types in a sixth, then the first ends', () =>
  withServer({}, async (server) => {
    const bob = await Client.open(server, 'bob');
    const alice = await Client.open(server, 'alice');
    const channels = [];
    for (let i = 0; i < 6; i += 1) {
      channels.push(await makeChannel(server, 'alice', { name: `place-${i}`, type: 'public' }));
      await bob.join(channels[i]);
      await alice.join(channels[i]);
    }
    for (const channelId of channels.slice(0, 5)) start(alice, channelId);
    start(alice, channels[0]);  // said again, so it is no longer the one where it was silent the longest
    for (const channelId of channels.slice(0, 5)) await bob.next('channel:typing', { channelId });
    start(alice, channels[5]);
    await bob.next('channel:typing', { channelId: channels[5] });
    await bob.next('channel:stop_typing');
    assert.deepEqual(bob.all('channel:stop_typing'), [{ channelId: channels[1], userId: 'alice' }]);
    for (const channelId of channels) stop(alice, channelId);
    for (const channelId of channels.filter((_, i) => i !== 1)) await bob.next('channel:stop_typing', { channelId });
    assert.equal(assertStartsAndStopsAlternate(bob), 6);
  }));

test('given starts and stops faster than the throttle, then only the burst is shown and every stop comes', () =>
  withServer({}, async (server) => {
    const bob = await inGeneral(server, 'bob');
    const alice = await inGeneral(server, 'alice');
    const began = performance.now();
    for (let i = 0; i < 20; i += 1) {
      start(alice);
      stop(alice);
    }
    await alice.barrier();
    await messageFence(GENERAL, alice, bob);
    const allowed = 5 + Math.ceil((performance.now() - began) / 1000);
    const starts = assertStartsAndStopsAlternate(bob);
    assert.ok(starts >= 5 && starts <= allowed, `${starts} of 20 were shown, ${allowed} were allowed`);
  }));

test('given somebody who types, then GET /channels/:id/typing names him, and nobody afterwards', () =>
  withServer({}, async (server) => {
    const bob = await inGeneral(server, 'bob');
    const alice = await inGeneral(server, 'alice');
    const api = rest(server, 'bob');
    assert.deepEqual((await api.get('/channels/general/typing')).json.data, { channelId: GENERAL, users: [], more: 0 });
    start(alice);
    await bob.next('channel:typing', ALICE);
    assert.deepEqual((await api.get('/channels/general/typing')).json.data, {
      channelId: GENERAL, users: [{ userId: 'alice', userName: 'Alice' }], more: 0,
    });
    stop(alice);
    await bob.next('channel:stop_typing', ALICE);
    assert.deepEqual((await api.get('/channels/general/typing')).json.data.users, []);
  }));

test('given a private channel, then a stranger asks in vain who types there', () => withServer({}, async (server) => {
  const secret = await makeChannel(server, 'alice', { name: 'secret' });
  const answer = await rest(server, 'mallory').get(`/channels/${secret}/typing`);
  assertProblem(answer, answer.status);
  assert.ok([403, 404].includes(answer.status), answer.text);
}));
