// Limits: who is too fast is told when to come back, by RATE_LIMITED and retryAfterMs, and nobody else notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { defaultWorkspace, history, makeChannel } from './support/rooms.mjs';
import { assertProblem, request, rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';

const GENERAL = 'general';
/** Everything off but what is named. */
const only = (...flags) => {
  const off = ['events', 'joins', 'edits', 'statuses', 'messages', 'user-messages', 'sockets'].map((name) => `--limit-${name}`);
  return { limits: true, flags: [...off.filter((flag) => !flags.includes(flag)).flatMap((flag) => [flag, '0']), ...flags] };
};

function assertLimited(reply, mostMs) {
  assert.equal(reply.ok, false, JSON.stringify(reply));
  const { code, status, retryAfterMs } = reply.error;
  assert.deepEqual([code, status], ['RATE_LIMITED', 429]);
  assert.ok(retryAfterMs > 0 && retryAfterMs <= mostMs, `retryAfterMs is ${retryAfterMs}`);
  return retryAfterMs;
}

const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

test('given the default limits, when a user sends six messages to a channel at once, then the sixth is refused with a time', () =>
  withServer({ limits: true }, async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const alice = await Client.open(server, 'alice');
    const replies = await Promise.all(Array.from({ length: 6 }, (_, i) =>
      alice.ask('message:send', { channelId: GENERAL, content: `${i}`, clientMsgId: `id${i}` })));
    const limited = replies.filter(({ ok }) => !ok);
    assert.equal(limited.length, 1);
    const again = assertLimited(limited[0], 1000);
    const error = await alice.next('error');
    assert.deepEqual([error.code, error.event, error.channelId], ['RATE_LIMITED', 'message:send', GENERAL]);
    assert.equal(error.retryAfterMs, again);
    assert.match(error.clientMsgId, /^id\d$/);
    // The clock of the wait is the server's; what comes after it is taken.
    await wait(again);
    await alice.say(GENERAL, 'later');
    await bob.next('message:new', { content: 'later' });
    assert.equal(bob.all('message:new').length, 6);
    assert.equal((await history(server, 'bob', GENERAL)).length, 6, 'what is refused is not stored');
  }));

test('given one channel that is full for a user, then another channel and other users are not held back', () =>
  withServer(only('--limit-messages', '1'), async (server) => {
    const other = await makeChannel(server, 'alice', { name: 'other', type: 'public' });
    const alice = await Client.open(server, 'alice');
    const tab = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    await alice.say(GENERAL, 'one');
    assertLimited(await alice.ask('message:send', { channelId: GENERAL, content: 'two' }), 5000);
    assertLimited(await tab.ask('message:send', { channelId: GENERAL, content: 'from another tab' }), 5000);
    await alice.say(other, 'elsewhere');
    await bob.say(GENERAL, 'mine');
  }));

test('given a user who sends everywhere, then he is held back over all his channels', () =>
  withServer({ ...only('--limit-user-messages', '2'), }, async (server) => {
    const alice = await Client.open(server, 'alice');
    const channels = await Promise.all(['a', 'b', 'c'].map((name) => makeChannel(server, 'alice', { name, type: 'public' })));
    const replies = await Promise.all(channels.map((channelId) => alice.ask('message:send', { channelId, content: 'x' })));
    assert.equal(replies.filter(({ ok }) => ok).length, 2);
    assertLimited(replies.find(({ ok }) => !ok), 500);
  }));

test('given more joins than allowed, then they are refused and the rest goes on', () =>
  withServer(only('--limit-joins', '2'), async (server) => {
    const alice = await Client.open(server, 'alice');
    for (let i = 0; i < 2; i += 1) await alice.join(GENERAL);
    assertLimited(await alice.ask('channel:join', { channelId: GENERAL }), 5000);
    await alice.say(GENERAL, 'still here');
  }));

test('given more edits and deletions than allowed, then they are refused and the messages stay as they are', () =>
  withServer(only('--limit-edits', '2'), async (server) => {
    const alice = await Client.open(server, 'alice');
    const { messageId } = await alice.say(GENERAL, 'one');
    await alice.must('message:edit', { messageId, content: 'two' });
    await alice.must('message:edit', { messageId, content: 'three' });
    assertLimited(await alice.ask('message:delete', { messageId }), 5000);
    const [message] = await history(server, 'alice', GENERAL);
    assert.deepEqual([message.content, message.isDeleted], ['three', false]);
  }));

test('given a status that is changed over HTTP faster than allowed, then it stays, and nobody else is held back', () =>
  withServer({ ...only('--limit-statuses', '3') }, async (server) => {
    const put = (user, status) => rest(server, user).put('/users/me/presence', { status });
    for (const status of ['dnd', 'invisible', 'dnd']) assert.equal((await put('alice', status)).status, 200);
    const refused = await put('alice', 'invisible');
    assert.equal(assertProblem(refused, 429, 'RATE_LIMITED').status, 429);
    assert.ok(Number(refused.headers['retry-after']) > 0);
    assert.equal((await rest(server, 'alice').get('/users/me/presence')).json.data.status, 'dnd');
    assert.equal((await put('bob', 'dnd')).status, 200);
  }));

test('given as many streams of a user as allowed, when one more comes, then the oldest ends and nobody else\'s', () =>
  withServer({ ...only('--limit-sockets', '3', '--shards', '1') }, async (server) => {
    const open = async (user) => {
      const stream = await EventStream.open(server, '/api/v1/workspaces/default/stats/live', user);
      await stream.next('stats:update');
      return stream;
    };
    const other = await open('bob');
    const [oldest, ...rest] = [await open('alice'), await open('alice'), await open('alice')];
    const newest = await open('alice');
    assert.equal((await oldest.next('end')).json.code, 'TOO_MANY_CONNECTIONS');
    await oldest.ended;
    await Client.open(server, 'carol');
    const one = ({ onlineUsersCount }) => onlineUsersCount === 1;
    for (const stream of [other, ...rest, newest]) await stream.next('stats:update', one);
  }));

test('given a flood of events of any kind, then it is refused, and at the third strike the connection ends', () =>
  withServer(only('--limit-events', '60', '--limit-burst', '5'), async (server) => {
    const bob = await Client.open(server, 'bob');
    const alice = await Client.open(server, 'alice');
    let flooding = true;
    const flood = (async () => {
      while (flooding && alice.socket.connected) {
        alice.emit('nobody:knows', {});
        alice.emit('channel:leave', { channelId: GENERAL });
        await wait(10);
      }
    })();
    const error = await alice.next('error', { event: 'nobody:knows' });
    assert.deepEqual([error.code, error.status], ['RATE_LIMITED', 429]);
    await alice.next('error', { event: 'channel:leave' });
    assert.equal(await alice.gone(), 'io server disconnect');
    flooding = false;
    await flood;
    await bob.join(GENERAL);
  }));

test('given a burst that nobody can have heard the refusal of, then it costs no connection', () =>
  withServer(only('--limit-events', '600', '--limit-burst', '5'), async (server) => {
    const alice = await Client.open(server, 'alice');
    const replies = await Promise.all(Array.from({ length: 30 }, () => alice.ask('channel:leave', { channelId: GENERAL })));
    const limited = replies.filter(({ ok }) => !ok);
    assert.ok(limited.length > 10, `${limited.length} were refused`);
    await wait(Math.max(...limited.map((reply) => assertLimited(reply, 1000))));
    await alice.must('channel:leave', { channelId: GENERAL });
  }));

test('given a typist beyond the limit, then his stop is taken all the same', () =>
  withServer(only('--limit-events', '1', '--limit-burst', '2'), async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const alice = await Client.open(server, 'alice');
    await alice.join(GENERAL);
    alice.emit('channel:typing', { channelId: GENERAL });
    await bob.next('channel:typing', { userId: 'alice' });
    alice.emit('channel:stop_typing', { channelId: GENERAL });
    await bob.next('channel:stop_typing', { userId: 'alice' });
    assert.deepEqual(alice.all('error'), []);
  }));

for (const shards of ['1', '2']) {
  test(`${shards} shards: given as many connections of a user as allowed, when one more comes, then the oldest ends`, () =>
    withServer({ ...only('--limit-sockets', '3', '--shards', shards) }, async (server) => {
      const tabs = [];
      for (let i = 0; i < 3; i += 1) tabs.push(await Client.open(server, 'alice', { name: `tab ${i}`, reconnection: true }));
      const bob = await Client.open(server, 'bob');
      tabs.push(await Client.open(server, 'alice', { name: 'tab 3' }));
      const error = await tabs[0].next('error');
      assert.deepEqual([error.code, error.status], ['TOO_MANY_CONNECTIONS', 429]);
      assert.equal(await tabs[0].gone(), 'io server disconnect', 'so that it does not come back by itself');
      for (const tab of tabs.slice(1)) await tab.join(GENERAL);
      // A place that was left is free.
      tabs[1].leave();
      await bob.barrier();
      tabs.push(await Client.open(server, 'alice', { name: 'tab 4' }));
      for (const tab of [tabs[2], tabs[3], tabs[4]]) await tab.barrier();
      assert.deepEqual(bob.all('presence:offline'), []);
    }));
}

test('given --no-limits, then nobody is held back', () => withServer({ limits: false }, async (server) => {
  const alice = await Client.open(server, 'alice');
  const replies = await Promise.all(Array.from({ length: 150 }, (_, i) =>
    alice.ask('message:send', { channelId: GENERAL, content: `${i}` })));
  assert.ok(replies.every(({ ok }) => ok));
}));

test('given the default limits, then a person who opens the page, reads, types and talks meets none', () =>
  withServer({ limits: true }, async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const alice = await Client.open(server, 'alice');
    const api = rest(server, 'alice');
    await api.get(`/workspaces/${await defaultWorkspace(server, 'alice')}/channels`);
    for (let i = 0; i < 10; i += 1) await alice.join(GENERAL);
    for (let i = 0; i < 5; i += 1) {
      alice.emit('channel:typing', { channelId: GENERAL });
      await bob.next('channel:typing');
      await alice.say(GENERAL, `message ${i}`);
      alice.emit('channel:stop_typing', { channelId: GENERAL });
    }
    await messageFence(GENERAL, bob, alice);
    for (const client of [alice, bob]) assert.deepEqual(client.all('error'), []);
  }));

// --- clients that do not keep up

/** What the kernel of this machine holds for one connection is a few megabytes; this is several times as much. */
const LARGE = '\u{1D11E}'.repeat(4000);
const ENOUGH = 1500;

const cable = (client) => client.socket.io.engine.transport.ws._socket;

test('given a client that does not keep up, then it misses whole typings and no message', () =>
  withServer({ database: 'memory:', flags: ['--max-buffered', '200000000', '--max-stall', '0', '--shards', '1'] }, async (server) => {
    const bob = await Client.open(server, 'bob');
    const alice = await Client.open(server, 'alice');
    const carol = await Client.open(server, 'carol');
    await bob.join(GENERAL);
    await alice.join(GENERAL);
    carol.emit('channel:join', { channelId: GENERAL });
    const type = (client) => client.emit('channel:typing', { channelId: GENERAL });
    const pause = (client) => client.emit('channel:stop_typing', { channelId: GENERAL });
    // One typing begins in time, and ends while bob is behind.
    type(carol);
    await bob.next('channel:typing', { userId: 'carol' });
    cable(bob).pause();
    for (let i = 0; i < ENOUGH; i += 50) {
      await Promise.all(Array.from({ length: 50 }, () => alice.say(GENERAL, LARGE)));
    }
    await carol.barrier();  // she has taken all of it, and so keeps up
    type(alice);
    pause(carol);
    pause(alice);
    type(alice);
    await alice.barrier();
    await carol.barrier();
    cable(bob).resume();
    await bob.next('channel:stop_typing', { userId: 'carol' }, 60_000);
    pause(alice);
    await messageFence(GENERAL, carol, bob);
    assert.deepEqual(bob.all('channel:typing').map(({ userId }) => userId), ['carol']);
    assert.equal(assertStartsAndStopsAlternate(bob), 1);
    assert.equal(assertStartsAndStopsAlternate(carol), 2, 'who keeps up sees them all');
    assert.equal(bob.all('message:new').length, ENOUGH + 1);
  }));

for (const [bound, flags] of Object.entries({
  'more than --max-buffered waits': ['--max-buffered', '65536', '--max-stall', '0'],
  'it takes nothing for --max-stall': ['--max-buffered', '200000000', '--max-stall', '300'],
})) {
  test(`given a client that takes nothing, when ${bound}, then its connection ends and nobody else's`, () =>
    withServer({ database: 'memory:', flags: [...flags, '--presence-grace', '1'] }, async (server) => {
      const bob = await Client.open(server, 'bob');
      const alice = await Client.open(server, 'alice');
      await bob.join(GENERAL);
      cable(bob).pause();
      const gone = alice.next('presence:offline', { userId: 'bob' }, 60_000);
      for (let i = 0; i < ENOUGH && alice.all('presence:offline').length === 0; i += 50) {
        await Promise.all(Array.from({ length: 50 }, () => alice.say(GENERAL, LARGE)));
      }
      await gone;
      await alice.barrier();
    }));
}

test('given as many new connections as a second may bring, when one more comes, then it is told when, and those who are in go on', () =>
  withServer({ limits: true, flags: ['--limit-handshakes', '3', '--shards', '1'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    await alice.join(GENERAL);
    const handshake = () => request(server, '/ws/?EIO=4&transport=polling');
    const answers = await Promise.all(Array.from({ length: 10 }, handshake));
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(refused.length >= 6, `${refused.length} of ten were refused`);
    for (const { status, headers } of refused) assert.deepEqual([status, headers['retry-after']], [503, '1']);
    await alice.say(GENERAL, 'still here');
    await wait(1000);
    assert.equal((await handshake()).status, 200);
  }));
