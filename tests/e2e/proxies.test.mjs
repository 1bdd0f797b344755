// Whom a server takes a request to come from when a proxy of ours stands in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, as, post, register } from './support/accounts.mjs';
import { run, withServer } from './support/server.mjs';

const trusting = { flags: ['--trusted-proxies', '10.0.0.0/8,127.0.0.1'] };
const from = (address) => ({ headers: { 'x-forwarded-for': address } });

/** From where the latest session was begun, as its user is told. */
async function addressOf(server, address) {
  const { json } = await post(server, '/auth/login', { email: 'grace@navy.example', password: PASSWORD }, from(address));
  const sessions = await as(server, json.data.accessToken, '/users/me/sessions');
  return sessions.json.data.find(({ current }) => current).address;
}

test('given a trusted proxy, then a session is of the address that it names, not of what stands there before', () =>
  withServer(trusting, async (server) => {
    await register(server);
    assert.equal(await addressOf(server, '203.0.113.9'), '203.0.113.9');
    assert.equal(await addressOf(server, '198.51.100.1, 203.0.113.9, 10.0.0.7'), '203.0.113.9');
  }));

test('given nobody who is trusted, then what a client claims is nothing', () => withServer({}, async (server) => {
  await register(server);
  assert.equal(await addressOf(server, '203.0.113.9'), '127.0.0.1');
}));

test('given a trusted proxy, when a stranger tries passwords, then he is held back and the owner is not', () =>
  withServer(trusting, async (server) => {
    await register(server);
    const attempt = (address, password) => post(server, '/auth/login', { email: 'grace@navy.example', password }, from(address));
    const statuses = [];
    for (let i = 0; i < 7; ++i) statuses.push((await attempt('198.51.100.1', 'a guess of a stranger')).status);
    assert.ok(statuses.includes(429), `${statuses}`);
    assert.equal((await attempt('203.0.113.9', PASSWORD)).status, 200);
  }));

test('an address that is none is said at the start', async () => {
  const { code, stderr } = await run(['serve', '--demo', '--trusted-proxies', 'balancer.example']);
  assert.equal(code, 2);
  assert.match(stderr, /--trusted-proxies: 'balancer.example' is no address: write 10\.0\.0\.7, 10\.0\.0\.0\/8 or ::1/);
});
