// The live count over server-sent events: at once, on change, every ten seconds; people, not tabs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { tokenOf } from './support/token.mjs';

const LIVE = '/api/v1/workspaces/default/stats/live';
const AT_ONCE = { flags: ['--presence-grace', '0'] };
const online = (count) => ({ onlineUsersCount }) => onlineUsersCount === count;

for (const path of [LIVE, '/workspaces/default/stats/live']) {
  test(`${path}: the first sample comes at once, in the format of the contract`, () => withServer({}, async (server) => {
    const stream = await EventStream.open(server, path, 'alice');
    assert.equal(stream.status, 200);
    assert.match(stream.headers['content-type'], /^text\/event-stream/);
    assert.match(stream.headers['cache-control'], /no-cache|no-store/);
    const asked = performance.now();
    const sample = await stream.next('stats:update');
    assert.ok(performance.now() - asked < 5000, 'at once, not at the next beat');
    assert.equal(stream.retry, '3000');
    assert.ok(sample.id, 'the sample has an id');
    assert.equal(sample.json.onlineUsersCount, 0);
    assert.equal(sample.json.connections, 0);
    assert.equal(new Date(sample.json.timestamp).toISOString(), sample.json.timestamp);
  }));
}

test('two tabs are one person and two connections', () => withServer({}, async (server) => {
  await Client.open(server, 'alice');
  await Client.open(server, 'alice');
  await Client.open(server, 'bob');
  const stream = await EventStream.open(server, LIVE, 'bob');
  const { json } = await stream.next('stats:update');
  assert.deepEqual([json.onlineUsersCount, json.connections], [2, 3]);
}));

test('a person who comes or goes changes the count on open streams', () => withServer(AT_ONCE, async (server) => {
  const stream = await EventStream.open(server, LIVE, 'bob');
  await stream.next('stats:update', online(0));
  const alice = await Client.open(server, 'alice');
  await stream.next('stats:update', online(1), 5000);
  alice.leave();
  await stream.next('stats:update', online(0), 5000);
}));

test('a sample says who types and how much was said in the last minute', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await alice.join('general');
  const stream = await EventStream.open(server, LIVE, 'bob');
  const { json } = await stream.next('stats:update');
  assert.deepEqual([json.away, json.dnd, json.typingUsers, json.messagesPerMin], [0, 0, 0, 0]);
  await alice.must('channel:typing', { channelId: 'general' });
  await stream.next('stats:update', ({ typingUsers }) => typingUsers === 1);
  await alice.say('general', 'one');
  await alice.say('general', 'two');
  await stream.next('stats:update', ({ typingUsers, messagesPerMin }) => typingUsers === 0 && messagesPerMin === 2);
}));

test('changes make at most one sample a second', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await alice.join('general');
  const stream = await EventStream.open(server, LIVE, 'bob');
  await stream.next('stats:update');
  const begin = performance.now();
  let samples = 0;
  for (let said = 1; said <= 30; said += 1) await alice.say('general', `${said}`);
  await stream.next('stats:update', ({ messagesPerMin }) => {
    samples += 1;
    return messagesPerMin === 30;
  });
  assert.ok(samples <= 2 + (performance.now() - begin) / 1000, `${samples} samples`);
}));

test('the id of a sample is that of this life of the server and a number that grows', () => withServer({}, async (server) => {
  const ids = async () => {
    const stream = await EventStream.open(server, LIVE, 'bob');
    return (await stream.next('stats:update')).id.split('-');
  };
  const [[epoch, first], [again, second]] = [await ids(), await ids()];
  assert.equal(again, epoch);
  assert.ok(Number(second) > Number(first));
  await server.kill();
  await server.restart();
  assert.notEqual((await ids())[0], epoch);
}));

test('each sample has an id of its own', () => withServer(AT_ONCE, async (server) => {
  const stream = await EventStream.open(server, LIVE, 'bob');
  const first = await stream.next('stats:update');
  await Client.open(server, 'alice');
  const second = await stream.next('stats:update', online(1));
  assert.notEqual(first.id, second.id);
}));

test('all viewers of a workspace see the change', () => withServer(AT_ONCE, async (server) => {
  const streams = await Promise.all(Array.from({ length: 20 }, () => EventStream.open(server, LIVE, 'bob')));
  await Promise.all(streams.map((stream) => stream.next('stats:update', online(0))));
  await Client.open(server, 'alice');
  await Promise.all(streams.map((stream) => stream.next('stats:update', online(1))));
}));

test('a storm of people makes fewer samples than people, and the last one is right', () =>
  withServer(AT_ONCE, async (server) => {
    const stream = await EventStream.open(server, LIVE, 'bob');
    await stream.next('stats:update', online(0));
    await Promise.all(Array.from({ length: 30 }, (_, i) => Client.open(server, `visitor${i}`)));
    let samples = 0;
    await stream.next('stats:update', ({ onlineUsersCount }) => {
      samples += 1;
      return onlineUsersCount === 30;
    });
    assert.ok(samples < 10, `${samples} samples`);
  }));

test('without any change a sample comes again after ten seconds', () => withServer({}, async (server) => {
  const stream = await EventStream.open(server, LIVE, 'alice');
  await stream.next('stats:update');
  const first = performance.now();
  await stream.next('stats:update', undefined, 15_000);
  const passed = performance.now() - first;
  assert.ok(passed > 8500 && passed < 12_500, `${passed} ms`);
}));

test('a socket in limbo does not count', () => withServer({}, async (server) => {
  const limbo = await new Client(server, { token: 'not.a.token', name: 'X' }).connected();
  await limbo.next('error');
  const stream = await EventStream.open(server, LIVE, 'bob');
  const { json } = await stream.next('stats:update');
  assert.deepEqual([json.onlineUsersCount, json.connections], [0, 0]);
}));

test('the cookie opens the stream, since EventSource sends no header', () => withServer({}, async (server) => {
  const stream = await EventStream.open(server, LIVE, undefined, { cookie: `access_token=${tokenOf('alice')}` });
  assert.equal(stream.status, 200);
  await stream.next('stats:update');
}));

test('Last-Event-ID gets a fresh sample at once', () => withServer({}, async (server) => {
  const stream = await EventStream.open(server, LIVE, 'alice', { 'last-event-id': 'from-another-life' });
  await stream.next('stats:update', undefined, 5000);
}));

test('a viewer that goes away disturbs no other', () => withServer(AT_ONCE, async (server) => {
  const stays = await EventStream.open(server, LIVE, 'bob');
  const goes = await EventStream.open(server, LIVE, 'bob');
  await stays.next('stats:update');
  goes.close();
  await Client.open(server, 'alice');
  await stays.next('stats:update', online(1));
}));

test('who is not in the workspace gets no stream', () => withServer({ flags: ['--auto-join', 'off'] }, async (server) => {
  assertProblem(await request(server, LIVE, { user: 'stranger' }), 404, 'WORKSPACE_NOT_FOUND');
}));
