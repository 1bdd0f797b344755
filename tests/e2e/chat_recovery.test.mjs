// A client of the original application joins its channels once and never again. Connection state recovery brings it through a
// blip: same socket, same channels, what it missed once and in order, and nothing of it for anybody else to see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { graceFence, messageFence } from './support/fences.mjs';
import { Proxy } from './support/proxy.mjs';
import { makeChannel, removeMember } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { now, tokenOf } from './support/token.mjs';
import { assertStartsAndStopsAlternate } from './support/typing.mjs';
import { happens } from './support/waiting.mjs';

const GENERAL = 'general';
const SHORT_GRACE = ['--presence-grace', '300'];

/** The cable is cut, and the client has noticed. */
async function lose(client) {
  const lost = happens(client.socket, 'disconnect');
  client.sever();
  await lost;
}

/** Connects again as socket.io-client does by itself. */
async function connectAgain(client) {
  const back = happens(client.socket, 'connect');
  client.socket.connect();
  await back;
}

async function comeBack(client) {
  const { id } = client.welcome;
  await connectAgain(client);
  assert.equal(client.socket.recovered, true, `${client.name} is not recovered`);
  assert.equal(client.socket.id, id);
}

const contents = (client) => client.all('message:new').map(({ content }) => content);

/** What else it was told since: but for who is online, which is told anew to whoever is back. */
function besideMessages(client) {
  const mine = client.welcome.userId;
  return client.log.filter(({ event, data }) =>
    !['message:new', 'ack'].includes(event) && !(event === 'presence:online' && data.userId !== mine)).map(({ event }) => event);
}

async function inGeneral(server, ...users) {
  const clients = [];
  for (const user of users) {
    const client = await Client.open(server, user);
    await client.join(GENERAL);
    clients.push(client);
  }
  await messageFence(GENERAL, clients[0], ...clients);
  for (const client of clients) client.log.splice(0);
  return clients;
}

for (const shards of ['1', '2']) {
  const on = (...flags) => ({ flags: ['--shards', shards, ...flags] });

  test(`given a blip shorter than the grace, when the client is back, then it missed nothing and nobody noticed (${shards})`,
    () => withServer(on(), async (server) => {
      const [alice, bob] = await inGeneral(server, 'alice', 'bob');
      for (let round = 0; round < 3; round += 1) {
        await lose(alice);
        await bob.say(GENERAL, `missed ${round}`);
        await bob.say(GENERAL, `missed too ${round}`);
        await comeBack(alice);
        await bob.say(GENERAL, `live ${round}`);
        await alice.next('message:new', { content: `live ${round}` });
      }
      await alice.say(GENERAL, 'here I am');
      await bob.next('message:new', { content: 'here I am' });
      const said = [0, 1, 2].flatMap((i) => [`missed ${i}`, `missed too ${i}`, `live ${i}`]);
      assert.deepEqual(contents(alice).filter((content) => content !== 'here I am'), said);
      const seqs = alice.all('message:new').map(({ seq }) => seq);
      assert.deepEqual(seqs, seqs.map((_, i) => seqs[0] + i), 'no gap, nothing twice');
      for (const client of [alice, bob]) {
        await client.barrier();
        assert.deepEqual(besideMessages(client), [], client.story());
      }
    }));

  test(`given a blip longer than the grace, when the client is back, then the others saw it go and come, once (${shards})`,
    () => withServer(on(...SHORT_GRACE), async (server) => {
      const [alice, bob] = await inGeneral(server, 'alice', 'bob');
      await lose(alice);
      await bob.next('channel:user_left', { userId: 'alice' });
      await bob.next('presence:offline', { userId: 'alice' });
      await bob.say(GENERAL, 'to whoever is here');
      await comeBack(alice);
      await bob.next('presence:online', { userId: 'alice' });
      await bob.next('channel:user_joined', { userId: 'alice' });
      await messageFence(GENERAL, bob, alice);
      assert.equal(contents(alice)[0], 'to whoever is here');
      assert.equal(alice.all('message:new').length, 2, alice.story());
      assert.deepEqual(besideMessages(alice), [], 'of itself it hears nothing, not even a welcome');
      // It counts as before: the next loss is seen too.
      bob.forget();
      await lose(alice);
      await bob.next('channel:user_left', { userId: 'alice' });
      await bob.next('presence:offline', { userId: 'alice' });
      assert.deepEqual(bob.untaken('presence:online'), []);
    }));

  test(`given typing at the loss, when the client is back, then each start has its stop and nothing is repeated (${shards})`,
    () => withServer(on(), async (server) => {
      const [alice, bob, carol, dave] = await inGeneral(server, 'alice', 'bob', 'carol', 'dave');
      await bob.must('channel:typing', { channelId: GENERAL });
      await alice.next('channel:typing', { userId: 'bob' });
      await alice.must('channel:typing', { channelId: GENERAL });
      await lose(alice);
      await bob.next('channel:stop_typing', { userId: 'alice' });
      await bob.must('channel:stop_typing', { channelId: GENERAL });
      await carol.must('channel:typing', { channelId: GENERAL });
      await carol.must('channel:stop_typing', { channelId: GENERAL });
      await dave.must('channel:typing', { channelId: GENERAL });
      await messageFence(GENERAL, bob, carol, dave);
      await comeBack(alice);
      await messageFence(GENERAL, bob, alice);
      const typing = (event) => alice.all(event).map(({ userId }) => userId);
      assert.deepEqual(typing('channel:typing'), ['bob', 'dave'], alice.story());
      assert.deepEqual(typing('channel:stop_typing'), ['bob'], alice.story());
      await dave.must('channel:stop_typing', { channelId: GENERAL });
      await messageFence(GENERAL, dave, alice);
      assertStartsAndStopsAlternate(alice);
    }));

  test(`given others who went and came meanwhile, when the client is back, then it knows who is here (${shards})`,
    () => withServer(on(...SHORT_GRACE), async (server) => {
      const [alice, bob, carol] = await inGeneral(server, 'alice', 'bob', 'carol');
      await lose(alice);
      bob.leave();
      await carol.next('presence:offline', { userId: 'bob' });
      const erin = await Client.open(server, 'erin');
      await Client.open(server, 'bob');
      await carol.next('presence:online', { userId: 'bob' });
      erin.leave();
      await carol.next('presence:offline', { userId: 'erin' });
      await Client.open(server, 'frank');
      await carol.next('presence:online', { userId: 'frank' });
      await comeBack(alice);
      await messageFence(GENERAL, carol, alice);
      assert.deepEqual(alice.all('presence:offline'), [], alice.story());
      assert.deepEqual([...new Set(alice.all('presence:online').map(({ userId }) => userId))].sort(), ['bob', 'carol', 'frank']);
      assert.deepEqual(alice.all('channel:user_left').map(({ userId }) => userId), ['bob'], 'who has not joined again');
    }));

  test(`given a removal from a channel meanwhile, when the client is back, then it is told so and nothing of there (${shards})`,
    () => withServer(on(), async (server) => {
      const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob', 'carol'] });
      const [alice, bob, carol] = await inGeneral(server, 'alice', 'bob', 'carol');
      for (const client of [alice, bob, carol]) await client.join(secret);
      await lose(bob);
      await removeMember(server, 'alice', secret, 'bob');
      await alice.next('channel:user_left', { channelId: secret, userId: 'bob' });
      await alice.say(secret, 'now that he has gone');
      await alice.say(GENERAL, 'for everybody');
      await comeBack(bob);
      await bob.next('channel:removed', { channelId: secret });
      await alice.say(secret, 'still among us');
      await messageFence(GENERAL, alice, bob, carol);
      assert.equal(contents(bob)[0], 'for everybody');
      assert.ok(bob.all('message:new').every(({ channelId }) => channelId === GENERAL), bob.story());
      const refused = await bob.ask('message:send', { channelId: secret, content: 'let me in' });
      assert.equal(refused.error.code, 'NOT_CHANNEL_MEMBER');
      // And so it stays after the next blip.
      await lose(bob);
      await alice.say(secret, 'hush');
      await comeBack(bob);
      await messageFence(GENERAL, alice, bob);
      assert.ok(bob.all('message:new').every(({ channelId }) => channelId === GENERAL), bob.story());
      assert.equal(bob.all('channel:removed').length, 1);
    }));

  test(`given messages changed meanwhile, when the client is back, then deleted words are told by nobody (${shards})`,
    () => withServer(on(), async (server) => {
      const [alice, bob] = await inGeneral(server, 'alice', 'bob');
      const seen = await bob.say(GENERAL, 'seen before');
      const seenToo = await bob.say(GENERAL, 'seen before, and wrong');
      await alice.next('message:new', { messageId: seenToo.messageId });
      await lose(alice);
      alice.log.splice(0);
      const lapse = await bob.say(GENERAL, 'a lapse');
      const draft = await bob.say(GENERAL, 'a draft');
      await bob.must('message:edit', { messageId: lapse.messageId, content: 'a worse lapse' });
      await bob.must('message:edit', { messageId: draft.messageId, content: 'the final word' });
      await bob.must('message:edit', { messageId: seen.messageId, content: 'words to be taken back' });
      await bob.must('message:edit', { messageId: seenToo.messageId, content: 'seen before, and right' });
      await bob.must('message:delete', { messageId: lapse.messageId });
      await bob.must('message:delete', { messageId: seen.messageId });
      await comeBack(alice);
      await messageFence(GENERAL, bob, alice);
      const told = alice.log.filter(({ event }) => event.startsWith('message:'))
        .map(({ event, data }) => [event, data.messageId, data.content]);
      assert.deepEqual(told.slice(0, -1), [
        ['message:new', draft.messageId, 'a draft'],
        ['message:edited', draft.messageId, 'the final word'],
        ['message:edited', seenToo.messageId, 'seen before, and right'],
        ['message:deleted', seen.messageId, undefined],
      ]);
    }));

  test(`given a server that drops a connection which went silent, when the client is back, then it is recovered (${shards})`,
    () => withServer(on('--ping-interval', '300', '--ping-timeout', '300'), async (server) => {
      const proxy = await Proxy.before(server);
      const bob = await Client.open(server, 'bob');
      const alice = await Client.open(proxy, 'alice', { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 50 });
      await alice.join(GENERAL);
      await bob.join(GENERAL);
      const back = happens(alice.socket, 'connect');
      proxy.stall();
      await bob.say(GENERAL, 'into the void');
      await back;
      assert.equal(alice.socket.recovered, true);
      assert.equal(alice.socket.id, alice.welcome.id);
      await messageFence(GENERAL, bob, alice);
      assert.equal(contents(alice).filter((content) => content === 'into the void').length, 1);
    }));

  test(`given an old connection that the server still holds, when the client is back, then it is in one place (${shards})`,
    () => withServer(on(), async (server) => {
      const proxy = await Proxy.before(server);
      const [bob] = await inGeneral(server, 'bob');
      const alice = await Client.open(proxy, 'alice');
      await alice.join(GENERAL);
      await bob.next('channel:user_joined', { userId: 'alice' });
      bob.forget();
      proxy.stall();
      await bob.say(GENERAL, 'into the void');
      await lose(alice);
      await comeBack(alice);
      await messageFence(GENERAL, bob, alice);
      assert.equal(contents(alice).filter((content) => content === 'into the void').length, 1);
      assert.deepEqual(bob.untaken().filter(([event]) => event !== 'message:new'), [], bob.story());
      alice.leave();
      await bob.next('presence:offline', { userId: 'alice' });
    }));

  test(`given blips at any moment of a busy channel, then every message comes once, in order, and typing alternates (${shards})`,
    () => withServer(on(), async (server) => {
      const [alice, bob, carol] = await inGeneral(server, 'alice', 'bob', 'carol');
      let talking = true;
      const talk = async (client) => {
        for (let i = 0; talking; i += 1) {
          client.emit('channel:typing', { channelId: GENERAL });
          if (i % 3 === 0) client.emit('channel:stop_typing', { channelId: GENERAL });
          await client.say(GENERAL, `${client.name} ${i}`);
        }
      };
      const talks = [talk(bob), talk(carol)];
      for (let round = 0; round < 12; round += 1) {
        if (round % 3) await alice.next('message:new');
        await lose(alice);
        if (round % 2) await bob.next('message:new', ({ senderId }) => senderId === 'carol');
        await comeBack(alice);
      }
      talking = false;
      await Promise.all(talks);
      await messageFence(GENERAL, bob, alice, carol);
      assert.deepEqual(contents(alice), contents(carol));
      assertStartsAndStopsAlternate(alice);
      assertStartsAndStopsAlternate(carol);
    }));
}

test('given a token that has expired meanwhile, when the client is back, then it is recovered all the same', () =>
  withServer({}, async (server) => {
    const [alice, bob] = await inGeneral(server, 'alice', 'bob');
    await lose(alice);
    alice.socket.auth = { token: tokenOf('alice', { iat: now() - 7200, exp: now() - 3600 }) };
    await bob.say(GENERAL, 'missed');
    await comeBack(alice);
    await alice.next('message:new', { content: 'missed' });
    await alice.say(GENERAL, 'still here');
  }));

test('given an unchanged client that connects again by itself, when its cable is cut, then it is recovered', () =>
  withServer({}, async (server) => {
    const proxy = await Proxy.before(server);
    const [bob] = await inGeneral(server, 'bob');
    const alice = await Client.open(proxy, 'alice', { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 20 });
    await alice.join(GENERAL);
    for (let round = 0; round < 3; round += 1) {
      const back = happens(alice.socket, 'connect');
      proxy.cut();
      await bob.say(GENERAL, `missed ${round}`);
      await back;
      assert.equal(alice.socket.recovered, true);
      await alice.next('message:new', { content: `missed ${round}` });
    }
  }));

test('given a blip longer than the window, when the client is back, then it begins anew and is told so', () =>
  withServer({ flags: ['--recovery-window', '100', ...SHORT_GRACE] }, async (server) => {
    const [alice, bob] = await inGeneral(server, 'alice', 'bob');
    await lose(alice);
    await graceFence(server, bob);
    await connectAgain(alice);
    assert.ok(!alice.socket.recovered);
    await alice.next('welcome');
    await bob.say(GENERAL, 'whom does this reach?');
    await alice.barrier();
    assert.deepEqual(contents(alice), []);
  }));

test('given a server that was started again, when the client is back, then it begins anew', () => withServer({}, async (server) => {
  const [alice] = await inGeneral(server, 'alice');
  const lost = happens(alice.socket, 'disconnect');
  await server.kill();
  await lost;
  await server.restart();
  await connectAgain(alice);
  assert.ok(!alice.socket.recovered);
  assert.equal((await alice.next('welcome')).id, alice.socket.id);
}));

test('given a client in limbo, when it was lost and comes with a valid token, then it is let in', () => withServer({}, async (server) => {
  const limbo = await new Client(server, { token: 'not.a.token', name: 'X' }).connected();
  await limbo.next('error', { code: 'TOKEN_INVALID' });
  await lose(limbo);
  limbo.socket.auth = { token: tokenOf('alice') };
  await connectAgain(limbo);
  assert.equal((await limbo.next('welcome')).userId, 'alice');
  await limbo.join(GENERAL);
}));

for (const flags of [['--recovery-window', '0'], ['--profile', 'seed']]) {
  test(`given ${flags.join(' ')}, then nobody is recovered and no event carries an offset`, () => withServer({ flags }, async (server) => {
    const alice = await Client.open(server, 'alice');
    assert.ok(alice.log.every(({ args }) => args.length === 1));
    await lose(alice);
    await connectAgain(alice);
    assert.ok(!alice.socket.recovered);
    await alice.next('welcome', { id: alice.socket.id });
  }));
}
