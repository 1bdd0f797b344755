// Nobody takes over what is somebody else's: a lost connection, a session, a ticket; not even by coming at the right moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as, connect, post, refresh, register } from './support/accounts.mjs';
import { Client } from './support/client.mjs';
import { rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { tokenOf } from './support/token.mjs';
import { happens } from './support/waiting.mjs';

const GENERAL = 'general';
const LIVE = '/api/v1/workspaces/default/stats/live';

async function lose(client) {
  const lost = happens(client.socket, 'disconnect');
  client.sever();
  await lost;
}

test('given a lost connection, when another user signs in where it was, then it is not his, and he begins anew', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const client = await Client.open(server, 'alice');
    await client.join(GENERAL);
    const bob = await Client.open(server, 'bob');
    await lose(client);
    await bob.say(GENERAL, 'for alice');
    client.forget();
    client.socket.auth = { token: tokenOf('mallory') };
    const refused = client.refused();
    client.socket.connect();
    assert.deepEqual((await refused).data, { code: 'TOKEN_INVALID', status: 403 });
    assert.deepEqual(client.untaken(), []);
    const anew = happens(client.socket, 'connect');
    client.socket.connect();
    await anew;
    assert.equal(client.socket.recovered, false);
    assert.equal((await client.next('welcome')).userId, 'mallory');
    await client.say(GENERAL, 'whose is this');
    const { json } = await rest(server, 'bob').get(`/channels/${GENERAL}/messages?limit=1`);
    assert.equal(json.data[0].senderId, 'mallory');
    assert.deepEqual(client.all('message:new').filter(({ content }) => content === 'for alice'), []);
  }));

test('given the secret of a connection that is alive, when another comes with it and his own token, then he is refused', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const alice = await Client.open(server, 'alice');
    await alice.join(GENERAL);
    const thief = new Client(server, { user: 'mallory', autoConnect: false });
    thief.socket._pid = alice.socket._pid;
    thief.socket._lastOffset = alice.socket._lastOffset;
    const refused = thief.refused();
    thief.socket.connect();
    assert.equal((await refused).data.code, 'TOKEN_INVALID');
    assert.deepEqual(thief.untaken(), []);
  }));

test('given a ticket, when many redeem it at once, then one of them gets the stream', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    const { accessToken } = await register(server);
    const { ticket } = (await post(server, '/auth/ticket', undefined, { token: accessToken })).json.data;
    const streams = await Promise.all(Array.from({ length: 16 }, () => EventStream.open(server, `${LIVE}?ticket=${ticket}`)));
    assert.deepEqual(streams.map(({ status }) => status).sort(), [200, ...Array(15).fill(401)]);
  }));

test('given a ticket, when it was shown where its owner may not look, or he has logged out, then it opens nothing', () =>
  withServer({}, async (server) => {
    const { accessToken } = await register(server);
    const issue = async () => (await post(server, '/auth/ticket', undefined, { token: accessToken })).json.data.ticket;
    const open = async (path, ticket) => (await EventStream.open(server, `${path}?ticket=${ticket}`)).status;
    const first = await issue();
    assert.equal(await open(LIVE.replace('default', 'nowhere'), first), 404);
    assert.equal(await open(LIVE, first), 401);
    const second = await issue();
    assert.equal((await post(server, '/auth/logout-all', undefined, { token: accessToken })).status, 200);
    assert.equal(await open(LIVE, second), 401);
  }));

test('given a session that is ended everywhere, when it is renewed at that moment, then nothing of it is good afterwards', () =>
  withServer({ flags: ['--shards', '2'] }, async (server) => {
    for (let round = 0; round < 8; round += 1) {
      const { accessToken, refreshToken } = await register(server, { email: `grace${round}@navy.example` });
      const socket = await connect(server, accessToken);
      const [renewed, again, ended] = await Promise.all([refresh(server, refreshToken), refresh(server, refreshToken),
        post(server, '/auth/logout-all', undefined, { token: accessToken })]);
      assert.equal(ended.status, 200);
      await socket.gone();
      for (const { status, json } of [renewed, again]) {
        if (status === 401) continue;
        assert.equal(status, 200);
        assert.equal((await as(server, json.data.accessToken, '/users/me')).status, 401);
        assert.equal((await refresh(server, json.data.refreshToken)).status, 401);
      }
      assert.equal((await refresh(server, refreshToken)).status, 401);
    }
  }));
