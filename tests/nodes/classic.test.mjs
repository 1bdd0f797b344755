// A cluster over one Redis in the classic form: nodes of ours alone, and one of ours beside an official one, each in either part.
// What is said on one node is heard by the clients of both, once and in order; questions are answered by both.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';
import { until } from '../e2e/support/waiting.mjs';
import { Node, assertHeard, heardBy } from './support/nodes.mjs';
import { Redis } from './support/redis.mjs';

let redis;
before(async () => { redis = await Redis.start(); });
after(() => redis.stop());

for (const [kind, other] of [['atrium', 'official'], ['official', 'atrium'], ['atrium', 'atrium']]) {
  /** The two nodes and a client of each in `nsp`. */
  const cluster = (what, body) => test(`${kind} and ${other}: ${what}`, async () => {
    const nodes = [];
    try {
      for (const one of [kind, other]) nodes.push(await Node.start(one, redis.url));
      const here = (nsp, options) => nodes[0].client(nsp, options);
      const there = (nsp, options) => nodes[1].client(nsp, options);
      await body({ here, there, nodes });
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

  cluster('rooms, exceptions and local', async ({ here, there }) => {
    const [a, b, c] = [await here(), await there(), await there()];
    for (const one of [a, b]) await one.ask('join', 'red');
    for (const one of [b, c]) await one.ask('join', '42');
    await a.ask('emit', { to: ['red'] }, 'news', 'red');
    await a.ask('emit', { to: ['42'] }, 'news', 'a number');
    await a.ask('emit', { to: ['red', '42'] }, 'news', 'both');
    await a.ask('emit', { except: ['red'] }, 'news', 'not red');
    await a.ask('emit', { to: ['42'], except: ['red'] }, 'news', '42 and not red');
    await a.ask('emit', { flags: ['local'] }, 'news', 'local');
    await a.ask('emit', { flags: ['volatile'] }, 'news', 'volatile');
    await a.ask('emit', { to: [c.id] }, 'news', 'for c');
    await assertHeard(a, [
      [a, ['news', 'red'], ['news', 'both'], ['news', 'local'], ['news', 'volatile']],
      [b, ['news', 'red'], ['news', 'a number'], ['news', 'both'], ['news', 'volatile']],
      [c, ['news', 'a number'], ['news', 'both'], ['news', 'not red'], ['news', '42 and not red'], ['news', 'volatile'], ['news', 'for c']],
    ]);
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

test('the emitter reaches clients of ours', async () => {
  const client = createClient({ url: redis.url });
  await client.connect();
  const node = await Node.start('atrium', redis.url);
  try {
    const emitter = new Emitter(client);
    const [a, b, c] = [await node.client(), await node.client(), await node.client('/chat')];
    await a.ask('join', 'red');
    emitter.emit('news', 1, Buffer.from('octets'));
    emitter.to('red').emit('news', 2);
    emitter.except('red').emit('news', 3);
    emitter.of('/chat').volatile.emit('news', 4);
    emitter.in('red').socketsJoin('blue');
    emitter.to('blue').emit('news', 5);
    emitter.in('red').socketsLeave('blue');
    emitter.to('blue').emit('news', 6);
    emitter.serverSideEmit('told', 'by the emitter');
    emitter.emit('mark', 'end');
    const values = async (one) => (await one.until('end')).map(([event, value]) => [event, value]);
    const told = ['server', 'by the emitter'];
    assert.deepEqual(await values(a), [['news', 1], ['news', 2], ['news', 5], told]);
    assert.deepEqual(await values(b), [['news', 1], ['news', 3], told]);
    await until(() => c.heard.length === 1, 'c heard it');
    assert.deepEqual(c.heard, [['news', 4]]);
    emitter.in('red').disconnectSockets(true);
    await until(() => !a.socket.connected, 'a is disconnected');
    assert.ok(b.socket.connected);
  } finally {
    await node.stop();
    await client.quit();
  }
});

test('a node that does not answer costs a part, at the deadline', async () => {
  const nodes = [await Node.start('atrium', redis.url), await Node.start('atrium', redis.url), await Node.start('atrium', redis.url)];
  try {
    const [a, b, c] = await Promise.all(nodes.map((node) => node.client()));
    for (const client of [a, b, c]) client.answer = client.id;
    nodes[2].child.kill('SIGSTOP');
    const before = performance.now();
    const [sockets, asked, servers] = await Promise.all([
      a.ask('fetch', {}), a.ask('ask', { timeout: 1000 }, 'question'), a.ask('servers:ask', 1)]);
    const took = performance.now() - before;
    assert.deepEqual(sockets.map(({ id }) => id), [a.id, b.id].sort());
    assert.deepEqual([[...asked.answers].sort(), asked.complete], [[a.id, b.id].sort(), false]);
    assert.deepEqual(servers, [{ heard: 1 }]);
    assert.ok(took > 900 && took < 5000, `${took} ms`);
    nodes[2].child.kill('SIGCONT');
    await until(async () => (await a.ask('fetch', {})).length === 3, 'the third one answers again');
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
});

test('without a Redis a node goes on by itself, and is one of the cluster again when it is back', async () => {
  const own = await Redis.start();
  const nodes = [await Node.start('atrium', own.url), await Node.start('atrium', own.url)];
  try {
    const [a, b, c] = [await nodes[0].client(), await nodes[0].client(), await nodes[1].client()];
    for (const client of [a, b, c]) client.answer = client.id;
    const from = nodes.map((node) => node.said.length);
    await own.stop();
    await Promise.all(nodes.map((node, i) => node.says(/^down$/m, from[i])));
    const before = performance.now();
    await a.ask('emit', {}, 'news', 'alone');
    await assertHeard(a, [[a, ['news', 'alone']], [b, ['news', 'alone']]]);
    assert.equal((await a.ask('fetch', {})).length, 2);
    assert.deepEqual(await a.ask('servers:ask', 1), []);
    const { answers, complete } = await a.ask('ask', { timeout: 10_000 }, 'question');
    assert.deepEqual([[...answers].sort(), complete], [[a.id, b.id].sort(), false], 'somebody may not have been asked');
    assert.ok(performance.now() - before < 3000, 'nobody waits for it');
    for (const client of [a, b, c]) client.heard.splice(0);
    await own.restart();
    await Promise.all(nodes.map((node, i) => node.says(/^down$[^]*^up$/m, from[i])));
    await a.ask('emit', {}, 'news', 'together');
    await assertHeard(a, [[a, ['news', 'together']], [b, ['news', 'together']], [c, ['news', 'together']]]);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
  }
});

test('a Redis that hangs holds nobody up, and is given up after a while', async () => {
  const own = await Redis.start();
  const nodes = [await Node.start('atrium', own.url), await Node.start('atrium', own.url)];
  try {
    const [a, b] = [await nodes[0].client(), await nodes[1].client()];
    const from = nodes[0].said.length;
    own.pause();
    await a.ask('emit', {}, 'news', 'while it hangs');
    await assertHeard(a, [[a, ['news', 'while it hangs']]]);
    await nodes[0].says(/^down$/m, from, 20_000);
    assert.deepEqual(b.heard, []);
    own.resume();
    await nodes[0].says(/^down$[^]*^up$/m, from);
    b.heard.splice(0);
    await a.ask('emit', {}, 'news', 'again');
    await until(() => b.heard.some(([, value]) => value === 'again'), 'b hears a again');
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
  }
});

test('a Redis may want a password, and be a Unix socket', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'atrium-redis-')), 'redis.sock');
  const own = await Redis.start('--unixsocket', path, '--requirepass', 'p@ss/word');
  const nodes = [];
  try {
    nodes.push(await Node.start('atrium', `redis://:p%40ss%2Fword@127.0.0.1:${own.port}/3`));
    nodes.push(await Node.start('atrium', `unix://:p%40ss%2Fword@${path}?db=3`));
    const [a, b] = [await nodes[0].client(), await nodes[1].client()];
    await a.ask('emit', {}, 'news', 1);
    await assertHeard(a, [[a, ['news', 1]], [b, ['news', 1]]]);
    assert.ok(nodes.every(({ said }) => !said.includes('p@ss')), 'no log has the password');
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    await own.stop();
    rmSync(dirname(path), { recursive: true, force: true });
  }
});
