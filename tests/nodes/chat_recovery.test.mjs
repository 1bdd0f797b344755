// A client whose connection was lost on one node comes back to another: it is recovered there as on one node alone. Same
// socket, same channels, what it missed once and in order, and nothing of it for anybody else to see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, post, register } from '../e2e/support/accounts.mjs';
import { ChannelView } from '../e2e/support/channel_view.mjs';
import { Client } from '../e2e/support/client.mjs';
import { graceFence, messageFence } from '../e2e/support/fences.mjs';
import { Proxy } from '../e2e/support/proxy.mjs';
import { history, makeChannel, removeMember } from '../e2e/support/rooms.mjs';
import { tokenOf } from '../e2e/support/token.mjs';
import { assertStartsAndStopsAlternate } from '../e2e/support/typing.mjs';
import { happens } from '../e2e/support/waiting.mjs';
import {
  GENERAL, assertToldSince, eventually, lengthsOf, listed, pause, presenceFences, told, withCluster,
} from './support/chat.mjs';

/** The cable is cut, and the client has noticed. */
async function lose(client) {
  const lost = happens(client.socket, 'disconnect');
  client.sever();
  await lost;
}

/** Connects again, to that node, as socket.io-client does by itself behind a balancer. */
async function connectTo(client, node) {
  client.socket.io.uri = node.url;
  const back = happens(client.socket, 'connect');
  client.socket.connect();
  await back;
}

async function moveTo(client, node) {
  const { id } = client.welcome;
  await connectTo(client, node);
  assert.equal(client.socket.recovered, true, `${client.name} is not recovered\n${client.story()}`);
  assert.equal(client.socket.id, id);
}

/** It comes to the node, and is not taken for who it was. */
async function beginAnewAt(client, node) {
  await connectTo(client, node);
  assert.ok(!client.socket.recovered);
  assert.equal((await client.next('welcome')).id, client.socket.id);
}

const contents = (client) => client.all('message:new').map(({ content }) => content);

const idsOf = (messages) => messages.map(({ messageId, id }) => messageId ?? id);

/** What it was told besides of anybody, but for who is online, which is told anew to whoever is back. */
const besideMessages = (client) => client.log.map(({ event, data }) => `${event} ${data.userId ?? ''}`)
  .filter((told) => !/^(message:new|ack|presence:online)/.test(told));

/** Clients by name, at nodes 0, 1, 2, ..., in the channel and with an empty record. */
async function inGeneral(cluster, ...users) {
  const clients = [];
  for (const [i, user] of users.entries()) clients.push(await cluster.inChannel(i % cluster.size, user));
  await messageFence(GENERAL, clients[0], ...clients);
  await presenceFences(cluster, clients);
  for (const client of clients) client.log.splice(0);
  return clients;
}

for (const mode of ['classic', 'sharded', 'streams']) {
  test(`given a lost client, when it comes to another node, then it missed nothing and nobody noticed (${mode})`,
    () => withCluster({ size: 3, mode }, async (cluster) => {
      const [alice, ...others] = await inGeneral(cluster, 'alice', 'bob', 'carol', 'dave');
      const [bob] = others;
      for (const i of [1, 2, 0]) {
        await lose(alice);
        await Promise.all(others.flatMap((other) => ['missed', 'missed too'].map((words) => other.say(GENERAL, `${words} at ${i}`))));
        await moveTo(alice, cluster.nodes[i]);
        // Whoever is lost again before all is told to it begins anew.
        await alice.barrier();
        await bob.say(GENERAL, `live at ${i}`);
        await alice.next('message:new', { content: `live at ${i}` });
      }
      await alice.say(GENERAL, 'here I am');
      for (const other of others) await other.next('message:new', { content: 'here I am' });
      const stored = await history(cluster.nodes[2], 'alice', GENERAL);
      const last = stored.length - 3 * 7 - 1;
      for (const client of [alice, ...others]) {
        await client.barrier();
        assert.deepEqual(idsOf(client.all('message:new')), idsOf(stored.slice(last)), client.name);
        assert.equal(ChannelView.of(client, last).last, stored.at(-1).seq);
        assert.deepEqual(besideMessages(client), [], client.story());
      }
      // It counts at its last node and at no other.
      await alice.must('channel:leave', { channelId: GENERAL });
      for (const other of others) await other.next('channel:user_left', { userId: 'alice' });
      alice.leave();
      for (const other of others) await other.next('presence:offline', { userId: 'alice' });
      await presenceFences(cluster, others);
      for (const other of others) {
        assert.deepEqual(besideMessages(other).filter((told) => told.endsWith(' alice')).sort(),
          ['channel:user_left alice', 'presence:offline alice'], other.story());
      }
    }));
}

test('given a client in no channel, when it comes to another node, then it is recovered', () =>
  withCluster({}, async (cluster) => {
    const bob = await cluster.inChannel(1, 'bob');
    const alice = await cluster.open(0, 'alice');
    await lose(alice);
    await moveTo(alice, cluster.nodes[1]);
    await alice.join(GENERAL);
    await messageFence(GENERAL, bob, alice);
  }));

test('given that nothing is said, when a client goes from node to node, then it is recovered each time', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const alice = await cluster.inChannel(0, 'alice');
    const { _lastOffset: offset } = alice.socket;
    for (const i of [1, 2, 2, 0, 1]) {
      await lose(alice);
      await moveTo(alice, cluster.nodes[i]);
      // What answers and tells nobody anything; until then it has not moved altogether.
      await alice.must('channel:stop_typing', { channelId: GENERAL });
      assert.equal(alice.socket._lastOffset, offset, 'no test: she has been told something');
    }
    const bob = await cluster.inChannel(0, 'bob');
    await alice.next('channel:user_joined', { userId: 'bob' });
    await messageFence(GENERAL, bob, alice);
    assert.equal(ChannelView.of(alice, 0).last, 1);
  }));

test('given what a client says while it is lost, when it comes to another node, then it is said there, once, after what it missed', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const [alice, bob, carol] = await inGeneral(cluster, 'alice', 'bob', 'carol');
    await lose(alice);
    await bob.say(GENERAL, 'missed');
    alice.emit('message:send', { channelId: GENERAL, content: 'into the blue' });
    await moveTo(alice, cluster.nodes[2]);
    await bob.next('message:new', { content: 'into the blue' });
    await messageFence(GENERAL, carol, alice, bob);
    for (const client of [alice, bob, carol]) assert.deepEqual(contents(client).slice(0, -1), ['missed', 'into the blue'], client.name);
  }));

const GOODBYES = [['says goodbye', (client) => client.leave()], ['is lost for good', (client) => client.sever()]];
for (const [does, go] of GOODBYES) {
  test(`given a client that has moved, when the grace is over, then nobody was told, and when it ${does}, then all are, once`,
    () => withCluster({ flags: ['--presence-grace', '1000'] }, async (cluster) => {
      const [alice, bob, carol] = await inGeneral(cluster, 'alice', 'bob', 'carol');
      const observers = [bob, carol, await cluster.openV2(0, 'a2'), await cluster.openV2(1, 'b2')];
      const graces = () => Promise.all(cluster.nodes.map((node) => graceFence(node, bob, carol)));
      const leftSince = (lengths) => [bob, carol].map(({ log }, i) => log.slice(lengths[i])
        .filter(({ event, data }) => /^channel:user_/.test(event) && data.userId === 'alice').map(({ event }) => event));
      const before = lengthsOf(observers);
      await lose(alice);
      await moveTo(alice, cluster.nodes[1]);
      await graces();
      assertToldSince(before, observers, ['alice'], []);
      assert.deepEqual(leftSince(before), [[], []]);
      for (const node of cluster.nodes) assert.equal((await listed(node, 'bob')).alice, 'online');
      go(alice);
      for (const observer of observers) await told(observer, 'alice', 'offline');
      for (const other of [bob, carol]) await other.next('channel:user_left', { userId: 'alice' });
      await graces();
      assertToldSince(before, observers, ['alice'], ['offline']);
      assert.deepEqual(leftSince(before), [['channel:user_left'], ['channel:user_left']]);
      for (const node of cluster.nodes) assert.equal((await listed(node, 'bob')).alice, undefined);
    }));
}

test('given a loss longer than the grace, when the client comes to another node, then the others saw it go and come, once', () =>
  withCluster({ flags: ['--presence-grace', '300'] }, async (cluster) => {
    const [alice, ...others] = await inGeneral(cluster, 'alice', 'bob', 'carol');
    const [bob] = others;
    const isSeenToGo = async () => {
      for (const other of others) {
        await other.next('channel:user_left', { userId: 'alice' });
        await other.next('presence:offline', { userId: 'alice' });
      }
    };
    await lose(alice);
    await isSeenToGo();
    await bob.say(GENERAL, 'to whoever is here');
    await moveTo(alice, cluster.nodes[1]);
    for (const other of others) {
      await other.next('presence:online', { userId: 'alice' });
      await other.next('channel:user_joined', { userId: 'alice' });
    }
    await messageFence(GENERAL, bob, alice);
    assert.equal(contents(alice)[0], 'to whoever is here');
    assert.equal(alice.all('message:new').length, 2, alice.story());
    assert.deepEqual(besideMessages(alice), [], 'of itself it hears nothing, not even a welcome');
    // It counts as before: the next loss is seen too.
    await lose(alice);
    await isSeenToGo();
    for (const other of others) {
      assert.deepEqual(besideMessages(other).filter((told) => told.endsWith(' alice')),
        ['channel:user_left alice', 'presence:offline alice', 'channel:user_joined alice', 'channel:user_left alice',
          'presence:offline alice'], other.story());
    }
  }));

test('given others who went and came meanwhile, when a client comes to another node, then it knows who is here', () =>
  withCluster({ flags: ['--presence-grace', '300'] }, async (cluster) => {
    const [alice, bob, carol] = await inGeneral(cluster, 'alice', 'bob', 'carol');
    await lose(alice);
    bob.leave();
    await carol.next('presence:offline', { userId: 'bob' });
    await cluster.inChannel(0, 'dave');
    await carol.next('channel:user_joined', { userId: 'dave' });
    await moveTo(alice, cluster.nodes[1]);
    await presenceFences(cluster, [alice, carol]);
    await messageFence(GENERAL, carol, alice);
    assert.deepEqual([...new Set(alice.all('presence:online').map(({ userId }) => userId))]
      .filter((user) => !user.startsWith('stranger')).sort(), ['carol', 'dave']);
    const told = (event) => alice.all(event).map(({ userId }) => userId).filter((user) => !user.startsWith('stranger'));
    assert.deepEqual(told('presence:offline'), ['bob']);
    assert.deepEqual(told('channel:user_left'), ['bob']);
    assert.deepEqual(told('channel:user_joined'), ['dave']);
  }));

test('given typing at the loss, when the client comes to another node, then each start has its stop and nothing is repeated', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const [alice, bob, carol, dave] = await inGeneral(cluster, 'alice', 'bob', 'carol', 'dave');
    for (const typist of [bob, dave]) {
      await typist.must('channel:typing', { channelId: GENERAL });
      await alice.next('channel:typing', { userId: typist.user });
    }
    await alice.must('channel:typing', { channelId: GENERAL });
    await lose(alice);
    for (const other of [bob, carol]) await other.next('channel:stop_typing', { userId: 'alice' });
    await bob.must('channel:stop_typing', { channelId: GENERAL });
    await carol.must('channel:typing', { channelId: GENERAL });
    await bob.next('channel:typing', { userId: 'carol' });
    await moveTo(alice, cluster.nodes[1]);
    await alice.next('channel:typing', { userId: 'carol' });
    for (const typist of [carol, dave]) {
      await typist.must('channel:stop_typing', { channelId: GENERAL });
      await alice.next('channel:stop_typing', { userId: typist.user });
    }
    await messageFence(GENERAL, carol, alice);
    const typing = (event) => alice.all(event).map(({ userId }) => userId);
    assert.deepEqual(typing('channel:typing'), ['bob', 'dave', 'carol'], alice.story());
    assert.deepEqual(typing('channel:stop_typing'), ['bob', 'carol', 'dave'], alice.story());
    assertStartsAndStopsAlternate(alice);
  }));

test('given typists on all nodes, when they stop while a client is on its way to another node, then each start has its stop', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const [alice, ...typists] = await inGeneral(cluster, 'alice', 'bob', 'carol', 'dave');
    const counts = () => ['channel:typing', 'channel:stop_typing'].map((event) => alice.all(event).length);
    // As many starts as come through without a pause.
    for (const i of [1, 2, 0, 1]) {
      for (const typist of typists) typist.emit('channel:typing', { channelId: GENERAL });
      for (const typist of typists) await alice.next('channel:typing', { userId: typist.user });
      await lose(alice);
      const move = moveTo(alice, cluster.nodes[i]);
      for (const typist of typists) typist.emit('channel:stop_typing', { channelId: GENERAL });
      await move;
      for (const typist of typists) await messageFence(GENERAL, typist, alice, ...typists);
      await eventually(() => new Set(counts()).size === 1, () => alice.story());
      alice.forget();
    }
    assert.equal(assertStartsAndStopsAlternate(alice), 12);
  }));

test('given messages changed meanwhile, when the client comes to another node, then deleted words are told by nobody', () =>
  withCluster({}, async (cluster) => {
    const [alice, bob] = await inGeneral(cluster, 'alice', 'bob');
    const seen = await bob.say(GENERAL, 'seen before');
    await alice.next('message:new', { messageId: seen.messageId });
    await lose(alice);
    alice.log.splice(0);
    const lapse = await bob.say(GENERAL, 'a lapse');
    const draft = await bob.say(GENERAL, 'a draft');
    await bob.must('message:edit', { messageId: draft.messageId, content: 'the final word' });
    await bob.must('message:edit', { messageId: seen.messageId, content: 'words to be taken back' });
    await bob.must('message:delete', { messageId: lapse.messageId });
    await bob.must('message:delete', { messageId: seen.messageId });
    await moveTo(alice, cluster.nodes[1]);
    await messageFence(GENERAL, bob, alice);
    const told = alice.log.filter(({ event }) => event.startsWith('message:'))
      .map(({ event, data }) => [event, data.messageId, data.content]);
    assert.deepEqual(told.slice(0, -1), [
      ['message:new', draft.messageId, 'a draft'],
      ['message:edited', draft.messageId, 'the final word'],
      ['message:deleted', seen.messageId, undefined],
    ]);
  }));

for (const shards of ['1', '2']) {
  test(`given a busy channel, when clients hop from node to node, then each hears every message once, in order (${shards})`,
    () => withCluster({ size: 3, flags: ['--shards', shards, '--no-limits'] }, async (cluster) => {
      const [carol, ...talkers] = await inGeneral(cluster, 'carol', 'sender1', 'sender2', 'sender3');
      const hoppers = await inGeneral(cluster, 'hopper0', 'hopper1', 'hopper2');
      carol.log.splice(0);
      let talking = true;
      const talk = async (client) => {
        for (let i = 0; talking; i += 1) {
          client.emit('channel:typing', { channelId: GENERAL });
          if (i % 3 === 0) client.emit('channel:stop_typing', { channelId: GENERAL });
          const { messageId } = await client.say(GENERAL, `${client.name} ${i}`);
          if (i % 3 === 1) await client.must('message:edit', { messageId, content: `${client.name} ${i}, edited` });
        }
      };
      const hop = async (client, first) => {
        for (let round = 1; round <= 10; round += 1) {
          await lose(client);
          await moveTo(client, cluster.nodes[(first + round) % cluster.size]);
          // Whoever is lost again before all is told to it begins anew.
          await client.barrier();
          if (round % 3) await client.next('message:new', ({ senderId }) => senderId !== client.user);
        }
      };
      const talks = talkers.map(talk);
      try {
        await Promise.all(hoppers.map(hop));
      } finally {
        talking = false;
        await Promise.all(talks);
      }
      await messageFence(GENERAL, carol, ...hoppers);
      const changes = (client) => client.log.filter(({ event }) => event.startsWith('message:')).map(({ data }) => data.modSeq);
      const heard = changes(carol);
      assert.deepEqual(heard, heard.map((_, i) => heard[0] + i));
      for (const client of hoppers) {
        assert.deepEqual(changes(client).filter((modSeq) => modSeq >= heard[0]), heard, client.name);
        assertStartsAndStopsAlternate(client);
      }
      assert.equal((await history(cluster.nodes[0], 'carol', GENERAL)).at(-1).seq, carol.all('message:new').at(-1).seq);
    }));
}

/** The channel as the client knows it, who has been in it since its `last` message; `stored` is what there is now. */
function viewOf(client, last, stored) {
  const view = new ChannelView(last);
  const kept = new Set(stored.map(({ seq }) => seq));
  for (const entry of client.log) {
    // What was said and deleted while it was away is told to nobody.
    if (entry.event === 'message:new') while (entry.data.seq > view.last + 1 && !kept.has(view.last + 1)) view.last += 1;
    view.apply(entry);
  }
  return view;
}

for (const shards of ['1', '2']) {
  test(`given messages that are edited and deleted all the time, when clients hop, then each knows the channel as it is (${shards})`,
    () => withCluster({ size: 3, flags: ['--shards', shards] }, async (cluster) => {
      const inGeneralToo = (name, count) => Promise.all(Array.from({ length: count }, (_, i) =>
        cluster.inChannel(i % cluster.size, `${name}${i}`)));
      const senders = await inGeneralToo('sender', 4);
      const hoppers = await inGeneralToo('hopper', 3);
      let talking = true;
      const talk = async (client) => {
        for (let i = 0; talking; i += 1) {
          const { messageId } = await client.say(GENERAL, `${client.name} ${i}`);
          if (i % 3 === 1) await client.must('message:edit', { messageId, content: `${client.name} ${i}, edited` });
          if (i % 4 === 3) await client.must('message:delete', { messageId });
        }
      };
      const hop = async (client, first) => {
        for (let round = 1; round <= 10; round += 1) {
          await lose(client);
          if (round % 2) await senders[first].next('message:new');
          await moveTo(client, cluster.nodes[(first + round) % cluster.size]);
          // Whoever is lost again before all is told to it begins anew.
          await client.barrier();
        }
      };
      const talks = senders.map(talk);
      try {
        await Promise.all(hoppers.map(hop));
      } finally {
        talking = false;
        await Promise.all(talks);
      }
      await messageFence(GENERAL, senders[0], ...senders, ...hoppers);
      const stored = await history(cluster.nodes[0], 'sender0', GENERAL);
      for (const client of [...senders, ...hoppers]) {
        const known = [...viewOf(client, 0, stored).messages].map(([seq, { content }]) => [seq, content]);
        assert.deepEqual(known.filter(([, content]) => content), stored.map(({ seq, content }) => [seq, content]), client.name);
      }
    }));
}

test('given a client that is connected, when it comes to another node too, then it is in one place', () =>
  withCluster({}, async (cluster) => {
    const [alice, bob] = await inGeneral(cluster, 'alice', 'bob');
    const { _pid: pid, _lastOffset: offset } = alice.socket;
    const again = new Client(cluster.nodes[1], { user: 'alice', auth: { token: tokenOf('alice'), pid, offset } });
    const id = await happens(again.socket, 'connect').then(() => again.socket.id);
    assert.equal(id, alice.welcome.id);
    assert.equal(await alice.gone(), 'transport close');
    await bob.say(GENERAL, 'to whom?');
    await again.next('message:new', { content: 'to whom?' });
    await again.barrier();
    await bob.barrier();
    assert.deepEqual(besideMessages(bob), []);
    // Once more, and by a secret that is no more than that.
    const third = new Client(cluster.nodes[0], { user: 'alice', auth: { token: tokenOf('alice'), pid } });
    await happens(third.socket, 'connect');
    assert.equal(third.socket.id, id);
    await again.gone();
  }));

test('given a removal from a channel meanwhile, when the client comes to another node, then it is told so and nothing of there', () =>
  withCluster({ size: 3 }, async (cluster) => {
    const secret = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret', members: ['bob', 'carol'] });
    const [bob, carol, alice] = await inGeneral(cluster, 'bob', 'carol', 'alice');
    for (const client of [alice, bob, carol]) await client.join(secret);
    await lose(bob);
    await removeMember(cluster.nodes[2], 'alice', secret, 'bob');
    await carol.next('channel:user_left', { channelId: secret, userId: 'bob' });
    await alice.say(secret, 'now that he has gone');
    await alice.say(GENERAL, 'for everybody');
    await moveTo(bob, cluster.nodes[1]);
    await bob.next('channel:removed', { channelId: secret });
    await alice.say(secret, 'still among us');
    await messageFence(GENERAL, alice, bob, carol);
    assert.equal(contents(bob)[0], 'for everybody');
    assert.ok(bob.all('message:new').every(({ channelId }) => channelId === GENERAL), bob.story());
    const refused = await bob.ask('message:send', { channelId: secret, content: 'let me in' });
    assert.equal(refused.error.code, 'NOT_CHANNEL_MEMBER');
  }));

test('given the token of somebody else, when it comes to another node with the secret of a client, then it is refused', () =>
  withCluster({}, async (cluster) => {
    const [alice, bob] = await inGeneral(cluster, 'alice', 'bob');
    await lose(alice);
    alice.socket.auth = { token: tokenOf('mallory') };
    alice.socket.io.uri = cluster.nodes[1].url;
    alice.socket.connect();
    const error = await alice.refused();
    assert.equal(error.data.code, 'TOKEN_INVALID');
    await bob.say(GENERAL, 'who is there?');
    await bob.barrier();
    assert.deepEqual(alice.log, []);
  }));

test('given a secret that nobody knows, then whoever shows it begins anew', () => withCluster({}, async (cluster) => {
  for (const pid of ['AAAAAAAAAAAAAAAAAAAA', 'not one of ours']) {
    const client = new Client(cluster.nodes[0], { user: 'alice', auth: { token: tokenOf('alice'), pid, offset: 'x' } });
    await client.ready();
    assert.ok(!client.socket.recovered);
  }
}));

test('given a node that was killed, when its clients come to another, then they begin anew without waiting', () =>
  withCluster({}, async (cluster) => {
    const [alice, bob] = await inGeneral(cluster, 'alice', 'bob');
    const lost = happens(alice.socket, 'disconnect');
    await cluster.nodes[0].kill();
    await lost;
    const begin = performance.now();
    await beginAnewAt(alice, cluster.nodes[1]);
    assert.ok(performance.now() - begin < 1_000);
    await alice.must('channel:join', { channelId: GENERAL, sinceSeq: 0 });
    await messageFence(GENERAL, bob, alice);
  }));

test('given that the Redis is away, when a client comes to another node, then it begins anew at once', () =>
  withCluster({}, async (cluster) => {
    const [alice, bob] = await inGeneral(cluster, 'alice', 'bob');
    await cluster.redis.stop();
    await cluster.are('degraded');
    await lose(alice);
    const begin = performance.now();
    await beginAnewAt(alice, cluster.nodes[1]);
    assert.ok(performance.now() - begin < 1_000);
    await alice.join(GENERAL);
    for (const speaker of [alice, bob]) await messageFence(GENERAL, speaker, alice, bob);
    bob.emit('channel:typing', { channelId: GENERAL });
    await alice.next('channel:typing', { userId: 'bob' });
    await bob.must('channel:stop_typing', { channelId: GENERAL });
    await alice.next('channel:stop_typing', { userId: 'bob' });
  }));

test('given a node that ends in good order, when its clients come to another, then all are recovered and nobody noticed', () =>
  withCluster({ handover: 5_000 }, async (cluster) => {
    const proxy = await Proxy.before(cluster.nodes[1]);
    [proxy.target] = cluster.nodes;
    const watcher = await cluster.inChannel(1, 'watcher');
    const reconnecting = { reconnection: true, reconnectionDelay: 200, reconnectionDelayMax: 500 };
    const clients = await Promise.all(Array.from({ length: 30 }, async (_, i) => {
      const client = await Client.open(proxy, `user${i}`, reconnecting);
      await client.join(GENERAL);
      return client;
    }));
    await messageFence(GENERAL, watcher, ...clients);
    await presenceFences(cluster, [watcher]);
    watcher.log.splice(0);
    let talking = true;
    const talk = (async () => {
      for (let i = 0; talking; i += 1) {
        await watcher.say(GENERAL, `all the time ${i}`);
        await pause(5);
      }
    })();
    const back = clients.map((client) => happens(client.socket, 'connect', `${client.name} is to come back`));
    [, proxy.target] = cluster.nodes;
    const begin = performance.now();
    await cluster.nodes[0].stop();
    assert.ok(performance.now() - begin < 5_000, 'it does not wait for longer than it must');
    await Promise.all(back);
    talking = false;
    await talk;
    for (const speaker of [watcher, clients[0]]) await messageFence(GENERAL, speaker, watcher, ...clients);
    const said = watcher.all('message:new').map(({ seq }) => seq);
    for (const client of clients) {
      assert.equal(client.socket.recovered, true, client.name);
      assert.deepEqual(client.all('message:new').map(({ seq }) => seq).filter((seq) => seq >= said[0]), said, client.name);
    }
    assert.equal((await history(cluster.nodes[1], 'watcher', GENERAL)).at(-1).seq, said.at(-1));
    assert.deepEqual(besideMessages(watcher), [], watcher.story());
    await presenceFences(cluster, [watcher]);
    assertToldSince([0], [watcher], clients.map(({ user }) => user), []);
  }));

test('given clients that do not come back, when their node ends, then it waits for them so long and no longer', () =>
  withCluster({ handover: 300 }, async (cluster) => {
    const alice = await cluster.open(0, 'alice');
    const begin = performance.now();
    await cluster.nodes[0].stop();
    assert.ok(performance.now() - begin > 300);
    assert.equal(await alice.gone(), 'transport close');
  }));

test('given a session that has ended meanwhile, when its client comes to another node, then it is refused', () =>
  withCluster({}, async (cluster) => {
    const { accessToken } = await register(cluster.nodes[0]);
    const grace = await connect(cluster.nodes[0], accessToken);
    await lose(grace);
    await post(cluster.nodes[1], '/auth/logout', {}, { token: accessToken });
    grace.socket.io.uri = cluster.nodes[1].url;
    grace.socket.connect();
    assert.equal((await grace.refused()).data.code, 'SESSION_REVOKED');
  }));
