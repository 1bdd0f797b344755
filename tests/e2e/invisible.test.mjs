// Whoever is invisible cannot be told from somebody who is not here: the same is played with alice hidden and with alice away,
// and another is told the same in both, octet for octet but for times and random ids.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewOf } from './support/attacks.mjs';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { tokenOf } from './support/token.mjs';
import { until } from './support/waiting.mjs';

const GENERAL = 'general';
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** As it is told to everybody, without what differs by the hour or by chance. */
function plain(value) {
  return JSON.parse(JSON.stringify(value ?? null, (key, each) => (key === 'id' || key === '_id' ? undefined : each))
    .replace(TIME, '<time>').replace(/\b[0-9a-f]{24}\b/g, '<id>'));
}

/** A client that has come and has been told how things stand, beginning with that. */
async function comes(server, user, caps) {
  const client = await Client.open(server, user, { auth: { token: tokenOf(user), ...(caps && { caps }) } });
  const joined = [await client.must('channel:join', { channelId: GENERAL })];
  if (caps) {
    joined.push(await client.must('presence:sync', { workspaceId: 'default' }),
      await client.must('presence:subscribe', { workspaceId: 'default', userIds: ['alice', 'nobody', user] }));
  }
  return { client, joined };
}

/** All that bob, dora and the REST interface are told while `alice` does what she does in each act. */
async function play(alice) {
  let told;
  await withServer({ flags: ['--presence-grace', '0', '--shards', '2'] }, async (server) => {
    const room = await makeChannel(server, 'bob', { name: 'room', members: ['alice'] });
    const notes = [];
    const note = async (act) => {
      const ids = { workspaceId: 'default', channelId: room, userId: 'alice' };
      const queries = ['?status=offline', '?status=online', '?ids=alice,bob', '?limit=1'];
      const pages = await Promise.all(queries.map((query) => rest(server, 'bob').get(`/workspaces/default/presence${query}`)));
      const here = await rest(server, 'bob').get(`/channels/${GENERAL}/presence`);
      notes.push([act, await viewOf(server, 'bob', ids), pages.map(({ json }) => json), here.json]);
    };
    // She has been seen once, by everybody.
    const before = await Client.open(server, 'alice');
    before.leave();
    const presence = () => rest(server, 'bob').get('/workspaces/default/presence?ids=alice');
    await until(async () => (await presence()).json.data[0].lastSeen, 'alice was seen');
    await rest(server, 'alice').put('/users/me/presence', { status: 'invisible' });

    const acts = alice(server, room);
    const act = async (name) => {
      await acts[name]?.();
      await note(name);
    };
    await act('comes');
    const bob = await comes(server, 'bob', ['presence.v2', 'seq']);
    await act('joins');
    const dora = await comes(server, 'dora');
    await act('comes with a second device');
    bob.client.leave();
    await dora.client.next('presence:offline', { userId: 'bob' });
    dora.client.leave();
    const again = await comes(server, 'bob', ['presence.v2', 'seq']);
    await act('loses a device');
    await act('leaves the channel');
    await act('goes');
    const last = await comes(server, 'dora');
    await again.client.barrier();
    const heard = (client) => client.log.filter(({ event }) => event !== 'ack').map(({ event, data }) => [event, data]);
    told = plain({ notes, clients: [bob, dora, again, last].map(({ client, joined }) => [joined, heard(client)]) });
  });
  return told;
}

test('given somebody invisible, when she comes, joins and goes, then all is told as if she were not here', async () => {
  const away = await play(() => ({}));
  const hidden = await play((server, room) => {
    let first;
    let second;
    return {
      comes: async () => { first = await Client.open(server, 'alice'); },
      joins: async () => { for (const channelId of [GENERAL, room]) await first.join(channelId); },
      'comes with a second device': async () => {
        second = (await comes(server, 'alice', ['presence.v2'])).client;
      },
      'loses a device': () => { first.sever(); },
      'leaves the channel': () => second.must('channel:leave', { channelId: GENERAL }),
      goes: () => second.leave(),
    };
  });
  for (const [i, act] of away.notes.entries()) assert.deepEqual(hidden.notes[i], act, `when she ${act[0]}`);
  for (const [i, client] of away.clients.entries()) assert.deepEqual(hidden.clients[i], client, `client ${i}`);
});

test('given somebody in a channel, when she hides and shows herself, then she has left it and has come again', () =>
  withServer({ flags: ['--presence-grace', '0', '--shards', '2'] }, async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const alice = await Client.open(server, 'alice');
    await alice.join(GENERAL);
    const she = { channelId: GENERAL, userId: 'alice' };
    await bob.next('channel:user_joined', she);
    await alice.must('presence:status', { status: 'invisible' });
    await bob.next('channel:user_left', she);
    const carol = await Client.open(server, 'carol');
    assert.equal((await carol.must('channel:join', { channelId: GENERAL })).members, 2);
    await alice.must('presence:status', { status: 'online' });
    await bob.next('channel:user_joined', she);
    await carol.next('channel:user_joined', she);
    assert.equal((await carol.must('channel:join', { channelId: GENERAL })).members, 3);
    await alice.must('presence:status', { status: 'invisible' });
    for (const client of [bob, carol]) await client.next('channel:user_left', she);
    alice.leave();
    bob.forget();
    await carol.barrier();
    await bob.nothingElse();
    assert.deepEqual(carol.untaken('channel:user_left'), []);
  }));

test('given somebody invisible, when her choice ends while she is in a channel, then she has come there', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const end = new Date(Date.now() + 1500).toISOString();
    await rest(server, 'alice').put('/users/me/presence', { status: 'invisible', until: end });
    const alice = await Client.open(server, 'alice');
    await alice.join(GENERAL);
    await bob.next('channel:user_joined', { channelId: GENERAL, userId: 'alice' });
    assert.ok(Date.now() >= Date.parse(end) - 50, 'not before');
  }));

test('given somebody invisible, when the server starts anew, then she joins a channel unnoticed still', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    await rest(server, 'alice').put('/users/me/presence', { status: 'invisible' });
    await server.stop();
    await server.restart();
    const bob = await Client.open(server, 'bob');
    await bob.join(GENERAL);
    const alice = await Client.open(server, 'alice');
    assert.equal((await alice.must('channel:join', { channelId: GENERAL })).members, 2);
    await alice.must('channel:leave', { channelId: GENERAL });
    await messageFence(GENERAL, bob);
    await bob.nothingElse();
  }));

test('given live figures, when somebody invisible comes and goes, then no sample comes before its time', () =>
  withServer({ flags: ['--presence-grace', '0'] }, async (server) => {
    await rest(server, 'alice').put('/users/me/presence', { status: 'invisible' });
    const stream = await EventStream.open(server, '/api/v1/workspaces/default/stats/live', 'bob');
    await stream.next('stats:update');
    const begun = performance.now();
    const alice = await Client.open(server, 'alice');
    (await Client.open(server, 'alice')).leave();
    alice.leave();
    const { json } = await stream.next('stats:update', undefined, 15_000);
    assert.deepEqual([json.onlineUsersCount, json.connections], [0, 0]);
    const passed = performance.now() - begun;
    assert.ok(passed > 8500, `${passed} ms`);
  }));
