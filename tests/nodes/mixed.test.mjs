// A cluster over one Redis, in each of its modes: nodes of ours alone, and one of ours beside an official one, each in either part.
// What is said on one node is heard by the clients of both, once and in order; questions are answered by both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../e2e/support/waiting.mjs';
import { Node, assertHeard, heardBy } from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

const PAIRS = [['atrium', 'official'], ['official', 'atrium'], ['atrium', 'atrium']];
const CLUSTERS = ['classic', 'sharded', 'streams'].flatMap((mode) => PAIRS.map((pair) => [mode, ...pair]));

for (const [mode, kind, other] of CLUSTERS) {
  /** The two nodes and a client of each in `nsp`. */
  const cluster = (what, body) => test(`${mode}, ${kind} and ${other}: ${what}`, async () => {
    const nodes = [];
    try {
      for (const one of [kind, other]) nodes.push(await Node.start(one, redis.url, mode));
      const here = (nsp, options) => nodes[0].client(nsp, options);
      const there = (nsp, options) => nodes[1].client(nsp, options);
      // A node listens to a room's own channel from the moment when somebody is in it; joining does not wait for that.
      const listened = (nsp, room, count) => mode !== 'sharded' ||
        until(() => redis.listeners(`socket.io#${nsp}#${room}#`) === count, `${count} nodes listen to ${room}`);
      await body({ here, there, listened });
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });

  for (const nsp of ['/', '/chat']) {
    cluster(`what is said to everybody in ${nsp} is heard there, once and in order`, async ({ here, there }) => {
      const [a, b, c] = [await here(nsp), await there(nsp), await there(nsp === '/' ? '/chat' : '/')];
      const news = Array.from({ length: 50 }, (_, i) => ['news', i, { text: `ä ${i}`, list: [1.5, null, true, 2 ** 40] }]);
      for (const [, ...args] of news) await a.ask('emit', {}, 'news', ...args);
      await assertHeard(a, [[a, ...news], [b, ...news]]);
      assert.deepEqual(c.heard, []);
    });
  }

  cluster('rooms and exceptions', async ({ here, there, listened }) => {
    const [a, b, c] = [await here(), await there(), await there()];
    for (const one of [a, b]) await one.ask('join', 'red');
    for (const one of [b, c]) await one.ask('join', '42');
    await listened('/', 'red', 2);
    await listened('/', '42', 1);
    await a.ask('emit', { to: ['red'] }, 'news', 'red');
    await a.ask('emit', { to: ['42'] }, 'news', 'a number');
    await a.ask('emit', { to: ['red', '42'] }, 'news', 'both');
    await a.ask('emit', { except: ['red'] }, 'news', 'not red');
    await a.ask('emit', { to: ['42'], except: ['red'] }, 'news', '42 and not red');
    await a.ask('emit', { to: [c.id] }, 'news', 'for c');
    await assertHeard(a, [
      [a, ['news', 'red'], ['news', 'both']],
      [b, ['news', 'red'], ['news', 'a number'], ['news', 'both']],
      [c, ['news', 'a number'], ['news', 'both'], ['news', 'not red'], ['news', '42 and not red'], ['news', 'for c']],
    ]);
  });

  cluster('what is local stays there, and what is volatile comes where nothing else is under way', async ({ here, there }) => {
    const [a, b] = [await here(), await there()];
    await a.ask('emit', { flags: ['volatile'] }, 'news', 'volatile');
    await assertHeard(a, [[a, ['news', 'volatile']], [b, ['news', 'volatile']]]);
    await a.ask('emit', { flags: ['local'] }, 'news', 'local');
    await assertHeard(a, [[a, ['news', 'local']], [b]]);
  });

  cluster('octets arrive as they were', async ({ here, there }) => {
    const [a, b] = [await here(), await there()];
    const octets = Buffer.from(Array.from({ length: 300 }, (_, i) => i % 256));
    await a.ask('emit', {}, 'news', octets, { inside: [octets.subarray(0, 3)] });
    const [, [said]] = await heardBy(a, [a, b]);
    assert.deepEqual([said[0], Buffer.from(said[1]), Buffer.from(said[2].inside[0])], ['news', octets, octets.subarray(0, 3)]);
  });

  cluster('acknowledgements of the clients of both are collected', async ({ here, there }) => {
    const [a, b, c] = [await here(), await there(), await there()];
    for (const [client, answer] of [[a, 'from a'], [b, { from: 'b' }], [c, Buffer.from([1, 2, 3])]]) client.answer = answer;
    await b.ask('join', 'red');
    const red = await a.ask('ask', { to: ['red'], timeout: 5000 }, 'question');
    assert.deepEqual(red, { answers: [{ from: 'b' }], complete: true });
    const all = await a.ask('ask', { timeout: 5000 }, 'question', 1);
    assert.equal(all.complete, true);
    const texts = all.answers.map((answer) => (Buffer.isBuffer(answer) ? answer.toString('hex') : JSON.stringify(answer)));
    assert.ok(all.answers.some((answer) => answer === 'from a'), texts.join());
    assert.ok(all.answers.some((answer) => answer?.from === 'b'), texts.join());
    assert.equal(all.answers.length, 3);
  });

  cluster('of a client that does not answer, the others\' answers come at the deadline', async ({ here, there }) => {
    const [a, b, c] = [await here(), await there(), await there()];
    [a.answer, b.answer] = ['a', 'b'];
    const { answers, complete } = await a.ask('ask', { timeout: 500 }, 'question');
    assert.deepEqual([[...answers].sort(), complete], [['a', 'b'], false]);
    assert.equal(c.heard.length, 1, 'it was asked');
  });

  cluster('fetchSockets shows the sockets of both', async ({ here, there }) => {
    const [a, b, c] = [await here('/chat'), await there('/chat'), await there('/chat')];
    await b.ask('join', 'red');
    await b.ask('note', 'name', { first: 'Bob' });
    const shown = (client, rooms = [], data = {}) => ({ id: client.id, rooms: [client.id, ...rooms].sort(), data });
    const all = await a.ask('fetch', {});
    assert.deepEqual(all, [shown(a), shown(b, ['red'], { name: { first: 'Bob' } }), shown(c)].sort((x, y) => (x.id < y.id ? -1 : 1)));
    assert.deepEqual(await a.ask('fetch', { to: ['red'] }), [shown(b, ['red'], { name: { first: 'Bob' } })]);
    assert.deepEqual(await a.ask('fetch', { to: [c.id], except: ['red'] }), [shown(c)]);
  });

  cluster('the sockets of both are counted', async ({ here, there }) => {
    const [a, b] = [await here('/chat'), await there('/chat'), await there('/chat'), await there('/')];
    assert.equal(await a.ask('count', {}), 3);
    await b.ask('join', 'red');
    assert.equal(await a.ask('count', { to: ['red'] }), 1);
    assert.equal(await a.ask('count', { except: ['red'] }), 2);
    assert.equal(await a.ask('count', { to: ['nobody\'s'] }), 0);
  });

  cluster('handshakes are the same on both', async ({ here, there }) => {
    const options = { query: { a: '1 ä', b: '' }, extraHeaders: { 'X-Team': 'red: blue', Origin: 'https://a.example' } };
    const [a, b] = [await here('/', options), await there('/', options), await there()];
    const told = async (client) => {
      const handshakes = await client.ask('handshakes', {});
      // What a client signed in with is kept to themselves by ours. The time as text is in the zone of the node.
      for (const handshake of Object.values(handshakes)) { delete handshake.auth; delete handshake.time; }
      return handshakes;
    };
    const [byA, byB] = [await told(a), await told(b)];
    assert.equal(Object.keys(byA).length, 3);
    assert.deepEqual(byA, byB);
    for (const { id } of [a, b]) {
      const { query, headers, xdomain, secure, address, issued } = byA[id];
      assert.deepEqual([query.a, query.b, headers['x-team'], xdomain, secure], ['1 ä', '', 'red: blue', true, false]);
      assert.match(address, /127\.0\.0\.1$/);
      assert.ok(Math.abs(Date.now() - issued) < 60_000, `${issued}`);
    }
  });

  cluster('sockets join, leave and end from afar', async ({ here, there }) => {
    const [a, b, c] = [await here(), await there(), await here()];
    const inRed = async () => (await a.ask('fetch', { to: ['red'] })).map(({ id }) => id);
    await a.ask('sockets:join', {}, 'red');
    await until(async () => (await inRed()).length === 3, 'all three are in the room');
    await a.ask('sockets:leave', { to: [a.id, b.id] }, 'red');
    await until(async () => (await inRed()).join() === c.id, 'only c is in the room');
    await a.ask('sockets:end', { to: [b.id] }, true);
    await until(() => !b.socket.connected, 'b is disconnected');
    await a.ask('sockets:end', { to: ['red'] }, false);
    await until(() => !c.socket.connected, 'c is disconnected');
    assert.ok(a.socket.connected);
  });

  cluster('servers tell and ask each other', async ({ here, there }) => {
    const [a, b, c] = [await here('/chat'), await there('/chat'), await there('/')];
    await a.ask('servers', { hello: 1 });
    assert.deepEqual(await a.ask('servers:ask', 'again'), [{ heard: 'again' }]);
    await assertHeard(a, [[a], [b, ['server', { hello: 1 }], ['server', 'again']]]);
    assert.deepEqual(c.heard, []);
  });
}
