// What whoever runs the server sees of it: health, readiness, figures, jobs, and an end in good order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { assertProblem, request } from './support/http.mjs';
import { run, withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { happens, until } from './support/waiting.mjs';

const SECRET = 'a debug secret of a test';
const shown = { headers: { 'x-debug-secret': SECRET } };
const DEBUG = { flags: ['--debug-secret', SECRET] };

async function jobs(server) {
  const { status, json } = await request(server, '/_debug/cron', shown);
  assert.equal(status, 200);
  return Object.fromEntries(json.data.map((job) => [job.name, job]));
}

const runNow = (server, name) => request(server, `/_debug/cron/${name}`, { method: 'POST', ...shown });

/** The value of a sample, by its name with its labels. */
async function figures(server, options = shown) {
  const { status, text, headers } = await request(server, '/metrics', options);
  assert.equal(status, 200, text);
  assert.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  return Object.fromEntries(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [, name, value] = /^(\S+) (\d+)$/.exec(line);
    return [name, Number(value)];
  }));
}

test('given a server that runs, then it is healthy and ready', () => withServer({}, async (server) => {
  for (const path of ['/healthz', '/readyz', '/api/v1/readyz']) {
    const { status, json } = await request(server, path);
    assert.deepEqual([status, json], [200, { status: 'ok' }], path);
  }
}));

test('given no debug secret, then there is nothing behind the scenes', () => withServer({}, async (server) => {
  for (const path of ['/_debug/cron', '/metrics']) assertProblem(await request(server, path), 404, 'NOT_FOUND');
}));

for (const [name, headers] of [['none', {}], ['a wrong one', { 'x-debug-secret': `${SECRET}x` }], ['a token of a user', null]]) {
  test(`given a debug secret, when ${name} is shown, then nothing is`, () => withServer(DEBUG, async (server) => {
    const how = headers ? { headers } : { user: 'alice' };
    for (const path of ['/_debug/cron', '/metrics']) assertProblem(await request(server, path, how), 401, 'UNAUTHORIZED');
    assertProblem(await request(server, '/_debug/cron/presence-audit', { method: 'POST', ...how }), 401, 'UNAUTHORIZED');
  }));
}

test('given a debug secret, then it may be shown as a bearer too', () => withServer(DEBUG, async (server) => {
  assert.equal((await request(server, '/_debug/cron', { token: SECRET })).status, 200);
}));

test('given a debug secret that could be guessed, then the server does not start and says why', async () => {
  const { code, stderr } = await run(['serve', '--demo', '--debug-secret', 'short']);
  assert.equal(code, 2);
  assert.match(stderr, /--debug-secret/);
});

test('given the jobs of the server, then each says when it is due and how it went', () => withServer(DEBUG, async (server) => {
  const before = await jobs(server);
  const audit = before['presence-audit'];
  assert.equal(audit.schedule, '*/5 * * * *');
  assert.equal(audit.description, 'Clean up stale presence entries');
  assert.deepEqual([audit.outcome, audit.lastRun, audit.durationMs], ['never', null, null]);
  const due = Date.parse(audit.nextRun) - Date.now();
  assert.ok(due > 0 && due <= 300_000, `${audit.nextRun}`);
  for (const name of Object.keys(before)) {
    const { status, json } = await runNow(server, name);
    assert.equal(status, 200);
    assert.equal(json.data.outcome, 'ok', name);
  }
  const after = await jobs(server);
  assert.equal(after['presence-audit'].runs, 1);
  assert.ok(Date.now() - Date.parse(after['presence-audit'].lastRun) < 60_000);
  assert.ok(after['presence-audit'].durationMs >= 0);
  assertProblem(await runNow(server, 'no-such-job'), 404, 'JOB_NOT_FOUND');
}));

for (const shards of ['1', '2']) {
  test(`given clients who come, go, and come back, when presence is audited, then nothing is to be mended (${shards})`,
    () => withServer({ flags: ['--shards', shards, '--presence-grace', '300', ...DEBUG.flags] }, async (server) => {
      const clients = await Promise.all(Array.from({ length: 12 }, (_, i) => Client.open(server, `user${i % 8}`)));
      await Promise.all(clients.map((client) => client.join('general')));
      clients[0].leave();
      for (const client of clients.slice(1, 5)) {
        const lost = happens(client.socket, 'disconnect');
        client.sever();
        await lost;
        assert.equal((await runNow(server, 'presence-audit')).json.data.outcome, 'ok');
        const back = happens(client.socket, 'connect');
        client.socket.connect();
        await back;
      }
      await runNow(server, 'presence-audit');
      const { atrium_presence_repairs_total: repairs, atrium_recoveries_total: recoveries } = await figures(server);
      assert.deepEqual([repairs, recoveries], [0, 4]);
    }));
}

test('given messages and a kill in the midst of them, then no place is empty', () => withServer(DEBUG, async (server) => {
  const alice = await Client.open(server, 'alice');
  for (let i = 0; i < 50; i += 1) alice.emit('message:send', { channelId: 'general', content: `${i}` });
  await alice.next('message:new', { content: '10' });
  await server.kill();
  await server.restart();
  assert.equal((await runNow(server, 'seq-holes')).json.data.outcome, 'ok');
  assert.equal((await figures(server)).atrium_seq_holes, 0);
}));

test('given --metrics, then anybody may read the figures, and they are right', () => withServer({ flags: ['--metrics', '--shards', '2'] },
  async (server) => {
    const [alice, bob] = [await Client.open(server, 'alice'), await Client.open(server, 'bob')];
    const limbo = await new Client(server, { token: 'not.a.token', name: 'X' }).connected();
    await limbo.next('error');
    const stream = await EventStream.open(server, '/workspaces/default/stats/live', 'alice');
    await stream.next('stats:update');
    await alice.join('general');
    await alice.say('general', 'one');
    await bob.say('general', 'two');
    const seen = await figures(server, {});
    const sum = (name) => seen[`${name}{shard="0"}`] + seen[`${name}{shard="1"}`];
    assert.equal(sum('atrium_connections'), 3);
    assert.equal(sum('atrium_sockets'), 2);
    assert.equal(sum('atrium_stats_streams'), 1);
    assert.equal(sum('atrium_activity_streams'), 0);
    assert.equal(seen.atrium_welcomes_total, 2);
    assert.equal(seen.atrium_events_total, 3);
    assert.equal(seen.atrium_messages_total, 2);
    assert.equal(seen.atrium_presence_repairs_total, 0);
    assert.equal(seen.atrium_database_waiting, 0);
    assert.equal(seen['atrium_cron_runs_total{job="presence-audit"}'], 0);
    assertProblem(await request(server, '/_debug/cron'), 404, 'NOT_FOUND');
  }));

test('given SIGTERM, when clients are connected, then they are sent away by their transport, bit by bit, and nobody new is let in',
  () => withServer({ flags: ['--drain', '3000', '--presence-grace', '0'] }, async (server) => {
    const clients = await Promise.all(Array.from({ length: 30 }, (_, i) => Client.open(server, `user${i}`)));
    for (const client of clients) client.forget();
    const first = Promise.race(clients.map((client) => happens(client.socket, 'disconnect')));
    process.kill(server.pid, 'SIGTERM');
    await first;
    const refused = await request(server, '/ws/?EIO=4&transport=polling');
    assert.equal(refused.status, 503);
    assert.equal(refused.headers['retry-after'], '1');
    const notReady = assertProblem(await request(server, '/readyz'), 503, 'DRAINING');
    assert.equal(notReady.status, 503);
    assert.equal((await request(server, '/healthz')).status, 200);
    assert.ok(clients.some((client) => client.socket.connected), 'not all at once');
    // Those who are still here are served.
    const stays = clients.find((client) => client.socket.connected);
    assert.ok(await Promise.race([stays.ask('channel:join', { channelId: 'general' }), happens(stays.socket, 'disconnect')]));
    for (const client of clients) {
      assert.equal(await client.gone(), 'transport close', 'so that the client comes back by itself');
      assert.deepEqual(client.untaken('presence:offline'), [], 'nobody is said to have gone');
      assert.deepEqual(client.untaken('error'), []);
    }
    assert.equal((await server.process.ended).code, 0);
  }));

test('given SIGTERM, when no client is connected, then the server ends at once', () =>
  withServer({ flags: ['--drain', '600000'] }, async (server) => server.stop()));

test('given --drain 0, then the server ends at once', () => withServer({ flags: ['--drain', '0'] }, async (server) => {
  const alice = await Client.open(server, 'alice');
  await server.stop();
  await alice.gone();
}));

test('given SIGTERM and clients that come back by themselves, when the server is there again, then they are let in', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice', { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 50 });
    alice.forget();
    await server.stop();
    await server.restart();
    await alice.next('welcome', { userId: 'alice' });
    assert.ok(await until(() => alice.socket.connected, 'connected'));
  }));
