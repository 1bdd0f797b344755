// Who may be where, in a cluster: what is taken from somebody on one node is taken on all of them when that is answered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as, connect, logIn, post, refresh, register } from '../e2e/support/accounts.mjs';
import { messageFence } from '../e2e/support/fences.mjs';
import { rest } from '../e2e/support/http.mjs';
import { addMember, invite, known, makeChannel, makeWorkspace, removeMember } from '../e2e/support/rooms.mjs';
import { EventStream } from '../e2e/support/sse.mjs';
import { assertStartsAndStopsAlternate } from '../e2e/support/typing.mjs';
import { DEATH_MS, GENERAL, eventually, presenceFences, presenceOf, told, withCluster } from './support/chat.mjs';

const ALONE = { flags: ['--auto-join', 'off'] };
const A_SECOND = 1000;

/** A private channel of alice on the first node and, on the second, ben and bob with two tabs. */
async function secretChannel(cluster) {
  const channelId = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret', members: ['ben', 'bob'] });
  const alice = await cluster.inChannel(0, 'alice', channelId);
  const ben = await cluster.inChannel(1, 'ben', channelId);
  const tabs = [await cluster.inChannel(1, 'bob', channelId), await cluster.inChannel(1, 'bob', channelId)];
  for (const tab of tabs) await tab.join(GENERAL);
  for (const user of ['ben', 'bob']) await alice.next('channel:user_joined', { channelId, userId: user });
  return { channelId, alice, ben, tabs };
}

/** What he may do now, another node may learn a moment later. */
const letIn = (client, channelId) => eventually(async () => (await client.ask('channel:join', { channelId })).ok,
  () => `${client.name} may join\n${client.story()}`, A_SECOND);

/** What is said and done in the channel, as the client was told. */
const heardOf = (client, channelId) => client.log.filter(({ event, data }) =>
  data?.channelId === channelId && /^message:|typing|^channel:(read|user_)/.test(event));
const saidIn = (client, channelId) => heardOf(client, channelId).filter(({ event }) => !event.startsWith('channel:user_'));

test('given sockets on one node, when a member is removed on the other, then they are out when that is answered, and hear nothing more',
  () => withCluster({}, async (cluster) => {
    const { channelId, alice, ben, tabs } = await secretChannel(cluster);
    for (const tab of tabs) await tab.barrier();
    const before = tabs.map((tab) => heardOf(tab, channelId).length);
    await removeMember(cluster.nodes[0], 'alice', channelId, 'bob');
    const answered = performance.now();
    // At once, from both nodes.
    await Promise.all([alice.say(channelId, 'among us'), ben.say(channelId, 'among us'), ben.must('channel:typing', { channelId })]);
    await Promise.all(tabs.map((tab) => tab.next('channel:removed', { channelId, reason: 'removed' }, A_SECOND)));
    assert.ok(performance.now() - answered < A_SECOND);
    const dora = await cluster.inChannel(0, 'dora');
    for (const speaker of [alice, ben]) await messageFence(channelId, speaker, alice, ben);
    await messageFence(GENERAL, dora, ...tabs);
    for (const [i, tab] of tabs.entries()) {
      assert.deepEqual(heardOf(tab, channelId).slice(before[i]), [], tab.story());
      assert.equal(tab.all('channel:removed').length, 1, tab.story());
      assert.equal((await tab.ask('message:send', { channelId, content: 'hi' })).error.code, 'NOT_CHANNEL_MEMBER');
      assert.equal((await tab.ask('channel:join', { channelId })).error.code, 'NOT_CHANNEL_MEMBER');
      assert.equal((await tab.ask('channel:typing', { channelId })).error.status, 403);
    }
    for (const client of [alice, ben]) {
      assert.deepEqual(client.all('channel:user_left'), [{ channelId, userId: 'bob' }], client.story());
    }
  }));

test('given many removals on one node, when his socket on the other joins again and again, then he is never in after the answer',
  () => withCluster({}, async (cluster) => {
    const { channelId, alice, ben, tabs: [bob] } = await secretChannel(cluster);
    for (let round = 0; round < 15; round += 1) {
      const joins = Array.from({ length: 3 }, () => bob.ask('channel:join', { channelId }));
      await removeMember(cluster.nodes[0], 'alice', channelId, 'bob');
      await Promise.all(joins);
      const said = [await alice.say(channelId, `${round}`), await ben.say(channelId, `${round}`)].map(({ messageId }) => messageId);
      for (const messageId of said) await ben.next('message:new', { messageId });
      await bob.barrier();
      assert.deepEqual(bob.all('message:new').filter(({ messageId }) => said.includes(messageId)), [], `round ${round}`);
      await addMember(cluster.nodes[round % 2], 'alice', channelId, 'bob');
      await letIn(bob, channelId);
    }
  }));

test('the removal ends typing on both sides, though it is all on two nodes', () => withCluster({}, async (cluster) => {
  const { channelId, alice, ben, tabs: [bob] } = await secretChannel(cluster);
  for (const [typist, other] of [[alice, bob], [bob, alice]]) {
    typist.emit('channel:typing', { channelId });
    await other.next('channel:typing', { channelId });
  }
  await removeMember(cluster.nodes[0], 'alice', channelId, 'bob');
  await alice.next('channel:stop_typing', { channelId, userId: 'bob' });
  await bob.next('channel:stop_typing', { channelId, userId: 'alice' });
  assert.equal(assertStartsAndStopsAlternate(bob), 1);
  assert.equal(assertStartsAndStopsAlternate(alice), 1);
  await ben.next('channel:stop_typing', { channelId, userId: 'bob' });
}));

test('given a new member on one node, then his socket on the other joins what was closed', () => withCluster({}, async (cluster) => {
  const channelId = await makeChannel(cluster.nodes[0], 'alice', { name: 'secret' });
  const bob = await cluster.open(1, 'bob');
  assert.equal((await bob.ask('channel:join', { channelId })).error.code, 'NOT_CHANNEL_MEMBER');
  await addMember(cluster.nodes[0], 'alice', channelId, 'bob');
  await letIn(bob, channelId);
}));

test('a channel that is deleted on one node puts everybody out on all', () => withCluster({}, async (cluster) => {
  const { channelId, alice, ben, tabs } = await secretChannel(cluster);
  assert.equal((await rest(cluster.nodes[0], 'alice').delete(`/channels/${channelId}`)).status, 200);
  await Promise.all([alice, ben, ...tabs].map((client) => client.next('channel:removed', { channelId, reason: 'deleted' }, A_SECOND)));
  for (const client of [alice, ben, ...tabs]) {
    assert.equal((await client.ask('channel:join', { channelId })).error.code, 'CHANNEL_NOT_FOUND');
    assert.equal((await client.ask('message:send', { channelId, content: 'hi' })).error.code, 'CHANNEL_NOT_FOUND');
    assert.deepEqual(client.all('channel:user_left'), []);
  }
}));

for (const [how, leave] of [
  ['removed from', (cluster, workspace) => rest(cluster.nodes[0], 'alice').delete(`/workspaces/${workspace}/members/bob`)],
  ['leaving', (cluster, workspace) => rest(cluster.nodes[0], 'bob').post(`/workspaces/${workspace}/leave`)],
]) {
  test(`given sockets on one node, when somebody is ${how} a workspace on the other, then he is out of its channels and its presence`,
    () => withCluster(ALONE, async (cluster) => {
      const [a, b] = cluster.nodes;
      const workspace = await makeWorkspace(a, 'alice', 'acme', { bob: 'member', ben: 'member', carol: 'member' });
      const open = await makeChannel(a, 'alice', { name: 'open', type: 'public', workspace });
      const secret = await makeChannel(a, 'alice', { name: 'secret', members: ['bob', 'ben'], workspace });
      const clients = [await cluster.open(0, 'alice'), await cluster.open(1, 'ben')];
      const bob = await cluster.open(1, 'bob');
      for (const client of clients) await client.next('presence:online', { userId: 'bob' });
      for (const client of [...clients, bob]) for (const channelId of [open, secret]) await client.join(channelId);
      assert.equal((await leave(cluster, workspace)).status, 200);
      await Promise.all([open, secret].map((channelId) => bob.next('channel:removed', { channelId }, A_SECOND)));
      for (const client of clients) {
        for (const channelId of [open, secret]) await client.say(channelId, 'among us');
        await client.next('presence:offline', { userId: 'bob' });
        for (const channelId of [open, secret]) await client.next('channel:user_left', { channelId, userId: 'bob' });
      }
      const carol = await cluster.open(0, 'carol');
      for (const client of clients) await client.next('presence:online', { userId: 'carol' });
      for (const speaker of clients) await messageFence(open, speaker, ...clients);
      await bob.barrier();
      assert.deepEqual(bob.all('message:new'), []);
      assert.deepEqual(presenceOf(bob, 'carol'), []);
      assert.deepEqual(presenceOf(carol, 'bob'), []);
      for (const channelId of [open, secret]) {
        assert.equal((await bob.ask('channel:join', { channelId })).error.code, 'CHANNEL_NOT_FOUND');
      }
      for (const node of [a, b]) {
        const { json } = await rest(node, 'alice').get(`/workspaces/${workspace}/presence`);
        assert.deepEqual(json.data.map(({ userId }) => userId), ['alice', 'ben', 'carol']);
      }
    }));
}

test('given a socket on one node, when its user is invited to a workspace on the other, then he is in it, and its people meet him', () =>
  withCluster(ALONE, async (cluster) => {
    const [a, b] = cluster.nodes;
    const workspace = await makeWorkspace(a, 'alice', 'acme', { ben: 'member' });
    const open = await makeChannel(a, 'alice', { name: 'open', type: 'public', workspace });
    const [alice, ben] = [await cluster.open(0, 'alice'), await cluster.open(1, 'ben')];
    await alice.next('presence:online', { userId: 'ben' });
    const bob = await cluster.open(1, 'bob');
    assert.equal((await bob.ask('channel:join', { channelId: open })).error.code, 'CHANNEL_NOT_FOUND');
    await invite(a, 'alice', workspace, 'bob');
    for (const client of [alice, ben]) await client.next('presence:online', { userId: 'bob' });
    for (const user of ['alice', 'ben']) await bob.next('presence:online', { userId: user });
    await bob.join(open);
    const carol = await cluster.open(0, 'carol');
    await invite(b, 'alice', workspace, 'carol');
    await bob.next('presence:online', { userId: 'carol' });
    carol.leave();
    await bob.next('presence:offline', { userId: 'carol' });
    bob.leave();
    for (const client of [alice, ben]) {
      await client.next('presence:offline', { userId: 'bob' });
      assert.deepEqual(presenceOf(client, 'bob'), ['online', 'offline'], client.story());
    }
  }));

/** Waits until the client was told `code` and then closed; within a second of `since`. */
async function putOut(client, code, status, since) {
  const error = await client.next('error', { code });
  assert.equal(error.status, status);
  assert.equal(await client.gone(), 'io server disconnect', 'the client does not come back by itself');
  assert.equal(client.all('error').length, 1, client.story());
  assert.ok(performance.now() - since < A_SECOND, `within a second, not after ${performance.now() - since} ms`);
}

test('given sockets on both nodes, when their session logs out on one, then all are put out, and those of another session stay', () =>
  withCluster({ flags: ['--presence-grace', '60000'] }, async (cluster) => {
    const [a, b] = cluster.nodes;
    const one = await register(a);
    const two = await logIn(b);
    const sockets = [await connect(a, one.accessToken), await connect(b, one.accessToken), await connect(b, one.accessToken)];
    const other = await connect(b, two.accessToken);
    const stream = await EventStream.open(b, '/api/v1/workspaces/default/stats/live', undefined,
      { authorization: `Bearer ${one.accessToken}` });
    const alice = await cluster.open(1, 'alice');
    const since = performance.now();
    assert.equal((await post(a, '/auth/logout', {}, { token: one.accessToken })).status, 200);
    await Promise.all(sockets.map((socket) => putOut(socket, 'SESSION_REVOKED', 401, since)));
    assert.equal((await stream.next('end')).json.code, 'SESSION_REVOKED');
    for (const node of [a, b]) assert.equal((await as(node, one.accessToken, '/users/me')).json.code, 'SESSION_REVOKED');
    await other.join(GENERAL);
    await presenceFences(cluster, [alice]);
    assert.deepEqual(presenceOf(alice, one.user.id), ['online'], alice.story());
    assert.equal((await as(a, two.accessToken, '/auth/logout', { method: 'POST', body: {} })).status, 200);
    await other.gone();
    await told(alice, one.user.id, 'offline');
  }));

test('logging out everywhere on one node puts every socket of the user out on all', () => withCluster({ size: 3 }, async (cluster) => {
  const sessions = [await register(cluster.nodes[0]), await logIn(cluster.nodes[1]), await logIn(cluster.nodes[2])];
  const sockets = [];
  for (const { accessToken } of sessions) for (const node of cluster.nodes) sockets.push(await connect(node, accessToken));
  const bob = await cluster.inChannel(1, 'bob');
  const since = performance.now();
  assert.equal((await as(cluster.nodes[0], sessions[0].accessToken, '/auth/logout-all', { method: 'POST' })).status, 200);
  await Promise.all(sockets.map((socket) => putOut(socket, 'SESSION_REVOKED', 401, since)));
  for (const [i, { refreshToken }] of sessions.entries()) assert.equal((await refresh(cluster.nodes[i], refreshToken)).status, 401);
  await messageFence(GENERAL, bob);
}));

test('given a user who is deactivated on one node, then his sockets on the others are put out, and he gets in nowhere', () =>
  withCluster({ flags: ['--superadmins', 'root', '--presence-grace', '60000'] }, async (cluster) => {
    const [a, b] = cluster.nodes;
    await known(a, 'root', 'alice');
    const [alice, bob] = [await cluster.open(1, 'alice'), await cluster.open(1, 'bob')];
    const watcher = await cluster.open(0, 'watcher');
    const since = performance.now();
    assert.equal((await rest(a, 'root').patch('/users/alice', { active: false })).status, 200);
    await putOut(alice, 'USER_INACTIVE', 403, since);
    for (const client of [bob, watcher]) await client.next('presence:offline', { userId: 'alice' });
    for (const node of [a, b]) assert.equal((await rest(node, 'alice').get('/users/me')).json.code, 'USER_INACTIVE');
  }));

/** The Redis goes; what `body` does then happens while the nodes cannot speak to each other; then it is back. */
async function withoutRedis(cluster, body) {
  await cluster.redis.stop();
  await cluster.are('degraded', cluster.nodes, DEATH_MS);
  await body();
  await cluster.redis.restart();
}

for (const [what, meanwhile] of [
  ['nothing is said meanwhile', async () => {}],
  // His node fetches what it missed from the database.
  ['something is said meanwhile', async (alice, channelId) => { await alice.say(channelId, 'now that he is gone'); }],
]) {
  test(`nobody in: given a removal on one node while the Redis is away, when it is back, then he is out on the other too (${what})`,
    () => withCluster({}, async (cluster) => {
      const { channelId, alice, ben, tabs } = await secretChannel(cluster);
      for (const tab of tabs) await tab.barrier();
      const before = tabs.map((tab) => saidIn(tab, channelId).length);
      await withoutRedis(cluster, async () => {
        await removeMember(cluster.nodes[0], 'alice', channelId, 'bob');
        await meanwhile(alice, channelId);
      });
      await Promise.all(tabs.map((tab) => tab.next('channel:removed', { channelId })));
      await cluster.are('ok');
      for (const speaker of [alice, ben]) await messageFence(channelId, speaker, alice, ben);
      for (const [i, tab] of tabs.entries()) {
        await tab.barrier();
        assert.deepEqual(saidIn(tab, channelId).slice(before[i]), [], tab.story());
        assert.equal((await tab.ask('channel:join', { channelId })).error.code, 'NOT_CHANNEL_MEMBER');
      }
      for (const client of [alice, ben]) {
        await client.next('channel:user_left', { channelId, userId: 'bob' });
        assert.equal(client.all('channel:user_left').length, 1, client.story());
      }
    }));
}

test('given a session that ends on one node while the Redis is away, when it is back, then its sockets on the other are put out', () =>
  withCluster({}, async (cluster) => {
    const [a, b] = cluster.nodes;
    const { accessToken } = await register(a);
    const socket = await connect(b, accessToken);
    await withoutRedis(cluster, async () => {
      assert.equal((await post(a, '/auth/logout', {}, { token: accessToken })).status, 200);
    });
    assert.equal(await socket.gone(), 'io server disconnect');
  }));
