// Presence counts people, not tabs: online with the first tab, offline once with the last, and a reload is nobody's news.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { graceFence, messageFence, presenceFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { defaultWorkspace } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';
// Each change is told at once, so that none cancels another; presence_v2.test.mjs has the windows.
const AT_ONCE = ['--presence-window', '0'];
const LONG = { flags: ['--presence-grace', '60000', ...AT_ONCE] };
const SHORT = { flags: ['--presence-grace', '400', '--ping-interval', '1000', '--ping-timeout', '1000', ...AT_ONCE] };

const presenceOf = (client, userId) => client.log
  .filter(({ event, data }) => event.startsWith('presence:') && data.userId === userId).map(({ event }) => event);

test('welcome comes first, the own presence second, then those already there, each once', () =>
  withServer(LONG, async (server) => {
    await Client.open(server, 'alice');
    await Client.open(server, 'alice');
    await Client.open(server, 'bob');
    const carol = await Client.open(server, 'carol');
    await carol.next('presence:online', { userId: 'alice', userName: 'Alice' });
    await carol.next('presence:online', { userId: 'bob', userName: 'Bob' });
    await carol.nothingElse();
    assert.deepEqual(carol.log.slice(0, 2).map(({ event, data }) => [event, data.userId]),
      [['welcome', 'carol'], ['presence:online', 'carol']]);
  }));

test('welcome carries the socket id, the user and the server\'s time', () => withServer(LONG, async (server) => {
  const before = Date.now() - 60_000;
  const alice = await Client.open(server, 'alice');
  assert.equal(alice.welcome.id, alice.socket.id);
  assert.equal(alice.welcome.userId, 'alice');
  assert.ok(new Date(alice.welcome.serverTime).getTime() > before, JSON.stringify(alice.welcome));
}));

test('the name that is shown is the display name and not the email', () => withServer(LONG, async (server) => {
  const alice = await Client.open(server, 'alice');
  await Client.open(server, 'bob');
  assert.deepEqual(await alice.next('presence:online', { userId: 'bob' }), { userId: 'bob', userName: 'Bob' });
}));

test('a second tab hears its own presence once and the first tab and the others hear nothing', () =>
  withServer(LONG, async (server) => {
    const bob = await Client.open(server, 'bob');
    const tab1 = await Client.open(server, 'alice');
    await bob.next('presence:online', { userId: 'alice' });
    const tab2 = await Client.open(server, 'alice');
    await presenceFence(server, bob, tab1, tab2);
    assert.deepEqual(presenceOf(tab2, 'alice'), ['presence:online']);
    assert.deepEqual(presenceOf(tab1, 'alice'), ['presence:online']);
    assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online']);
  }));

test('somebody new who comes with many tabs at once is online for all, and each tab hears who is there', () =>
  withServer(LONG, async (server) => {
    const bob = await Client.open(server, 'bob');
    for (const user of ['ann', 'ben', 'cleo', 'dan', 'eve']) {
      const tabs = await Promise.all(Array.from({ length: 8 }, () => Client.open(server, user)));
      for (const tab of tabs) await tab.next('presence:online', { userId: 'bob' });
      await bob.next('presence:online', { userId: user });
    }
  }));

test('closing one of two tabs is nobody\'s news', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  const tab1 = await Client.open(server, 'alice');
  const tab2 = await Client.open(server, 'alice');
  tab1.leave();
  await presenceFence(server, bob, tab2);
  assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online']);
}));

test('closing the last of several tabs says offline exactly once', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  const tabs = [];
  for (let i = 0; i < 4; i += 1) tabs.push(await Client.open(server, 'alice'));
  for (const tab of tabs) tab.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  await presenceFence(server, bob);
  assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online', 'presence:offline']);
}));

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: an explicit disconnect is offline at once although the grace is a minute`, () =>
    withServer(LONG, async (server) => {
      const bob = await Client.open(server, 'bob');
      const alice = await Client.open(server, 'alice', options);
      await bob.next('presence:online', { userId: 'alice' });
      alice.leave();
      assert.deepEqual(await bob.next('presence:offline'), { userId: 'alice' });
      await bob.nothingElse();
    }));

  test(`${transport}: a cut connection is offline after the grace, exactly once`, () => withServer(SHORT, async (server) => {
    const bob = await Client.open(server, 'bob');
    const alice = await Client.open(server, 'alice', options);
    await bob.next('presence:online', { userId: 'alice' });
    alice.sever();
    await bob.next('presence:offline', { userId: 'alice' });
    await graceFence(server, bob);
    assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online', 'presence:offline']);
  }));

  test(`${transport}: a reload within the grace makes no event`, () => withServer(SHORT, async (server) => {
    const bob = await Client.open(server, 'bob');
    const first = await Client.open(server, 'alice', options);
    await bob.next('presence:online', { userId: 'alice' });
    first.sever();
    await Client.open(server, 'alice', options);
    await graceFence(server, bob);
    assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online'], bob.story());
  }));
}

test('a cut connection is not offline before its grace is over', () =>
  withServer({ flags: ['--presence-grace', '1500'] }, async (server) => {
    const bob = await Client.open(server, 'bob');
    const alice = await Client.open(server, 'alice');
    await bob.next('presence:online', { userId: 'alice' });
    const cut = performance.now();
    alice.sever();
    await bob.next('presence:offline', { userId: 'alice' });
    assert.ok(performance.now() - cut >= 1500, `only ${performance.now() - cut} ms`);
  }));

test('somebody within the grace still counts as online for newcomers', () => withServer(LONG, async (server) => {
  const alice = await Client.open(server, 'alice');
  alice.sever();
  const bob = await Client.open(server, 'bob');
  await bob.next('presence:online', { userId: 'alice' });
  await bob.nothingElse();
}));

test('a tab that is cut while another tab lives leaves no offline behind', () => withServer(SHORT, async (server) => {
  const bob = await Client.open(server, 'bob');
  const tab1 = await Client.open(server, 'alice');
  await Client.open(server, 'alice');
  tab1.sever();
  await graceFence(server, bob);
  assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online']);
}));

test('coming back after offline is online again', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  (await Client.open(server, 'alice')).leave();
  await bob.next('presence:offline', { userId: 'alice' });
  await Client.open(server, 'alice');
  await presenceFence(server, bob);
  assert.deepEqual(presenceOf(bob, 'alice'), ['presence:online', 'presence:offline', 'presence:online']);
}));

test('channel:user_joined and user_left count the user, not the tabs', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  const tab1 = await Client.open(server, 'alice');
  const tab2 = await Client.open(server, 'alice');
  await tab1.join(GENERAL);
  await tab2.join(GENERAL);
  await tab1.join(GENERAL);
  await tab1.must('channel:leave', { channelId: GENERAL });
  await messageFence(GENERAL, tab2, bob);
  assert.equal(bob.all('channel:user_joined').length, 1, bob.story());
  assert.equal(bob.all('channel:user_left').length, 0, bob.story());
  await tab2.must('channel:leave', { channelId: GENERAL });
  assert.deepEqual(await bob.next('channel:user_left'), { channelId: GENERAL, userId: 'alice' });
}));

test('the joiner is not told of its own joining', () => withServer(LONG, async (server) => {
  const alice = await Client.open(server, 'alice');
  const reply = await alice.join(GENERAL);
  assert.equal(reply.channelId, GENERAL);
  await messageFence(GENERAL, alice);
  await alice.nothingElse();
}));

test('a disconnect leaves the channels too, and before the offline', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  const alice = await Client.open(server, 'alice');
  await alice.join(GENERAL);
  await bob.next('channel:user_joined', { userId: 'alice' });
  alice.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  const order = bob.log.map(({ event }) => event).filter((event) => /user_left|offline/.test(event));
  assert.deepEqual(order, ['channel:user_left', 'presence:offline']);
}));

test('a channel that was lost and not joined anew is left before the offline too', () => withServer(LONG, async (server) => {
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  const lost = await Client.open(server, 'alice');
  await lost.join(GENERAL);
  await bob.next('channel:user_joined', { userId: 'alice' });
  lost.emit('channel:typing', { channelId: GENERAL });
  await bob.next('channel:typing', { userId: 'alice' });
  lost.sever();
  await bob.next('channel:stop_typing', { userId: 'alice' });  // the server knows
  const back = await Client.open(server, 'alice');
  back.leave();
  await bob.next('presence:offline', { userId: 'alice' });
  const order = bob.log.map(({ event }) => event).filter((event) => /user_left|offline/.test(event));
  assert.deepEqual(order, ['channel:user_left', 'presence:offline']);
}));

test('a reload within the grace does not leave the channel either', () => withServer(SHORT, async (server) => {
  const bob = await Client.open(server, 'bob');
  await bob.join(GENERAL);
  const first = await Client.open(server, 'alice');
  await first.join(GENERAL);
  await bob.next('channel:user_joined', { userId: 'alice' });
  first.sever();
  const second = await Client.open(server, 'alice');
  await second.join(GENERAL);
  await graceFence(server, bob);
  assert.deepEqual(bob.all('channel:user_left'), [], bob.story());
  assert.equal(bob.all('channel:user_joined').length, 1, bob.story());
}));

test('the workspace\'s presence over REST lists each person once', () => withServer(LONG, async (server) => {
  await Client.open(server, 'alice');
  await Client.open(server, 'alice');
  await Client.open(server, 'bob');
  const workspace = await defaultWorkspace(server, 'bob');
  const { status, json } = await rest(server, 'bob').get(`/workspaces/${workspace}/presence`);
  assert.equal(status, 200);
  assert.deepEqual(json.data.map(({ userId, userName, status }) => [userId, userName, status]),
    [['alice', 'Alice', 'online'], ['bob', 'Bob', 'online']]);
}));
