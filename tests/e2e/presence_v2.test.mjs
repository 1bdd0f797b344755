// Presence for clients with "presence.v2": a state, then versioned differences; many people by count and subscription. And
// what clients of the original application hear beside them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { WORKSPACE, openV2 } from './support/presence.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';
const window = (milliseconds, ...more) =>
  ({ flags: ['--presence-grace', '60000', '--presence-window', String(milliseconds), ...more] });
const AT_ONCE = window(0);
const FEW = window(0, '--presence-full-max', '3');

const eventsOf = (client) => client.log.filter(({ event }) => event.startsWith('presence:'))
  .map(({ event, data }) => `${event.slice(9)} ${data.userId ?? ''}`.trim());
const idsOf = (users) => users.map(({ userId }) => userId);

async function openAll(server, users, open = Client.open) {
  const clients = [];
  for (const user of users) clients.push(await open(server, user));
  return clients;
}

test('given people online, when a client with presence.v2 comes, then it gets one state of all after welcome and own presence', () =>
  withServer(AT_ONCE, async (server) => {
    await openAll(server, ['alice', 'bob']);
    const carol = await openV2(server, 'carol');
    const state = await carol.next('presence:state');
    assert.equal(state.workspaceId, WORKSPACE);
    assert.deepEqual(state.users.map(({ userId, userName, status }) => [userId, userName, status]),
      [['alice', 'Alice', 'online'], ['bob', 'Bob', 'online'], ['carol', 'Carol', 'online']]);
    for (const { lastActiveAt } of state.users) assert.match(lastActiveAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
    await carol.nothingElse();
    assert.deepEqual(carol.log.slice(0, 3).map(({ event }) => event), ['welcome', 'presence:online', 'presence:state']);
  }));

test('given a state, when people come and go, then differences continue it without a gap and end where a newcomer begins', () =>
  withServer(window(30), async (server) => {
    const watchers = [await openV2(server, 'watcher')];
    const tabs = [];
    for (let round = 0; round < 6; round += 1) {
      const coming = await Promise.all(['ann', 'ben', 'cleo', 'dan'].map((user) => Client.open(server, user)));
      tabs.push(...coming);
      for (const tab of tabs.splice(0, 3)) tab.leave();
      watchers.push(await openV2(server, `watcher${round}`));
      await watchers[0].view.shows(`watcher${round}`, 'online');
    }
    const last = await openV2(server, 'last');
    for (const watcher of [...watchers, last]) await watcher.view.shows('last', 'online');
    for (const watcher of watchers) assert.deepEqual(watcher.view.entries(), last.view.entries(), watcher.story());
    assert.ok(watchers[0].view.steps.length > 3, watchers[0].story());
  }));

test('given a window, when many come within it, then each client is told once', () => withServer(window(3000), async (server) => {
  const watcher = await openV2(server, 'watcher');
  await watcher.view.shows('watcher', 'online');
  const users = Array.from({ length: 20 }, (_, i) => `u${10 + i}`);
  await Promise.all(users.map((user) => Client.open(server, user)));
  await watcher.view.shows('u29', 'online');
  const diff = watcher.view.steps.at(-1);
  assert.deepEqual(idsOf(diff.online), users);
  assert.equal(watcher.view.steps.length, 2);
}));

test('given a window, when somebody goes and comes back within it, then nobody hears of it', () =>
  withServer(window(1500), async (server) => {
    const [bob, alice] = await openAll(server, ['bob', 'alice']);
    const watcher = await openV2(server, 'watcher');
    await watcher.view.shows('alice', 'online');
    await bob.next('presence:online', { userId: 'alice' });
    alice.leave();
    await Client.open(server, 'alice');
    await Client.open(server, 'dave');
    await watcher.view.shows('dave', 'online');
    await bob.next('presence:online', { userId: 'dave' });
    assert.deepEqual(eventsOf(bob).filter((event) => event.endsWith('alice')), ['online alice']);
    assert.deepEqual(watcher.view.steps.flatMap(({ offline }) => idsOf(offline)), []);
    assert.deepEqual(idsOf(watcher.view.steps.at(-1).online), ['dave']);
  }));

test('given a window, when one goes and another comes within it, then old clients hear the offline before the online', () =>
  withServer(window(1500), async (server) => {
    const [bob, zoe] = await openAll(server, ['bob', 'zoe']);
    await bob.next('presence:online', { userId: 'zoe' });
    await Client.open(server, 'alice');
    zoe.leave();
    await bob.next('presence:offline', { userId: 'zoe' });
    await bob.next('presence:online', { userId: 'alice' });
    assert.deepEqual(eventsOf(bob).filter((event) => !event.endsWith('bob')), ['online zoe', 'offline zoe', 'online alice']);
  }));

test('given the default window, when somebody comes or leaves, then it is told well within a second', () =>
  withServer({ flags: ['--presence-grace', '60000'] }, async (server) => {
    const watcher = await openV2(server, 'watcher');
    await watcher.view.shows('watcher', 'online');
    const alice = await Client.open(server, 'alice');
    await watcher.view.shows('alice', 'online');
    alice.leave();
    await watcher.view.shows('alice', 'offline');
  }));

test('given a client with presence.v2 and one without, when somebody comes, then each is told in its own way only', () =>
  withServer(AT_ONCE, async (server) => {
    const [old, watcher] = [await Client.open(server, 'old'), await openV2(server, 'watcher')];
    const alice = await Client.open(server, 'alice');
    await watcher.view.shows('alice', 'online');
    alice.leave();
    await watcher.view.shows('alice', 'offline');
    await old.next('presence:offline', { userId: 'alice' });
    assert.deepEqual(eventsOf(watcher), ['online watcher', 'state', 'diff', 'diff']);
    assert.deepEqual(eventsOf(old), ['online old', 'online watcher', 'online alice', 'offline alice']);
  }));

test('when a second tab comes, then no difference tells of it', () => withServer(AT_ONCE, async (server) => {
  const watcher = await openV2(server, 'watcher');
  const [tab1, tab2] = await openAll(server, ['alice', 'alice']);
  tab1.leave();
  await Client.open(server, 'fence');
  await watcher.view.shows('fence', 'online');
  assert.deepEqual(watcher.view.steps.map(({ online, offline, updated }) => [online, offline, updated].flatMap(idsOf)),
    [['alice'], ['fence']]);
  tab2.leave();
  await watcher.view.shows('alice', 'offline');
}));

test('when a client asks for presence:sync, then it gets the state anew and then the acknowledgement', () =>
  withServer(AT_ONCE, async (server) => {
    const watcher = await openV2(server, 'watcher');
    await Client.open(server, 'alice');
    await watcher.view.shows('alice', 'online');
    watcher.forget();
    const ack = await watcher.must('presence:sync', { workspaceId: WORKSPACE });
    const state = await watcher.next('presence:state');
    assert.deepEqual(idsOf(state.users), ['alice', 'watcher']);
    assert.equal(ack.wver, state.wver);
    assert.deepEqual(watcher.log.slice(-2).map(({ event }) => event), ['presence:state', 'ack']);
  }));

test('given another tenant\'s workspace or none, when it is asked for, then it does not exist', () =>
  withServer(AT_ONCE, async (server) => {
    const alice = await openV2(server, 'alice');
    for (const [event, more] of [['presence:sync', {}], ['presence:subscribe', { userIds: [] }]]) {
      const reply = await alice.ask(event, { workspaceId: 'elsewhere', ...more });
      assert.deepEqual([reply.ok, reply.error.status, reply.error.code], [false, 404, 'WORKSPACE_NOT_FOUND']);
    }
  }));

test('given payloads of the wrong shape, when they come, then the field is named and nothing else happens', () =>
  withServer(AT_ONCE, async (server) => {
    const alice = await openV2(server, 'alice');
    const many = Array.from({ length: 501 }, (_, i) => `u${i}`);
    for (const [event, payload, field] of [
      ['presence:sync', {}, 'workspaceId'],
      ['presence:sync', { workspaceId: { $ne: null } }, 'workspaceId'],
      ['presence:subscribe', { workspaceId: WORKSPACE }, 'userIds'],
      ['presence:subscribe', { workspaceId: WORKSPACE, userIds: 'bob' }, 'userIds'],
      ['presence:subscribe', { workspaceId: WORKSPACE, userIds: ['bob', 7] }, 'userIds.1'],
      ['presence:subscribe', { workspaceId: WORKSPACE, userIds: many }, 'userIds'],
      ['presence:subscribe', { workspaceId: WORKSPACE, userIds: ['x'.repeat(129)] }, 'userIds'],
      ['presence:status', {}, 'status'],
      ['presence:status', { status: 'away' }, 'status'],
      ['presence:status', { status: 'dnd', until: 'tomorrow' }, 'until'],
      ['presence:status', { status: 'dnd', until: 1_900_000_000_000 }, 'until'],
    ]) {
      const { ok, error } = await alice.ask(event, payload);
      assert.deepEqual([ok, error?.code, error?.field], [false, 'VALIDATION_FAILED', field], JSON.stringify([event, payload]));
    }
    alice.forget();
    await alice.nothingElse();
  }));

test('given more people than can be named, when clients come, then the new ones get a count and the old ones nobody', () =>
  withServer(FEW, async (server) => {
    const [old] = await openAll(server, ['u1', 'u2', 'u3']);
    const watcher = await openV2(server, 'u4');
    assert.equal(watcher.view.count, 4);
    const late = await Client.open(server, 'u5');
    await watcher.next('presence:count', { online: 5 });
    await messageFence(GENERAL, (await late.join(GENERAL), late));
    assert.deepEqual(eventsOf(late), ['online u5']);
    assert.deepEqual(eventsOf(watcher), ['online u4', 'count', 'count']);
    assert.deepEqual(eventsOf(old), ['online u1', 'online u2', 'online u3']);
  }));

test('given more people than can be named, when one of those leaves whom old clients take for online, then they hear it', () =>
  withServer(FEW, async (server) => {
    const [old, second] = await openAll(server, ['u1', 'u2', 'u3']);
    const [, fifth] = await openAll(server, ['u4', 'u5', 'u6']);
    fifth.leave();
    second.leave();
    await old.next('presence:offline', { userId: 'u2' });
    assert.deepEqual(eventsOf(old), ['online u1', 'online u2', 'online u3', 'offline u2']);
  }));

test('given a subscription, when people come and go, then its client hears of those whom it named, and of no other', () =>
  withServer(FEW, async (server) => {
    await openAll(server, ['u1', 'u2', 'u3', 'u4']);
    const watcher = await openV2(server, 'watcher');
    const ack = await watcher.must('presence:subscribe', { workspaceId: WORKSPACE, userIds: ['u1', 'bob', 'nobody'] });
    assert.deepEqual(ack.users.map(({ userId, userName, status }) => [userId, userName, status]),
      [['u1', 'U1', 'online'], ['bob', undefined, 'offline'], ['nobody', undefined, 'offline']]);
    watcher.view.wver = ack.wver;
    const [, bob] = await openAll(server, ['dave', 'bob']);
    await watcher.view.shows('bob', 'online');
    bob.leave();
    await watcher.view.shows('bob', 'offline');
    const replaced = await watcher.must('presence:subscribe', { workspaceId: WORKSPACE, userIds: ['carol'] });
    watcher.view.wver = replaced.wver;
    await openAll(server, ['bob', 'carol']);
    await watcher.view.shows('carol', 'online');
    assert.deepEqual(watcher.view.steps.flatMap(({ online, offline }) => [...idsOf(online), ...idsOf(offline)]),
      ['bob', 'bob', 'carol']);
  }));

test('given many people, when most have left, then everybody is told the state anew, and old clients who is there', () =>
  withServer(FEW, async (server) => {
    const clients = await openAll(server, ['u1', 'u2', 'u3', 'u4', 'u5']);
    const watcher = await openV2(server, 'watcher');
    assert.equal(watcher.view.count, 6);
    const late = await Client.open(server, 'late');
    for (const client of clients) client.leave();
    await watcher.next('presence:state', ({ users }) => idsOf(users).join() === 'late,watcher');
    await late.next('presence:online', { userId: 'watcher' });
    await Client.open(server, 'x').then((x) => x.leave());
    assert.equal(watcher.view.broken, undefined);
  }));
