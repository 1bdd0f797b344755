// Membership is asked each time: who is no member neither joins, nor hears, nor speaks, from the moment of the removal on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { addMember, defaultWorkspace, makeChannel, removeMember } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';

async function assertRefused(client, event, payload, status, code) {
  const reply = await client.ask(event, payload);
  assert.equal(reply.ok, false, JSON.stringify(reply));
  assert.deepEqual([reply.error.status, reply.error.code], [status, code]);
  const error = await client.next('error', { event });
  assert.deepEqual([error.status, error.code], [status, code]);
  return error;
}

/** A private channel of alice and bob, both joined. */
async function privatePair(server) {
  const channelId = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  await alice.join(channelId);
  await bob.join(channelId);
  await alice.next('channel:user_joined', { channelId, userId: 'bob' });
  return { channelId, alice, bob };
}

for (const [type, name] of [['private', 'secret'], ['direct', 'you-and-me']]) {
  test(`joining a ${type} channel of others is refused with NOT_CHANNEL_MEMBER`, () => withServer({}, async (server) => {
    const channelId = await makeChannel(server, 'alice', { name, type });
    const mallory = await Client.open(server, 'mallory');
    const error = await assertRefused(mallory, 'channel:join', { channelId }, 403, 'NOT_CHANNEL_MEMBER');
    assert.equal(error.channelId, channelId);
  }));

  test(`whoever was refused at a ${type} channel hears nothing of it`, () => withServer({}, async (server) => {
    const channelId = await makeChannel(server, 'alice', { name, type });
    const alice = await Client.open(server, 'alice');
    const mallory = await Client.open(server, 'mallory');
    await alice.join(channelId);
    await assertRefused(mallory, 'channel:join', { channelId }, 403, 'NOT_CHANNEL_MEMBER');
    await mallory.join(GENERAL);
    await alice.say(channelId, 'between us');
    await messageFence(GENERAL, alice, mallory);
    assert.ok(mallory.all('message:new').every((message) => message.channelId === GENERAL), mallory.story());
    assert.deepEqual(alice.all('channel:user_joined'), []);
  }));

  test(`sending to a ${type} channel of others is refused and stored nowhere`, () => withServer({}, async (server) => {
    const channelId = await makeChannel(server, 'alice', { name, type });
    const mallory = await Client.open(server, 'mallory');
    await assertRefused(mallory, 'message:send', { channelId, content: 'hi' }, 403, 'NOT_CHANNEL_MEMBER');
    assert.deepEqual((await rest(server, 'alice').get(`/channels/${channelId}/messages`)).json.data, []);
  }));

  test(`a ${type} channel is in nobody else's list`, () => withServer({}, async (server) => {
    const channelId = await makeChannel(server, 'alice', { name, type });
    const workspace = await defaultWorkspace(server, 'mallory');
    const ids = async (user) => {
      const { json } = await rest(server, user).get(`/workspaces/${workspace}/channels`);
      return json.data.map(({ id }) => id);
    };
    assert.ok((await ids('alice')).includes(channelId));
    assert.ok(!(await ids('mallory')).includes(channelId));
  }));
}

test('a public channel is open to every member of its workspace', () => withServer({}, async (server) => {
  const channelId = await makeChannel(server, 'alice', { name: 'open', type: 'public' });
  const bob = await Client.open(server, 'bob');
  assert.equal((await bob.join(channelId)).channelId, channelId);
}));

test('a channel that does not exist is CHANNEL_NOT_FOUND, and joining does not create it', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const error = await assertRefused(alice, 'channel:join', { channelId: 'nowhere' }, 404, 'CHANNEL_NOT_FOUND');
    assert.equal(error.channelId, 'nowhere');
    await assertRefused(alice, 'channel:join', { channelId: 'nowhere' }, 404, 'CHANNEL_NOT_FOUND');
  }));

test('--auto-create-channels makes a channel of the first join', () =>
  withServer({ flags: ['--auto-create-channels'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    await alice.join('fresh');
    await bob.join('fresh');
    await alice.say('fresh', 'first');
    assert.equal((await bob.next('message:new')).content, 'first');
  }));

test('without auto-join a newcomer is in no workspace and sees none of its channels', () =>
  withServer({ flags: ['--auto-join', 'off'] }, async (server) => {
    const dave = await Client.open(server, 'dave');
    assert.deepEqual((await rest(server, 'dave').get('/workspaces')).json.data, []);
    await assertRefused(dave, 'channel:join', { channelId: GENERAL }, 404, 'CHANNEL_NOT_FOUND');
  }));

test('a new member joins what was closed before, on the same connection', () => withServer({}, async (server) => {
  const channelId = await makeChannel(server, 'alice', { name: 'secret' });
  const bob = await Client.open(server, 'bob');
  await assertRefused(bob, 'channel:join', { channelId }, 403, 'NOT_CHANNEL_MEMBER');
  await addMember(server, 'alice', channelId, 'bob');
  await bob.join(channelId);
}));

test('a removed member gets channel:removed, and the room gets channel:user_left', () => withServer({}, async (server) => {
  const { channelId, alice, bob } = await privatePair(server);
  const tab2 = await Client.open(server, 'bob');
  await tab2.join(channelId);
  await removeMember(server, 'alice', channelId, 'bob');
  for (const tab of [bob, tab2]) {
    const removed = await tab.next('channel:removed');
    assert.equal(removed.channelId, channelId);
    assert.equal(typeof removed.reason, 'string');
  }
  assert.deepEqual(await alice.next('channel:user_left'), { channelId, userId: 'bob' });
  await messageFence(channelId, alice);
  assert.equal(alice.all('channel:user_left').length, 1);
}));

test('a removed member receives nothing more of the channel', () => withServer({}, async (server) => {
  const { channelId, alice, bob } = await privatePair(server);
  await bob.join(GENERAL);
  await removeMember(server, 'alice', channelId, 'bob');
  alice.emit('channel:typing', { channelId });
  await alice.say(channelId, 'now we are alone');
  await messageFence(GENERAL, alice, bob);
  const heard = bob.log.filter(({ event, data }) =>
    data.channelId === channelId && !['channel:removed', 'ack'].includes(event));
  assert.deepEqual(heard, [], bob.story());
}));

test('a removed member can neither send, nor join, nor type, nor read', () => withServer({}, async (server) => {
  const { channelId, bob } = await privatePair(server);
  await removeMember(server, 'alice', channelId, 'bob');
  await bob.next('channel:removed');
  await assertRefused(bob, 'message:send', { channelId, content: 'hi' }, 403, 'NOT_CHANNEL_MEMBER');
  await assertRefused(bob, 'channel:join', { channelId }, 403, 'NOT_CHANNEL_MEMBER');
  bob.emit('channel:typing', { channelId });
  assert.equal((await bob.next('error', { event: 'channel:typing' })).status, 403);
  assertProblem(await rest(server, 'bob').get(`/channels/${channelId}/messages`), 403, 'NOT_CHANNEL_MEMBER');
}));

test('a removed member cannot edit or delete what he wrote', () => withServer({}, async (server) => {
  const { channelId, bob } = await privatePair(server);
  const { messageId } = await bob.say(channelId, 'mine');
  await removeMember(server, 'alice', channelId, 'bob');
  await assertRefused(bob, 'message:edit', { messageId, content: 'changed' }, 403, 'NOT_CHANNEL_MEMBER');
  await assertRefused(bob, 'message:delete', { messageId }, 403, 'NOT_CHANNEL_MEMBER');
  assertProblem(await rest(server, 'bob').patch(`/messages/${messageId}`, { content: 'x' }), 403, 'NOT_CHANNEL_MEMBER');
}));

test('the removal ends a typing on both sides', () => withServer({}, async (server) => {
  const { channelId, alice, bob } = await privatePair(server);
  for (const [typist, other] of [[alice, bob], [bob, alice]]) {
    typist.emit('channel:typing', { channelId });
    await other.next('channel:typing', { channelId });
  }
  await removeMember(server, 'alice', channelId, 'bob');
  await alice.next('channel:stop_typing', { channelId, userId: 'bob' });
  await bob.next('channel:stop_typing', { channelId, userId: 'alice' });
  assert.equal(assertStartsAndStopsAlternate(bob), 1);
  assert.equal(assertStartsAndStopsAlternate(alice), 1);
}));

test('only a member of the channel changes its members', () => withServer({}, async (server) => {
  const channelId = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
  const mallory = rest(server, 'mallory');
  assert.equal((await mallory.get('/users/me')).status, 200);
  assert.equal((await mallory.post(`/channels/${channelId}/members`, { userId: 'mallory' })).status, 403);
  assert.equal((await mallory.delete(`/channels/${channelId}/members/bob`)).status, 403);
  const bob = await Client.open(server, 'bob');
  await bob.join(channelId);
}));

test('a channel is found by its name in the default workspace', () => withServer({}, async (server) => {
  const channelId = await makeChannel(server, 'alice', { name: 'by-name', type: 'public' });
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  await alice.join(channelId);
  await bob.say('by-name', 'hello');
  assert.equal((await alice.next('message:new')).content, 'hello');
}));

test('given a socket in as many channels as it may be, when it joins one more, then it must leave one first', () =>
  withServer({ flags: ['--auto-create-channels'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    const names = Array.from({ length: 128 }, (_, i) => `room-${i}`);
    await Promise.all(names.map((name) => alice.join(name)));
    const refused = await alice.ask('channel:join', { channelId: 'one-more' });
    assert.deepEqual([refused.ok, refused.error.code, refused.error.status], [false, 'TOO_MANY_CHANNELS', 429]);
    await alice.join(names[0]);  // it is there already
    await alice.must('channel:leave', { channelId: names[0] });
    await alice.join('one-more');
    await (await Client.open(server, 'alice')).join(names[0]);
  }));

test('given a join and a leave in one breath, then the socket is out, and the room has heard of both or of neither', () =>
  withServer({ flags: ['--shards', '3'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    await alice.join('general');
    const bob = await Client.open(server, 'bob');
    for (let round = 0; round < 20; round += 1) {
      bob.emit('channel:join', { channelId: 'general' });
      await bob.must('channel:leave', { channelId: 'general' });
      await messageFence('general', alice);
      await bob.barrier();
      assert.deepEqual(bob.all('message:new'), [], `round ${round}`);
      assert.equal(alice.all('channel:user_joined').length, alice.all('channel:user_left').length, `round ${round}`);
    }
    bob.emit('channel:join', { channelId: 'general' });
    bob.leave();
    await alice.next('presence:offline', { userId: 'bob' });
    await messageFence('general', alice);
    assert.equal(alice.all('channel:user_joined').length, alice.all('channel:user_left').length);
  }));
