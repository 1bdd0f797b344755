// How people are: online, away, not to be disturbed or invisible; what they choose and how long it counts; when they were seen
// last. And what the REST interface says of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { WORKSPACE, openV2 } from './support/presence.mjs';
import { RawSocket } from './support/raw.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { until } from './support/waiting.mjs';

const GENERAL = 'general';
const AT_ONCE = { flags: ['--presence-grace', '60000', '--presence-window', '0'] };
const SOON_AWAY = { flags: [...AT_ONCE.flags, '--presence-away', '1000', '--ping-interval', '200', '--ping-timeout', '5000'] };
const IN_AN_HOUR = () => new Date(Date.now() + 3_600_000).toISOString();
const MINUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/;

const path = (query = '') => `/workspaces/${WORKSPACE}/presence${query}`;

async function listed(server, query, user = 'alice') {
  const { status, json, text } = await rest(server, user).get(path(query));
  assert.equal(status, 200, text);
  return json;
}
const statuses = async (server, query) => Object.fromEntries((await listed(server, query)).data.map((u) => [u.userId, u.status]));

test('given somebody online, when he wants not to be disturbed, then new clients are told, and old ones hear nothing', () =>
  withServer(AT_ONCE, async (server) => {
    const [watcher, old, alice] = [await openV2(server, 'watcher'), await Client.open(server, 'old'), await Client.open(server, 'alice')];
    const ack = await alice.must('presence:status', { status: 'dnd' });
    assert.equal(ack.status, 'dnd');
    await watcher.view.shows('alice', 'dnd');
    assert.deepEqual(watcher.view.steps.at(-1).updated.map(({ userId, userName }) => [userId, userName]), [['alice', 'Alice']]);
    assert.equal((await statuses(server)).alice, 'dnd');
    await alice.must('presence:status', { status: 'online' });
    await watcher.view.shows('alice', 'online');
    await Client.open(server, 'fence');
    await old.next('presence:online', { userId: 'fence' });
    assert.equal(old.all('presence:online').filter(({ userId }) => userId === 'alice').length, 1);
    assert.deepEqual(old.all('presence:offline'), []);
  }));

test('given somebody online, when he becomes invisible, then others see him offline and he himself sees what he is', () =>
  withServer(AT_ONCE, async (server) => {
    const [watcher, old, alice] = [await openV2(server, 'watcher'), await Client.open(server, 'old'), await openV2(server, 'alice')];
    const api = rest(server, 'alice');
    const put = await api.put('/users/me/presence', { status: 'invisible' });
    assert.deepEqual([put.status, put.json.data], [200, { status: 'invisible' }]);
    assert.deepEqual(await alice.next('presence:status'), { status: 'invisible' });
    await watcher.view.shows('alice', 'offline');
    await old.next('presence:offline', { userId: 'alice' });
    assert.deepEqual((await api.get('/users/me/presence')).json.data, { status: 'invisible' });
    assert.ok(!(await listed(server, '', 'old')).data.some(({ userId }) => userId === 'alice'));
    const [seen] = await until(async () => {
      const { data } = await listed(server, '?ids=alice', 'old');
      return data[0].lastSeen && data;
    }, 'to others, alice was seen last when she became invisible');
    assert.deepEqual([seen.userId, seen.status], ['alice', 'offline']);
    const tab = await openV2(server, 'alice');
    assert.deepEqual(await tab.next('presence:status'), { status: 'invisible' });
    await Client.open(server, 'fence');
    await watcher.view.shows('fence', 'online');
    assert.equal(old.all('presence:online').filter(({ userId }) => userId === 'alice').length, 1, 'a new tab betrays nothing');
    await tab.must('presence:status', { status: 'online' });
    await watcher.view.shows('alice', 'online');
    await old.next('presence:online', { userId: 'fence' });
    await old.next('presence:online', (data) => data.userId === 'alice' && old.all('presence:online').length > 3);
  }));

test('given a status until a time, when the time has come, then it is over', () => withServer(AT_ONCE, async (server) => {
  const [watcher, alice] = [await openV2(server, 'watcher'), await openV2(server, 'alice')];
  const end = new Date(Date.now() + 1500).toISOString();
  const ack = await alice.must('presence:status', { status: 'dnd', until: end });
  assert.deepEqual([ack.status, ack.until], ['dnd', end]);
  assert.deepEqual(await alice.next('presence:status'), { status: 'dnd', until: end });
  await watcher.view.shows('alice', 'dnd');
  await watcher.view.shows('alice', 'online');
  assert.ok(Date.now() >= Date.parse(end));
  assert.deepEqual((await rest(server, 'alice').get('/users/me/presence')).json.data, { status: 'online' });
}));

test('given nobody does anything, when the time is over, then people are away until a sign of life, and pings are none', () =>
  withServer(SOON_AWAY, async (server) => {
    const [watcher, alice] = [await openV2(server, 'watcher'), await Client.open(server, 'alice')];
    const since = performance.now();
    await watcher.view.shows('alice', 'away');
    assert.ok(performance.now() - since > 900, 'not before its time');
    assert.equal((await statuses(server)).alice, 'away');
    for (const [event, payload] of [
      ['presence:active', undefined], ['channel:join', { channelId: GENERAL }], ['channel:typing', { channelId: GENERAL }],
      ['message:send', { channelId: GENERAL, content: 'back' }],
    ]) {
      await alice.must(event, ...(payload ? [payload] : []));
      await watcher.view.shows('alice', 'online');
      await watcher.view.shows('alice', 'away');
    }
    assert.equal((await statuses(server, '?status=away')).alice, 'away');
    assert.deepEqual(watcher.view.steps.flatMap(({ offline }) => offline), [], 'who is away is not offline');
  }));

test('given two devices, when one is idle and the other is not, then the user is online', () => withServer(SOON_AWAY, async (server) => {
  const [watcher, phone, laptop] = [await openV2(server, 'watcher'), await Client.open(server, 'alice'), await Client.open(server, 'alice')];
  const end = performance.now() + 2500;
  while (performance.now() < end) {
    await laptop.must('presence:active');
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.deepEqual(watcher.view.steps.flatMap(({ updated }) => updated).filter(({ userId }) => userId === 'alice'), []);
  laptop.leave();
  await watcher.view.shows('alice', 'away');
  phone.leave();
  await watcher.view.shows('alice', 'offline');
}));

test('given somebody who is not connected, when he chooses invisible and the server starts anew, then his coming betrays nothing', () =>
  withServer(AT_ONCE, async (server) => {
    const put = await rest(server, 'alice').put('/users/me/presence', { status: 'invisible', until: IN_AN_HOUR() });
    assert.equal(put.status, 200, put.text);
    await server.stop();
    await server.start();
    const [watcher, old] = [await openV2(server, 'watcher'), await Client.open(server, 'old')];
    const alice = await openV2(server, 'alice');
    assert.deepEqual(await alice.next('presence:status'), put.json.data);
    await Client.open(server, 'fence');
    await watcher.view.shows('fence', 'online');
    await old.next('presence:online', { userId: 'fence' });
    assert.deepEqual(watcher.view.entries().map(([id]) => id), ['fence', 'old', 'watcher']);
    assert.ok(!old.all('presence:online').some(({ userId }) => userId === 'alice'));
    assert.ok(!alice.view.users.has('alice'));
  }));

test('given a choice that is none, when it is put, then it is refused with its field and changes nothing', () =>
  withServer(AT_ONCE, async (server) => {
    const api = rest(server, 'alice');
    for (const [body, field] of [
      [{}, 'status'], [{ status: 'away' }, 'status'], [{ status: { $gt: '' } }, 'status'], [{ status: 'dnd', until: 'soon' }, 'until'],
      [{ status: 'dnd', until: new Date(Date.now() - 1000).toISOString() }, 'until'],
      [{ status: 'invisible', until: '9999-01-01T00:00:00Z' }, 'until'], [{ status: 'online', until: IN_AN_HOUR() }, 'until'],
    ]) {
      const problem = assertProblem(await api.put('/users/me/presence', body), 422, 'VALIDATION_FAILED');
      assert.equal(problem.errors?.[0]?.field, field, JSON.stringify(body));
    }
    assert.deepEqual((await api.get('/users/me/presence')).json.data, { status: 'online' });
  }));

test('given somebody who has left, when he is asked for, then it is told when he was seen last, also after a restart', () =>
  withServer(AT_ONCE, async (server) => {
    const before = Math.floor(Date.now() / 60_000) * 60_000;
    const [watcher, bob] = [await openV2(server, 'alice'), await Client.open(server, 'bob')];
    assert.equal((await listed(server, '?ids=bob')).data[0].lastSeen, undefined, 'he is here');
    bob.leave();
    await watcher.view.shows('bob', 'offline');
    const seen = async () => (await listed(server, '?ids=bob')).data[0];
    const gone = await until(async () => { const user = await seen(); return user.lastSeen && user; }, 'bob was seen');
    assert.deepEqual([gone.userName, gone.status], ['Bob', 'offline']);
    assert.match(gone.lastSeen, MINUTE);
    assert.ok(Date.parse(gone.lastSeen) >= before && Date.parse(gone.lastSeen) <= Date.now());
    await server.stop();
    await server.start();
    assert.deepEqual(await seen(), gone);
  }));

test('given people of every kind, when the workspace\'s presence is asked for, then filter, ids and pages hold', () =>
  withServer(AT_ONCE, async (server) => {
    for (const user of ['alice', 'u1', 'u2', 'u3', 'u4']) await Client.open(server, user);
    for (const user of ['gone1', 'gone2', 'gone3']) assert.equal((await rest(server, user).get('/users/me')).status, 200);
    const busy = await Client.open(server, 'u5');
    await busy.must('presence:status', { status: 'dnd' });
    const here = ['alice', 'u1', 'u2', 'u3', 'u4', 'u5'];
    assert.deepEqual(Object.keys(await statuses(server)), here);
    assert.deepEqual(Object.keys(await statuses(server, '?status=dnd')), ['u5']);
    assert.deepEqual(Object.keys(await statuses(server, '?status=online')), here.slice(0, 5));
    assert.deepEqual(await statuses(server, '?ids=u5,gone1,stranger,'), { gone1: 'offline', u5: 'dnd' });
    assert.deepEqual(await statuses(server, '?ids='), {});
    for (const [filter, expected] of [['', here], ['&status=offline', ['gone1', 'gone2', 'gone3']]]) {
      const ids = [];
      let cursor = '';
      for (;;) {
        const page = await listed(server, `?limit=2${filter}${cursor}`);
        ids.push(...page.data.map(({ userId }) => userId));
        assert.ok(page.data.length <= 2);
        if (!page.meta.hasMore) break;
        cursor = `&cursor=${page.meta.nextCursor}`;
      }
      assert.deepEqual(ids, expected);
    }
    for (const query of ['?limit=0', '?limit=501', '?limit=x', '?status=invisible', `?ids=${Array(501).fill('x').join()}`]) {
      assertProblem(await rest(server, 'alice').get(path(query)), 422, 'VALIDATION_FAILED');
    }
  }));

test('given a channel, when its presence is asked for, then those are listed who are in it now and do not hide', () =>
  withServer(AT_ONCE, async (server) => {
    const clients = {};
    for (const user of ['alice', 'bob', 'carol']) clients[user] = await Client.open(server, user);
    for (const user of ['alice', 'bob']) await clients[user].join(GENERAL);
    const inChannel = async () => (await rest(server, 'carol').get(`/channels/${GENERAL}/presence`)).json.data
      .map(({ userId, status }) => [userId, status]);
    assert.deepEqual(await inChannel(), [['alice', 'online'], ['bob', 'online']]);
    await clients.alice.must('presence:status', { status: 'invisible' });
    assert.deepEqual(await inChannel(), [['bob', 'online']]);
    assertProblem(await rest(server, 'carol').get('/channels/nowhere/presence'), 404, 'CHANNEL_NOT_FOUND');
  }));

test('given a connection that falls silent, when its pong is missing, then its user is offline a second later, not after the grace', () =>
  withServer({ flags: ['--presence-window', '0', '--presence-grace', '3000', '--ping-interval', '1500', '--ping-timeout', '1500'] },
    async (server) => {
      const bob = await Client.open(server, 'bob');
      const alice = await RawSocket.chat(server, tokenOf('alice'), { silent: true });
      await bob.next('presence:online', { userId: 'alice' });
      await alice.close('the silent connection is to be closed');
      const closed = performance.now();
      await bob.next('presence:offline', { userId: 'alice' });
      const waited = performance.now() - closed;
      assert.ok(waited > 700 && waited < 2500, `${waited} ms`);
    }));
