// Connection state recovery in a cluster: a client that is lost on one node comes back on another. Same socket, same rooms and
// data, what it missed once and in order, and nobody is there twice. In mode streams it may come from an official node too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { happens, soon, until } from '../e2e/support/waiting.mjs';
import {
  Node, assertHeard, assertTold, byName, haveHeard, hearsAll, heardBy, saidSince, say, voiceOf, whileTalking,
} from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

const MODES = ['classic', 'sharded', 'streams'];
const OURS = ['atrium', 'atrium', 'atrium'];
/** What a client may wait until it is let in, recovered or not: "about a second". */
const LET_IN_MS = 1500;

const listeners = (room, nsp = '/') => redis.listeners(`socket.io#${nsp}#${room}#`);

/** The nodes, with a voice at each, a client in `nsp` that says things. */
function given(mode, kinds, what, body, nsp = '/') {
  test(`${mode}, ${kinds.join(' and ')}: ${what}`, async () => {
    const nodes = [];
    try {
      for (const kind of kinds) {
        const more = kind === 'atrium' || mode === 'streams' ? ['recover'] : [];
        nodes.push(await Node.start(kind, redis.url, mode, { more }));
      }
      const voices = await Promise.all(nodes.map((node, i) => voiceOf(node, `${node.kind} ${i}`, nsp)));
      for (const { node, known } of voices) assert.equal(known.pid !== undefined, node.kind === 'atrium' || mode === 'streams');
      const enter = (i) => nodes[i].client(nsp);
      // A node listens to a room's own channel from the moment when somebody is in it; joining does not wait for that.
      const joins = async (client, ...rooms) => {
        for (const room of rooms) {
          await client.ask('join', room);
          if (mode === 'sharded') await until(() => listeners(room, nsp) > 0, `somebody listens to ${room}`);
        }
      };
      await body({ nodes, voices, enter, joins });
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });
}

/** What some say, and then others. */
const both = (some, others) => Object.fromEntries(Object.keys(some).map((name) => [name, [...some[name], ...others[name]]]));

const isMeantFor = (rooms, { to = [], except = [] }) =>
  (to.length === 0 || to.some((room) => rooms.has(room))) && !except.some((room) => rooms.has(room));

/** Each voice says all sorts of things to and past somebody who is in these rooms; the numbers of those that are meant for it. */
async function sayAll(voices, id, rooms) {
  const audiences = [{}, { to: ['red'] }, { to: ['green'] }, { to: ['blue'] }, { to: ['red', 'green', id] }, { to: [id] },
    { except: [id] }, { except: ['blue'] }, { except: ['green'] }, { to: ['red'], except: ['blue'] },
    { to: ['green'], except: [id] }, {}];
  const meant = {};
  await Promise.all(voices.map(async (voice) => {
    meant[voice.name] = [];
    for (const options of audiences) {
      const number = await say(voice, options);
      if (isMeantFor(new Set([id, ...rooms]), options)) meant[voice.name].push(number);
    }
  }));
  return meant;
}

/** All that say something from here on say it while that one is away. */
const isLost = (voice, id) => until(async () => (await voice.ask('count', { to: [id] })) === 0, `${id} is known to be lost`);

async function recoversAt(node, client) {
  const { id } = client;
  await client.comeTo(node);
  assert.ok(client.recovered, 'the client is not recovered');
  assert.equal(client.id, id);
}

function isNew(client, former) {
  assert.ok(!client.recovered, 'the client is recovered');
  assert.notEqual(client.id, former);
}

/** What all see of the socket, and that it is on the node of that one of the voices only. */
async function assertSeen(voices, at, { id }, rooms, data) {
  const local = await Promise.all(voices.map((voice) => voice.ask('count', { to: [id], flags: ['local'] })));
  assert.deepEqual(local, voices.map((_, i) => (i === at ? 1 : 0)));
  const shown = { id, rooms: [id, ...rooms].sort(), data };
  for (const voice of voices) assert.deepEqual(await voice.ask('fetch', { to: [id] }), [shown]);
}

/** Waits until one of the clients has that id, and all nodes say that there is one. */
async function theOnlyHolder(voices, id, clients) {
  const holders = () => clients.filter(({ socket }) => socket.connected && socket.id === id);
  const counts = () => Promise.all(voices.map((voice) => voice.ask('count', { to: [id] })));
  await until(async () => (await counts()).every((count) => count === 1) && holders().length === 1, 'one has the client');
  return holders()[0];
}

for (const mode of MODES) {
  const ROUTES = [['to its node', [0, 0], '/', '/chat'], ['to other nodes', [1, 2, 0], '/chat', '/']];
  for (const [where, route, nsp, elsewhere] of ROUTES) {
    given(mode, OURS, `a lost client that comes back ${where} is told what it missed, and is who and where it was`,
      async ({ nodes, voices, enter, joins }) => {
        const client = await enter(0);
        const stranger = await voiceOf(nodes[1], 'stranger', elsewhere);
        const rooms = new Set(['red', 'blue']);
        const data = { name: { first: 'Bob' } };
        await joins(client, ...rooms);
        await client.ask('note', 'name', data.name);
        await assertTold(voices, [[client, {}]]);
        for (const [hop, at] of route.entries()) {
          await client.cut();
          await isLost(voices[at], client.id);
          const missed = await sayAll(voices, client.id, rooms);
          for (const voice of voices) await voice.ask('emit', { flags: ['volatile'] }, 'news', 'volatile', 0);
          await sayAll([stranger], client.id, []);
          await haveHeard(voices);
          await recoversAt(nodes[at], client);
          await assertTold(voices, [[client, missed]]);
          await assertSeen(voices, at, client, rooms, data);
          // In mode sharded its room, in which nobody else is, is listened to by its node alone.
          if (mode === 'sharded') await until(() => listeners('red', nsp) === 1, 'one node listens to red');
          await assertTold(voices, [[client, await sayAll(voices, client.id, rooms)]]);
          // The next node finds it as it was when it was lost here.
          const [left, joined] = hop % 2 ? ['green', 'blue'] : ['blue', 'green'];
          await client.ask('leave', left);
          await joins(client, joined);
          rooms.delete(left);
          rooms.add(joined);
          data[`hop ${hop}`] = at;
          await client.ask('note', `hop ${hop}`, at);
        }
      }, nsp);
  }

  given(mode, OURS, 'a lost client that was told nothing and is in no room is recovered', async ({ nodes, voices }) => {
    const client = await nodes[0].client();
    assert.equal(client.known.offset, undefined);
    await client.cut();
    await isLost(voices[1], client.id);
    await recoversAt(nodes[1], client);
    assert.equal(client.known.offset, undefined);
    const live = await sayAll(voices, client.id, []);
    assert.notEqual(client.known.offset, undefined);
    await assertTold(voices, [[client, live]]);
  });

  given(mode, OURS, 'a lost client without an offset is told all that was said since it came', async ({ nodes, voices, joins }) => {
    const client = await nodes[0].client();
    await joins(client, 'red');
    client.deafen();
    const unheard = await sayAll(voices, client.id, ['red']);
    await client.cut();
    await isLost(voices[2], client.id);
    assert.equal(client.known.offset, undefined);
    const missed = await sayAll(voices, client.id, ['red']);
    await recoversAt(nodes[2], client);
    await assertTold(voices, [[client, both(unheard, missed)]]);
  });

  given(mode, OURS, 'what was on the way when the cable was cut is told on the next node', async ({ nodes, voices, joins }) => {
    const client = await nodes[0].client();
    await joins(client, 'red');
    await assertTold(voices, [[client, {}]]);
    let whispers = 0;
    for (const [here, there] of [[0, 1], [1, 2], [2, 2]]) {
      client.deafen();
      const missed = { whisper: [] };
      for (let round = 0; round < 5; round += 1) {
        missed.whisper.push(whispers);
        await voices[here].ask('whisper', { id: client.id }, 'news', 'whisper', whispers++);
        for (const voice of voices) (missed[voice.name] ??= []).push(await say(voice, round % 2 ? { to: ['red'] } : {}));
      }
      // The answer comes by way of where the socket is, as the whispers do.
      assert.equal(await voices[here].ask('count', { to: [client.id], flags: ['local'] }), 1);
      await client.cut();
      await recoversAt(nodes[there], client);
      await assertTold(voices, [[client, missed]]);
      const heard = happens(client.socket, 'news', 'nothing is whispered');
      await voices[there].ask('whisper', { id: client.id }, 'news', 'whisper', whispers);
      await heard;
      await assertTold(voices, [[client, { whisper: [whispers++] }]]);
    }
  });

  for (const kinds of [OURS, [...OURS, 'official']]) {
    given(mode, kinds, 'clients that hop from node to node while all talk hear everything once', async ({ nodes, voices }) => {
      const hoppers = await Promise.all([0, 1, 2].map((i) => nodes[i].client()));
      for (const hopper of hoppers) await hopper.ask('join', 'red');
      if (mode === 'sharded') await until(() => listeners('red') === 3, 'all three nodes listen to the room');
      const hop = async (client, first) => {
        for (let round = 1; round <= 10; round += 1) {
          if (round % 2) client.deafen();
          await voices[0].ask('count', {});
          await client.cut();
          await recoversAt(nodes[(first + round) % 3], client);
          if (round % 3) await hearsAll(client, voices);
        }
      };
      await whileTalking(voices, 'red', hoppers.map(({ id }) => id), () => Promise.all(hoppers.map(hop)));
      await assertTold(voices, hoppers.map((hopper) => [hopper, saidSince(voices)]));
      for (const [i, hopper] of hoppers.entries()) await assertSeen(voices, (i + 10) % 3, hopper, ['red'], {});
    });
  }

  given(mode, OURS, 'who shows what another one knows takes its place and ends it', async ({ nodes, voices, joins }) => {
    let client = await nodes[0].client();
    const { id } = client;
    await joins(client, 'red');
    await client.ask('note', 'name', 'Bob');
    for (const at of [1, 2, 0, 0]) {
      await assertTold(voices, [[client, {}]]);
      const { known } = client;
      const said = await sayAll(voices, id, ['red']);
      await assertTold(voices, [[client, said]]);
      const ended = happens(client.socket, 'disconnect', 'the old connection still stands');
      const next = await nodes[at].client('/', {}, known);
      assert.ok(next.recovered);
      assert.equal(next.id, id);
      assert.notEqual((await ended)[0], 'io client disconnect');
      await assertTold(voices, [[next, said]]);
      await assertSeen(voices, at, next, ['red'], { name: 'Bob' });
      await assertTold(voices, [[next, await sayAll(voices, id, ['red'])]]);
      client = next;
    }
  });

  given(mode, OURS, 'a client whose replay was lost on the way is told it on the next node', async ({ nodes, voices, joins }) => {
    const client = await nodes[0].client();
    await joins(client, 'red');
    await assertTold(voices, [[client, {}]]);
    await client.cut();
    await isLost(voices[0], client.id);
    const missed = await sayAll(voices, client.id, ['red']);
    const other = await nodes[1].client('/', {}, client.known);
    assert.equal(other.id, client.id);
    const live = await sayAll(voices, client.id, ['red']);
    await recoversAt(nodes[2], client);
    await assertTold(voices, [[client, both(missed, live)]]);
    await until(() => !other.socket.connected, 'the connection to which it was told first is ended');
  });

  given(mode, OURS, 'of two connections that show the same at once one has the client', async ({ nodes, voices, joins }) => {
    for (let round = 0; round < 5; round += 1) {
      const client = await nodes[0].client();
      const { id } = client;
      await joins(client, 'red');
      await assertTold(voices, [[client, {}]]);
      const { known } = client;
      if (round % 2) {
        await client.cut();
        await isLost(voices[0], id);
      }
      const missed = await sayAll(voices, id, ['red']);
      const others = await Promise.all([1, 2].map((at) => nodes[at].client('/', {}, known)));
      const holder = await theOnlyHolder(voices, id, [client, ...others]);
      assert.ok(others.includes(holder), 'the first one still has the client');
      await assertTold(voices, [[holder, missed]]);
      for (const other of others) other.socket.disconnect();
    }
  });

  for (const kinds of [OURS, ['atrium', 'atrium', 'official']]) {
    given(mode, kinds, 'who shows what nobody knows, or who said goodbye, begins anew and soon', async ({ nodes, voices }) => {
      const former = await nodes[0].client();
      await assertTold(voices, [[former, {}]]);
      const { id, known } = former;
      const gone = happens(former.socket, 'disconnect');
      former.socket.disconnect();
      await gone;
      await isLost(voices[1], id);
      const { pid, offset } = known;
      const strangers = [known, { pid: pid.replace(/...$/, 'AAA'), offset }, { pid: 'nobody', offset: 'nowhere' }, { pid }];
      for (const stranger of strangers) {
        const begin = performance.now();
        const client = await nodes[1].client('/', {}, stranger);
        assert.ok(performance.now() - begin < LET_IN_MS, `it has taken ${performance.now() - begin} ms`);
        isNew(client, id);
        assert.notEqual(client.known.pid, stranger.pid);
        await assertTold(voices, [[client, await sayAll(voices, client.id, [])]]);
      }
    });
  }

  const TOO_MUCH = [['octets', 1, Buffer.from([0, 1, 254, 255])], 
    ['more than is kept for one', 10, 'x'.repeat(99_000), ' or begins anew']];
  for (const [what, times, something, otherwise] of TOO_MUCH) {
    given(mode, OURS, `a client that has missed ${what} is told all of it${otherwise ?? ''}`, async ({ nodes, voices }) => {
      const client = await nodes[0].client();
      const { id } = client;
      const sayIt = async () => {
        for (let i = 0; i < times; i += 1) for (const voice of voices) await say(voice, {}, something);
      };
      await sayIt();
      await assertTold(voices, [[client, saidSince(voices)]]);
      await client.cut();
      await isLost(voices[1], id);
      await recoversAt(nodes[1], client);
      await assertTold(voices, [[client, {}]]);
      await client.cut();
      await isLost(voices[0], id);
      const first = Object.fromEntries(voices.map(({ name, next }) => [name, next]));
      for (const voice of voices) await say(voice);
      await sayIt();
      for (const voice of voices) await say(voice);
      await haveHeard(voices);
      await client.comeTo(nodes[2]);
      assert.ok(client.recovered || otherwise, 'it is not recovered');
      if (!client.recovered) isNew(client, id);
      const [heard] = await heardBy(voices, [client]);
      assert.deepEqual(byName(heard), client.recovered ? saidSince(voices, first) : {});
      for (const [, , it] of heard.filter(({ length }) => length === 4)) assert.ok(Buffer.from(it).equals(Buffer.from(something)));
      await assertTold(voices, [[client, await sayAll(voices, client.id, [])]]);
    });
  }

  given(mode, OURS, 'a client whose node was killed begins anew, and soon', async ({ nodes, voices: [, ...voices], joins }) => {
    const client = await nodes[0].client();
    const { id } = client;
    await joins(client, 'red');
    await assertTold(voices, [[client, {}]]);
    const lost = happens(client.socket, 'disconnect');
    nodes[0].child.kill('SIGKILL');
    await Promise.all([lost, nodes[0].ended]);
    await sayAll(voices, id, ['red']);
    await haveHeard(voices);
    const begin = performance.now();
    await client.comeTo(nodes[1]);
    assert.ok(performance.now() - begin < LET_IN_MS, `it has taken ${performance.now() - begin} ms`);
    isNew(client, id);
    await assertTold(voices, [[client, await sayAll(voices, client.id, [])]]);
    await assertSeen(voices, 0, client, [], {});
  });

  given(mode, OURS, 'a node that ends in good order stays until its clients are on others, and they miss nothing', async (cluster) => {
    const { nodes, voices, enter, joins } = cluster;
    const [voice, ...others] = voices;
    const clients = [voice, ...await Promise.all(Array.from({ length: 20 }, () => enter(0)))];
    for (const client of clients) await joins(client, 'red');
    const ids = clients.map(({ id }) => id);
    const lost = clients.map(({ socket }) => happens(socket, 'disconnect'));
    nodes[0].child.kill('SIGTERM');
    await Promise.all(lost);
    const missed = {};
    for (const other of others) {
      missed[other.name] = [await say(other), await say(other, { to: ['red'] }), await say(other, { to: ids })];
      await say(other, { except: ['red'] });
    }
    assert.equal(nodes[0].child.exitCode, null, 'it has not waited');
    await Promise.all(clients.map((client, i) => client.comeTo(nodes[1 + (i % 2)])));
    await soon(nodes[0].ended, 'its clients are gone, and it has not ended');
    assert.equal(nodes[0].child.exitCode, 0);
    assert.deepEqual(clients.map(({ id, recovered }) => [id, recovered]), ids.map((id) => [id, true]));
    await assertTold(others, clients.map((client) => [client, missed]));
  });

  given(mode, ['atrium', 'official'], 'who is not lost hears everything once, on both', async ({ nodes, voices, joins }) => {
    const [a, b] = await Promise.all(nodes.map((node) => node.client()));
    await a.ask('join', 'red');
    await joins(b, 'red');
    if (mode === 'sharded') await until(() => listeners('red') === 2, 'both nodes listen to the room');
    await assertTold(voices, [[a, {}], [b, {}]]);
    const news = [['news', 'ä', { list: [1.5, null, true] }], ['news', 'in the room', 1], ['news', 'to both', 2]];
    for (const voice of voices) {
      await voice.ask('emit', {}, ...news[0]);
      await voice.ask('emit', { to: ['red'] }, ...news[1]);
      await voice.ask('emit', { to: [a.id, b.id] }, ...news[2]);
      await voice.ask('emit', { except: ['red'] }, 'news', 'to others', 3);
      await assertHeard(voices, [[a, ...news], [b, ...news]]);
      await voice.ask('emit', { to: ['red'] }, 'news', Buffer.from([1, 2, 255]), 4);
      for (const heard of await heardBy(voices, [a, b])) {
        const told = heard.map(([event, octets, number]) => [event, Buffer.from(octets).toString('hex'), number]);
        assert.deepEqual(told, [['news', '0102ff', 4]]);
      }
    }
    [a.answer, b.answer] = ['from a', 'from b'];
    for (const voice of voices) {
      const { answers, complete } = await voice.ask('ask', { to: ['red'], timeout: 5000 }, 'question', 5);
      assert.deepEqual([[...answers].sort(), complete], [['from a', 'from b'], true]);
    }
    await assertHeard(voices, [a, b].map((client) => [client, ['question', 5], ['question', 5]]));
  });
}

const MIXED = ['official', 'atrium', 'atrium'];

/** A client of the official node that is lost there, and is known to be; it was told something, so it has an offset. */
async function leftByOfficial({ nodes: [official], voices }, client) {
  assert.equal(client.node, official);
  await assertTold(voices.slice(0, 1), [[client, {}]]);
  await client.cut();
  await isLost(voices[1], client.id);
}

given('streams', MIXED, 'a client of the official node is told by ours what it missed, in the stream\'s order', async (cluster) => {
  const { nodes, voices } = cluster;
  const client = await nodes[0].client();
  const { id } = client;
  for (const one of [client, ...voices]) await one.ask('join', 'red');
  await client.ask('join', 'blue');
  await client.ask('note', 'name', { first: 'Bob' });
  await leftByOfficial(cluster, client);
  const { known } = client;
  const missed = [];
  for (let i = 0; i < 12; i += 1) {
    const voice = voices[i % 3];
    await voice.ask('emit', { to: ['green', 'blue'], except: i % 2 ? [id] : ['yellow'] }, 'news', 'blue', i);
    if (i % 2 === 0) missed.push(['news', 'blue', i]);
    // Where all others have heard it, it is in the stream, and the next one comes after it.
    const heard = voices.map((one) => happens(one.socket, 'news'));
    await voice.ask('emit', i % 4 ? { to: ['red'] } : {}, 'news', 'red', i);
    await Promise.all(heard);
    missed.push(['news', 'red', i]);
  }
  await recoversAt(nodes[1], client);
  await assertHeard(voices, [[client, ...missed]]);
  await assertSeen(voices, 1, client, ['red', 'blue'], { name: { first: 'Bob' } });
  await assertTold(voices, [[client, await sayAll(voices, id, ['red', 'blue'])]]);
  isNew(await nodes[0].client('/', {}, known), id);
  assert.ok(client.socket.connected);
  await assertSeen(voices, 1, client, ['red', 'blue'], { name: { first: 'Bob' } });
});

given('streams', MIXED, 'a client of the official node goes on among ours, and begins anew when it returns', async (cluster) => {
  const { nodes, voices } = cluster;
  const client = await nodes[0].client();
  const { id } = client;
  await client.ask('join', 'red');
  await leftByOfficial(cluster, client);
  for (const at of [1, 2, 2, 1]) {
    const missed = await sayAll(voices, id, ['red']);
    await recoversAt(nodes[at], client);
    await assertTold(voices, [[client, missed]]);
    await assertSeen(voices, at, client, ['red'], {});
    await client.cut();
    await isLost(voices[0], id);
  }
  await client.comeTo(nodes[0]);
  isNew(client, id);
  await client.ask('join', 'red');
  await assertTold(voices, [[client, await sayAll(voices, client.id, ['red'])]]);
});

given('streams', MIXED, 'clients of the official node that come to ours while all talk hear everything once', async (cluster) => {
  const { nodes, voices } = cluster;
  for (let round = 0; round < 4; round += 1) {
    const clients = await Promise.all([1, 2, 3, 4].map(() => nodes[0].client()));
    for (const client of clients) await client.ask('join', 'red');
    // What an official node says itself and what it hears have no common order there, so nobody talks until they are lost.
    await assertTold(voices.slice(0, 1), clients.map((client) => [client, {}]));
    await Promise.all(clients.map((client) => client.cut()));
    for (const voice of voices) voice.next = 0;
    await whileTalking(voices, 'red', clients.map(({ id }) => id), () => Promise.all(clients.map(async (client, i) => {
      await isLost(voices[1], client.id);
      await recoversAt(nodes[1 + i % 2], client);
      await hearsAll(client, voices);
    })));
    await assertTold(voices, clients.map((client) => [client, saidSince(voices)]));
    for (const client of clients) client.socket.disconnect();
  }
});

given('streams', MIXED, 'a session of the official node is had once by whoever shows it', async (cluster) => {
  const { nodes, voices } = cluster;
  for (let round = 0; round < 5; round += 1) {
    const client = await nodes[0].client();
    const { id } = client;
    await leftByOfficial(cluster, client);
    const others = await Promise.all(nodes.map((node) => node.client('/', {}, client.known)));
    await theOnlyHolder(voices, id, others);
    for (const other of others) other.socket.disconnect();
  }
});

given('streams', MIXED, 'a client of ours begins anew at the official node, and all works for it', async ({ nodes, voices }) => {
  const client = await nodes[1].client();
  const { id } = client;
  await client.ask('join', 'red');
  await assertTold(voices, [[client, {}]]);
  await client.cut();
  await isLost(voices[0], id);
  await sayAll(voices, id, ['red']);
  await haveHeard(voices);
  await client.comeTo(nodes[0]);
  isNew(client, id);
  await client.ask('join', 'blue');
  await assertTold(voices, [[client, await sayAll(voices, client.id, ['blue'])]]);
  await assertSeen(voices, 0, client, ['blue'], {});
});
