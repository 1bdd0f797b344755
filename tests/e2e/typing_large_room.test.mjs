// Typing where many listen: a few are named, those of typing.v2 are told a state, and beyond that it is off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';
const start = (client) => client.emit('channel:typing', { channelId: GENERAL });
const stop = (client) => client.emit('channel:stop_typing', { channelId: GENERAL });
const v2 = (user) => ({ auth: { token: tokenOf(user), caps: ['typing.v2'] } });

async function inGeneral(server, user, options) {
  const client = await Client.open(server, user, options);
  await client.join(GENERAL);
  return client;
}

async function crowd(server, count, prefix = 'guest') {
  const guests = [];
  for (let i = 0; i < count; i += 1) guests.push(await inGeneral(server, `${prefix}${i}`));
  return guests;
}

const names = (state) => state.users.map(({ userId }) => userId);

test('given a large room, then those of typing.v2 are told a state, at most once a second, and the others a few by name', () =>
  withServer({ flags: ['--typing-large-room', '5'] }, async (server) => {
    const legacy = await inGeneral(server, 'bob');
    const modern = await inGeneral(server, 'carol', v2('carol'));
    const typists = await crowd(server, 8);
    for (const typist of typists) start(typist);
    const full = await modern.next('channel:typing_state', ({ users }) => users.length === 5);
    assert.equal(full.more, 3);
    assert.equal(full.channelId, GENERAL);
    assert.ok(full.users.every(({ userId, userName }) => userId.startsWith('guest') && userName.startsWith('Guest')));
    for (const userId of names(full)) await legacy.next('channel:typing', { userId });
    assert.deepEqual(new Set(legacy.all('channel:typing').map(({ userId }) => userId)), new Set(names(full)));
    const named = typists.filter(({ user }) => names(full).includes(user));
    stop(named[0]);
    await legacy.next('channel:stop_typing', { userId: named[0].user });
    const next = await modern.next('channel:typing_state', (state) => !names(state).includes(named[0].user) && state.more === 2);
    assert.equal(next.users.length, 5, 'another has his place');
    for (const typist of typists) stop(typist);
    await modern.next('channel:typing_state', { users: [], more: 0 });
    await messageFence(GENERAL, typists[0], legacy, modern);
    assertStartsAndStopsAlternate(legacy);
    assert.deepEqual([...modern.all('channel:typing'), ...modern.all('channel:stop_typing')], []);
  }));

test('given people who type while the room grows to large and shrinks again, then starts and stops alternate for everybody', () =>
  withServer({ flags: ['--typing-large-room', '6'] }, async (server) => {
    const legacy = await inGeneral(server, 'bob');
    const modern = await inGeneral(server, 'carol', v2('carol'));
    const alice = await inGeneral(server, 'alice');
    const dave = await inGeneral(server, 'dave');
    start(alice);
    start(dave);
    for (const client of [legacy, modern]) {
      await client.next('channel:typing', { userId: 'alice' });
      await client.next('channel:typing', { userId: 'dave' });
    }
    const guests = await crowd(server, 3);
    assert.deepEqual(new Set(names(await modern.next('channel:typing_state'))), new Set(['alice', 'dave']));
    assertStartsAndStopsAlternate(modern);  // of the starts nothing is left open
    stop(dave);
    await legacy.next('channel:stop_typing', { userId: 'dave' });
    guests[2].leave();
    guests[1].leave();
    await modern.next('channel:typing_state', { users: [], more: 0 });
    await modern.next('channel:typing', { userId: 'alice' });
    stop(alice);
    for (const client of [legacy, modern]) await client.next('channel:stop_typing', { userId: 'alice' });
    await messageFence(GENERAL, alice, legacy, modern);
    for (const client of [legacy, modern, guests[0]]) assertStartsAndStopsAlternate(client);
  }));

test('given a large room, then a newcomer and a leaver of typing.v2 are told its state', () =>
  withServer({ flags: ['--typing-large-room', '2'] }, async (server) => {
    const [first, , alice] = await crowd(server, 3);
    start(alice);
    await first.next('channel:typing', { userId: alice.user });
    const modern = await Client.open(server, 'carol', v2('carol'));
    const reply = await modern.join(GENERAL);
    assert.deepEqual(reply.typing.map(({ userId }) => userId), [alice.user]);
    assert.deepEqual(names(await modern.next('channel:typing_state')), [alice.user]);
    await modern.must('channel:leave', { channelId: GENERAL });
    assert.deepEqual(await modern.next('channel:typing_state'), { channelId: GENERAL, users: [], more: 0 });
    assert.deepEqual(modern.all('channel:stop_typing'), []);
  }));

test('given a huge room, then typing is off: an acknowledgement says so, and a legacy client hears nothing', () =>
  withServer({ flags: ['--typing-large-room', '2', '--typing-huge-room', '3'] }, async (server) => {
    const [bob, alice, dave] = await crowd(server, 3);
    start(alice);
    await bob.next('channel:typing', { userId: alice.user });
    const last = await inGeneral(server, 'eve');
    await bob.next('channel:stop_typing', { userId: alice.user });
    const refused = await alice.ask('channel:typing', { channelId: GENERAL });
    assert.deepEqual([refused.ok, refused.error.code, refused.error.status], [false, 'TYPING_DISABLED', 403]);
    start(dave);
    await dave.barrier();
    await messageFence(GENERAL, dave, bob, alice, last);
    for (const client of [alice, dave]) assert.deepEqual(client.all('error'), []);
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
    assert.deepEqual((await rest(server, 'eve').get('/channels/general/typing')).json.data.users, []);
    // It comes back with the room's former size.
    last.leave();
    dave.leave();
    await bob.next('channel:user_left', { userId: dave.user });
    await alice.must('channel:typing', { channelId: GENERAL });
    await bob.next('channel:typing', { userId: alice.user });
  }));
