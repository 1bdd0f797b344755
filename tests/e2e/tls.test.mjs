// TLS and Unix sockets, spoken by the binary itself: the real client over both transports, a certificate that changes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { Client, TRANSPORTS } from './support/client.mjs';
import { run, spawnAtrium, temporaryDirectory, withServer } from './support/server.mjs';
import { SECRET } from './support/token.mjs';
import { until, within } from './support/waiting.mjs';

/** A certificate for `name` and its key, as two files that the openssl program makes. */
function makeCertificate(directory, name) {
  const [certificate, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
    '-subj', `/CN=${name}`, '-out', certificate, '-keyout', key], { stdio: 'pipe' });
  return { certificate, key };
}

function flagsFor({ certificate, key }) {
  return ['--tls-certificate', certificate, '--tls-key', key];
}

/** The name in the certificate that a new connection is shown. */
function shownName(server) {
  return new Promise((done, fail) => {
    const socket = tls.connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      done(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    }).on('error', fail);
  });
}

for (const [name, options] of Object.entries(TRANSPORTS)) {
  test(`a client talks over TLS: ${name}`, () => {
    const files = makeCertificate(temporaryDirectory(), 'one');
    return withServer({ flags: [...flagsFor(files), '--shards', '2'] }, async (server) => {
      assert.match(server.url, /^https:/);
      // Its own agent would not know of the certificate.
      const secure = { ...options, agent: false, rejectUnauthorized: false };
      const alice = await Client.open(server, 'alice', secure);
      const bob = await Client.open(server, 'bob', secure);
      await alice.must('channel:join', { channelId: 'general' });
      await bob.must('channel:join', { channelId: 'general' });
      const content = 'x'.repeat(3_900);
      await alice.must('message:send', { channelId: 'general', content });
      assert.equal((await bob.next('message:new')).content, content);
    });
  });
}

test('SIGHUP shows a new certificate to those who come, and disturbs nobody who is there', () => {
  const directory = temporaryDirectory();
  const [one, two] = [makeCertificate(directory, 'one'), makeCertificate(directory, 'two')];
  const used = { certificate: join(directory, 'used.pem'), key: join(directory, 'used.key') };
  const use = ({ certificate, key }) => { copyFileSync(certificate, used.certificate); copyFileSync(key, used.key); };
  use(one);
  return withServer({ flags: flagsFor(used) }, async (server) => {
    const alice = await Client.open(server, 'alice', { agent: false, rejectUnauthorized: false });
    assert.equal(await shownName(server), 'one');
    copyFileSync(two.certificate, used.certificate);  // which the key does not fit yet
    process.kill(server.pid, 'SIGHUP');
    await until(() => /SIGHUP: /.test(server.stderr), 'a bad pair of files was not told of');
    assert.equal(await shownName(server), 'one');
    use(two);
    process.kill(server.pid, 'SIGHUP');
    await until(async () => await shownName(server) === 'two', 'the new certificate is not shown');
    await alice.must('channel:join', { channelId: 'general' });
  });
});

test('without a certificate SIGHUP ends the program, as when its terminal closes', () => withServer({}, async (server) => {
  const { child, ended } = server.process;
  child.kill('SIGHUP');
  assert.equal((await within(5_000, ended, 'it does not end')).signal, 'SIGHUP');
  await server.restart();
}));

test('an origin that is none is told in a sentence', async () => {
  const end = await run(['serve', '--port', '0', '--database', 'memory:', '--jwt-secret', SECRET, '--allowed-origins', 'app.example']);
  assert.equal(end.code, 2);
  assert.match(end.stderr, /^atrium: .*app\.example/);
});

test('a certificate without its key, or one that is not there, is told in a sentence', async () => {
  const { certificate } = makeCertificate(temporaryDirectory(), 'one');
  const serve = ['serve', '--port', '0', '--database', 'memory:', '--jwt-secret', SECRET, '--tls-certificate'];
  for (const rest of [[certificate], ['/nowhere.pem', '--tls-key', '/nowhere.key']]) {
    const end = await run([...serve, ...rest]);
    assert.equal(end.code, 2);
    assert.match(end.stderr, /^atrium: .*(tls-key|\/nowhere\.pem)/);
  }
});

test('serves at a Unix socket, whose file goes with it', async () => {
  const path = join(temporaryDirectory(), 'atrium.sock');
  const { child, output, ended } = spawnAtrium(['serve', '--host', `unix:${path}`, '--database', 'memory:', '--jwt-secret', SECRET]);
  await until(() => output.stdout.includes(`Atrium is listening on unix:${path}`), 'it does not listen');
  const status = await new Promise((done, fail) => {
    http.get({ socketPath: path, path: '/healthz' }, (response) => done(response.resume().statusCode)).on('error', fail);
  });
  assert.equal(status, 200);
  child.kill('SIGTERM');
  assert.equal((await within(5_000, ended, 'it does not end')).code, 0);
  assert.equal(existsSync(path), false);
});
