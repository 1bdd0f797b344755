// The command line: what is wrong is said in one sentence and ends with exit code 2; what is right needs no reading.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { request } from './support/http.mjs';
import { Server, run, temporaryDirectory, withServer } from './support/server.mjs';
import { SECRET } from './support/token.mjs';
import { happens } from './support/waiting.mjs';

const SERVE = ['serve', '--ui', 'off', '--host', '127.0.0.1', '--port', '0', '--database', 'memory:'];
const WITH_SECRET = [...SERVE, '--jwt-secret', SECRET];

/** The good words without one flag and its value. */
const without = (flag) => WITH_SECRET.filter((word, i) => word !== flag && WITH_SECRET[i - 1] !== flag);

/** One sentence on stderr that matches the patterns (what is wrong, how to mend it), exit code 2, no claim to listen. */
function assertMended(end, ...patterns) {
  assert.equal(end.code, 2, JSON.stringify(end));
  const lines = end.stderr.trim().split('\n');
  assert.equal(lines.length, 1, `one sentence:\n${end.stderr}`);
  for (const pattern of patterns) assert.match(lines[0], pattern);
  assert.doesNotMatch(end.stdout, /listening/);
}

async function takenPort() {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await happens(server, 'listening');
  return { port: server.address().port, release: () => new Promise((done) => server.close(done)) };
}

async function freePort() {
  const { port, release } = await takenPort();
  await release();
  return port;
}

function file(name, content) {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

test('an unknown flag is named', async () => {
  assertMended(await run([...WITH_SECRET, '--no-such-flag', '1']), /no-such-flag/, /--help/);
});

test('an unknown command is named', async () => {
  assertMended(await run(['swim']), /swim/, /serve|--help/);
});

test('an unknown key of the config file is named', async () => {
  assertMended(await run([...WITH_SECRET, '--config', file('a.toml', 'no-such-key = 1\n')]), /no-such-key/);
});

test('a config file that is not there is named', async () => {
  assertMended(await run([...WITH_SECRET, '--config', '/nowhere/atrium.toml']), /\/nowhere\/atrium\.toml/);
});

test('a port in use is named', async () => {
  const { port, release } = await takenPort();
  const end = await run([...without('--port'), '--port', String(port)]).finally(release);
  assertMended(end, new RegExp(String(port)));
});

test('the port of another Atrium is in use too', () => withServer({ flags: ['--shards', '2'] }, async (server) => {
  const args = ['serve', '--host', '127.0.0.1', '--port', String(server.port), '--database', 'memory:', '--jwt-secret', SECRET];
  assertMended(await run(args), new RegExp(String(server.port)));
  assert.equal((await request(server, '/healthz')).status, 200);
}));

test('a secret shorter than 32 bytes is refused with the number it needs', async () => {
  assertMended(await run([...SERVE, '--jwt-secret', 'x'.repeat(31)]), /32/);
});

test('no secret at all is refused, and the sentence says how to give one', async () => {
  assertMended(await run(SERVE), /jwt-secret|JWT_SECRET/);
});

test('the secret itself is not repeated in the complaint', async () => {
  const end = await run([...SERVE, '--jwt-secret', 'hunter2']);
  assert.equal(end.code, 2);
  assert.doesNotMatch(end.stderr + end.stdout, /hunter2/);
});

test('with --demo no secret is needed', () => withServer({ secret: null, flags: ['--demo'] }, async (server) => {
  const signedIn = await request(server, '/auth/demo', { method: 'POST', body: { userId: 'bob' } });
  assert.equal(signedIn.status, 200);
}));

for (const [flag, value, wrong, mend] of [
  ['--profile', 'nonsense', /profile/, /product.*seed|seed.*product/],
  ['--port', 'eighty', /port/, /65535/],
  ['--port', '65536', /port/, /65535/],
  ['--shards', 'many', /shards/, /\d/],
  ['--ping-interval', 'soon', /ping-interval/, /\d/],
  ['--max-payload', '-1', /max-payload/, /\d{3}/],
  ['--log-level', 'shouting', /log-level/, /info/],
  ['--database', 'oracle:x', /oracle:x/, /sqlite:/],
  ['--ui', '/nowhere/at/all', /\/nowhere\/at\/all/, /director|folder/],
]) {
  test(`${flag} ${value} is refused, and the sentence says what would do`, async () => {
    assertMended(await run([...without(flag), flag, value]), wrong, mend);
  });
}

const DATABASE = without('--database');

test('a database in a folder that is not there is refused by its path', async () => {
  assertMended(await run([...DATABASE, '--database', 'sqlite:/nowhere/at/all/x.db']), /\/nowhere\/at\/all/);
});

test('a database that is a folder is refused by its path', async () => {
  const path = join(temporaryDirectory(), 'folder.db');
  mkdirSync(path);
  assertMended(await run([...DATABASE, '--database', `sqlite:${path}`]), /folder\.db/);
});

test('a database file that is none is refused by its path and left as it was', async () => {
  const path = file('notes.db', 'these are my notes, not a database\n'.repeat(100));
  assertMended(await run([...DATABASE, '--database', `sqlite:${path}`]), /notes\.db/);
});

test('--help explains every flag of the contract and ends with 0', async () => {
  const { code, stdout } = await run(['serve', '--help']);
  assert.equal(code, 0);
  for (const flag of ['host', 'port', 'shards', 'database', 'jwt-secret', 'profile', 'demo', 'auto-join',
    'auto-create-channels', 'ui', 'ping-interval', 'ping-timeout', 'max-payload', 'log-level', 'config',
    'presence-grace', 'typing-ttl', 'limbo']) {
    assert.ok(stdout.includes(`--${flag}`), `--${flag} in\n${stdout}`);
  }
});

test('--help without a command names the commands', async () => {
  const { code, stdout } = await run(['--help']);
  assert.equal(code, 0);
  for (const command of ['serve', 'token']) assert.match(stdout, new RegExp(`\\b${command}\\b`));
});

/** Header and claims of a token whose signature is right. */
function verified(stdout, secret = SECRET) {
  const [header, claims, signature, ...rest] = stdout.trim().split('.');
  assert.equal(rest.length, 0, stdout);
  assert.equal(createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'), signature);
  return [header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url')));
}

const TOKEN = ['token', '--sub', 'alice', '--email', 'alice@example.com', '--name', 'Alice L.'];

test('token prints a signed token with the claims asked for and nothing else', async () => {
  const end = await run([...TOKEN, '--expires-in', '90', '--jwt-secret', SECRET]);
  assert.equal(end.code, 0, end.stderr);
  assert.equal(end.stdout.trim().split('\n').length, 1);
  const [header, claims] = verified(end.stdout);
  assert.equal(header.alg, 'HS256');
  assert.deepEqual([claims.sub, claims.email, claims.name], ['alice', 'alice@example.com', 'Alice L.']);
  assert.equal(claims.exp - claims.iat, 90);
  assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 60);
});

test('a token of the command opens a connection', () => withServer({}, async (server) => {
  const { stdout } = await run([...TOKEN, '--jwt-secret', SECRET]);
  const client = await new Client(server, { token: stdout.trim(), name: 'alice' }).connected();
  await client.next('welcome', { userId: 'alice' });
  assert.equal((await client.next('presence:online')).userName, 'Alice L.');
}));

test('token takes the secret from the environment', async () => {
  for (const key of ['ATRIUM_JWT_SECRET', 'JWT_SECRET']) {
    const end = await run(TOKEN, { env: { [key]: SECRET } });
    assert.equal(end.code, 0, end.stderr);
    verified(end.stdout);
  }
});

test('token without a subject, and with a short secret, is refused', async () => {
  assertMended(await run(['token', '--jwt-secret', SECRET]), /sub/);
  assertMended(await run([...TOKEN, '--jwt-secret', 'short']), /32/);
});

for (const prefix of ['ATRIUM_', '']) {
  test(`${prefix}PORT and ${prefix}JWT_SECRET configure the server`, async () => {
    const port = await freePort();
    const env = { [`${prefix}PORT`]: String(port), [`${prefix}JWT_SECRET`]: SECRET };
    const server = new Server({ port: null, secret: null, env });
    await server.start();
    assert.equal(server.port, port);
    const client = await Client.open(server, 'alice');
    client.close();
    await server.stop();
  });
}

test('each flag is an ATRIUM_ variable', () =>
  withServer({ env: { ATRIUM_PING_INTERVAL: '4321', ATRIUM_MAX_PAYLOAD: '54321' } }, async (server) => {
    const { text } = await request(server, '/ws/?EIO=4&transport=polling');
    assert.match(text, /"pingInterval":4321,.*"maxPayload":54321/);
  }));

test('the command line outranks the environment, and ATRIUM_PORT outranks PORT', async () => {
  const [flag, own, common] = [await freePort(), await freePort(), await freePort()];
  const server = new Server({ port: flag, env: { ATRIUM_PORT: String(own), PORT: String(common) } });
  await server.start();
  assert.equal(server.port, flag);
  await server.stop();
  const other = new Server({ port: null, env: { ATRIUM_PORT: String(own), PORT: String(common) } });
  await other.start();
  assert.equal(other.port, own);
  await other.stop();
});

test('a config file configures the server, and the command line outranks it', () => {
  const lines = ['# a comment', 'ping-interval = 4321', 'ping-timeout = 1234', 'profile = "seed"', 'log-level = "warn"'];
  const path = file('atrium.toml', `${lines.join('\n')}\n`);
  return withServer({ flags: ['--config', path, '--ping-timeout', '999'] }, async (server) => {
    const { text } = await request(server, '/ws/?EIO=4&transport=polling');
    assert.match(text, /"pingInterval":4321,"pingTimeout":999/);
    const client = await Client.open(server, 'alice');
    assert.equal(client.all('presence:online')[0].userName, 'alice@vibed.dev');
  });
});

test('SIGINT ends the server cleanly, with clients connected', () => withServer({}, async (server) => {
  const client = await Client.open(server, 'alice');
  const { child, ended } = server.process;
  child.kill('SIGINT');
  assert.equal((await ended).code, 0);
  await client.gone();
}));

test('a server that is killed leaves nothing in shared memory', () => withServer({}, async (server) => {
  const { pid } = server;
  await server.kill();
  assert.deepEqual(readdirSync('/dev/shm').filter((name) => name.includes(String(pid))), []);
}));

test('the address is printed once, and only when connections are accepted', () => withServer({}, async (server) => {
  assert.equal((await request(server, '/healthz')).status, 200);
  assert.equal(server.process.output.stdout.match(/Atrium is listening on http:\/\/localhost:\d+/g).length, 1);
}));
