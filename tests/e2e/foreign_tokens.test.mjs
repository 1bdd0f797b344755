// Tokens of other issuers: RS256 and ES256 by public keys in PEM files and JWKS, HS384 and HS512 by the secret; and every way to
// pass one algorithm's key off as another's.
import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { as, connect } from './support/accounts.mjs';
import { Client } from './support/client.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { run, withServer } from './support/server.mjs';
import { SECRET, claimsOf, now, sign } from './support/token.mjs';

const directory = mkdtempSync(join(tmpdir(), 'atrium-keys-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const file = (name, content) => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const pem = (key) => key.export({ type: 'spki', format: 'pem' });
const jwk = (key, extra) => ({ ...key.export({ format: 'jwk' }), ...extra });
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });

const RSA = rsa();
const RSA2 = rsa();
const EC = ec();
const rsaPem = file('rsa.pem', pem(RSA.publicKey));
const ecPem = file('ec.pem', pem(EC.publicKey));
const jwks = file('jwks.json', {
  keys: [
    { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'ed' },
    jwk(rsa().publicKey, { kid: 'for-encryption', use: 'enc' }),
    jwk(RSA.publicKey, { kid: 'rsa-1', use: 'sig', alg: 'RS256' }),
    jwk(RSA2.publicKey, { kid: 'rsa-2', use: 'sig' }),
    jwk(EC.publicKey, { kid: 'ec-1' }),
  ],
});

const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token by a private key: RS256 or ES256 in the form of JOSE. */
function signBy({ privateKey }, alg, claims = claimsOf('alice'), header = {}) {
  const text = `${b64({ alg, typ: 'JWT', ...header })}.${b64(claims)}`;
  const signature = createSign('SHA256').update(text).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** A token whose header says `alg`, signed by an HMAC with `secret`. */
function hmac(alg, digest, secret, claims = claimsOf('alice'), header = {}) {
  const text = `${b64({ alg, typ: 'JWT', ...header })}.${b64(claims)}`;
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`;
}

const keys = (...files) => ['--jwt-public-keys', files.join(',')];
const me = (server, token) => as(server, token, '/users/me');
const taken = async (server, token) => assert.equal((await me(server, token)).status, 200);
const refused = async (server, token, why) => {
  assertProblem(await me(server, token), 401, 'UNAUTHORIZED');
  const socket = await new Client(server, { token, name: why }).connected();
  assert.equal((await socket.next('error')).code, 'TOKEN_INVALID', why);
  socket.close();
};

for (const [what, files] of Object.entries({ 'PEM files': [rsaPem, ecPem], 'a JWKS': [jwks] })) {
  test(`${what}: an RS256 and an ES256 token let their bearers in, who are known from then on`, () =>
    withServer({ flags: keys(...files) }, async (server) => {
      for (const [user, token] of [['rita', signBy(RSA, 'RS256', claimsOf('rita'))], ['erik', signBy(EC, 'ES256', claimsOf('erik'))]]) {
        const socket = await connect(server, token);
        assert.equal(socket.welcome.userId, user);
        assert.equal((await me(server, token)).json.data.id, user);
      }
      const members = await rest(server, 'alice').get('/workspaces/default/members');
      assert.deepEqual(members.json.data.map(({ id }) => id).sort(), ['alice', 'erik', 'rita']);
    }));
}

test('a certificate serves as well as its key', async () => {
  const { execFileSync } = await import('node:child_process');
  const key = file('key.pem', RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const certificate = join(directory, 'certificate.pem');
  execFileSync('openssl', ['req', '-x509', '-key', key, '-subj', '/CN=issuer', '-out', certificate, '-days', '2'], { stdio: 'pipe' });
  await withServer({ flags: keys(certificate) }, (server) => taken(server, signBy(RSA, 'RS256')));
});

test('kid chooses among the keys; without one each may be it', () => withServer({ flags: keys(jwks) }, async (server) => {
  await taken(server, signBy(RSA2, 'RS256', claimsOf('alice'), { kid: 'rsa-2' }));
  await taken(server, signBy(RSA2, 'RS256'));
  await refused(server, signBy(RSA2, 'RS256', claimsOf('alice'), { kid: 'rsa-1' }), 'another key\'s name');
  await refused(server, signBy(RSA2, 'RS256', claimsOf('alice'), { kid: 'nobody' }), 'no key\'s name');
}));

test('a key of another issuer, or one for another purpose, lets nobody in', () => withServer({ flags: keys(jwks) }, async (server) => {
  await refused(server, signBy(rsa(), 'RS256'), 'a strange RSA key');
  await refused(server, signBy(ec(), 'ES256'), 'a strange EC key');
  const good = signBy(RSA, 'RS256');
  await refused(server, good.replace(/\.[^.]+\./, `.${b64(claimsOf('mallory'))}.`), 'a changed payload');
}));

test('a public key is no secret: a token signed with it as an HMAC is refused', () =>
  withServer({ flags: keys(rsaPem, ecPem, jwks) }, async (server) => {
    for (const text of [pem(RSA.publicKey), pem(EC.publicKey), pem(RSA.publicKey).trim()]) {
      for (const [alg, digest] of [['HS256', 'sha256'], ['HS512', 'sha512']]) {
        await refused(server, hmac(alg, digest, text), `${alg} by a public key`);
        await refused(server, hmac(alg, digest, text, claimsOf('alice'), { kid: 'rsa-1' }), `${alg} by a public key with its kid`);
      }
      await refused(server, hmac('RS256', 'sha256', text), 'RS256 in name only');
      await refused(server, hmac('ES256', 'sha256', text), 'ES256 in name only');
    }
    await refused(server, hmac('RS256', 'sha256', SECRET), 'RS256 by the secret');
    await refused(server, hmac('HS256', 'sha256', ''), 'HS256 by nothing');
  }));

test('the same holds where no secret is configured at all', () =>
  withServer({ secret: null, flags: ['--accounts', 'off', ...keys(rsaPem)] }, async (server) => {
    await taken(server, signBy(RSA, 'RS256'));
    for (const secret of ['', pem(RSA.publicKey), SECRET]) await refused(server, hmac('HS256', 'sha256', secret), 'HS256');
  }));

test('no signature is no token, whatever none is called', () => withServer({ flags: keys(rsaPem) }, async (server) => {
  for (const alg of ['none', 'None', 'nOnE', '', 'RS256', 'ES256', 'HS256']) {
    await refused(server, `${b64({ alg, typ: 'JWT' })}.${b64(claimsOf('alice'))}.`, `alg ${alg}, unsigned`);
  }
}));

test('two alg in one header fool nobody', () => withServer({ flags: keys(rsaPem) }, async (server) => {
  const claims = b64(claimsOf('alice'));
  for (const header of ['{"alg":"RS256","alg":"HS256","typ":"JWT"}', '{"alg":"HS256","alg":"RS256","typ":"JWT"}']) {
    const text = `${Buffer.from(header).toString('base64url')}.${claims}`;
    await refused(server, `${text}.${createHmac('sha256', pem(RSA.publicKey)).update(text).digest('base64url')}`, header);
  }
}));

test('HS384 and HS512 only where they are allowed', async () => {
  const tokens = { HS384: hmac('HS384', 'sha384', SECRET), HS512: hmac('HS512', 'sha512', SECRET) };
  await withServer({}, async (server) => {
    for (const [alg, token] of Object.entries(tokens)) await refused(server, token, alg);
  });
  await withServer({ flags: ['--jwt-algorithms', 'HS256,HS384,HS512'] }, async (server) => {
    for (const token of Object.values(tokens)) await taken(server, token);
    await refused(server, hmac('HS512', 'sha384', SECRET), 'HS512 in name only');
  });
});

test('--jwt-algorithms keeps out what the keys would let in', () =>
  withServer({ flags: [...keys(rsaPem, ecPem), '--jwt-algorithms', 'HS256,ES256'] }, async (server) => {
    await taken(server, signBy(EC, 'ES256'));
    await refused(server, signBy(RSA, 'RS256'), 'RS256');
  }));

test('--jwt-issuer and --jwt-audience are asked of others\' tokens, not of our own', () =>
  withServer({ flags: [...keys(rsaPem), '--jwt-issuer', 'https://idp.example', '--jwt-audience', 'chat'] }, async (server) => {
    const claims = (extra) => claimsOf('alice', { iss: 'https://idp.example', aud: 'chat', ...extra });
    await taken(server, signBy(RSA, 'RS256', claims()));
    await taken(server, signBy(RSA, 'RS256', claims({ aud: ['mail', 'chat'] })));
    await taken(server, sign(claims()));
    for (const extra of [{ iss: 'https://evil.example' }, { iss: undefined }, { aud: 'mail' }, { aud: ['mail'] }, { aud: undefined },
      { aud: { chat: 1 } }, { iss: 'atrium' }]) {
      await refused(server, signBy(RSA, 'RS256', claims(extra)), JSON.stringify(extra));
    }
    const own = await (await import('./support/accounts.mjs')).register(server);
    await taken(server, own.accessToken);
  }));

test('clocks may disagree by --jwt-leeway', () => withServer({ flags: [...keys(ecPem), '--jwt-leeway', '5'] }, async (server) => {
  const at = (extra) => signBy(EC, 'ES256', claimsOf('alice', extra));
  await taken(server, at({ exp: now() - 2 }));
  await taken(server, at({ nbf: now() + 3 }));
  assertProblem(await me(server, at({ exp: now() - 10 })), 401, 'UNAUTHORIZED');
  await refused(server, at({ nbf: now() + 20 }), 'not yet');
  const socket = await new Client(server, { token: at({ exp: now() - 10 }), name: 'late' }).connected();
  assert.equal((await socket.next('error')).code, 'TOKEN_EXPIRED');
}));

const UNUSABLE = {
  'a file that is not there': [join(directory, 'missing.pem'), /cannot be read/],
  'a private key': [file('private.pem', RSA.privateKey.export({ type: 'pkcs8', format: 'pem' })), /private key/],
  'an empty file': [file('empty.pem', ''), /no key/],
  'a short RSA key': [file('short.pem', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)), /2048/],
  'another curve': [file('p384.pem', pem(ec('P-384').publicKey)), /P-256/],
  'JSON that is no JWKS': [file('no.json', { key: [] }), /"keys"/],
  'a broken JWKS': [file('broken.json', '{"keys":['), /"keys"/],
  'a JWKS without a usable key': [file('useless.json', { keys: [{ kty: 'oct', k: 'AAAA' }, 7, { kty: 'RSA', n: '!', e: 'AQAB' }] }), /no key/],
};

for (const [what, [path, reason]] of Object.entries(UNUSABLE)) {
  test(`${what} is refused at the start, by name`, async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--jwt-secret', SECRET, '--database', 'memory:', ...keys(path)]);
    assert.equal(code, 2, stderr);
    assert.ok(stderr.includes(path), stderr);
    assert.match(stderr, reason);
  });
}

test('given a token with a name as long as a book, then others are told its beginning, and no address that is none', () =>
  withServer({}, async (server) => {
    const bob = await Client.open(server, 'bob');
    const token = sign(claimsOf('eve', { name: '\u{1f989}'.repeat(100_000), email: `${'e'.repeat(300)}@vibed.dev` }));
    const eve = await connect(server, token);
    const { userName } = await bob.next('presence:online', { userId: 'eve' });
    assert.equal(userName, '\u{1f989}'.repeat(101));
    await eve.say('general', 'hello');
    assert.equal((await as(server, sign(claimsOf('eve', { name: userName, email: '' })), '/users/me')).json.data.email, '');
  }));
