// The documents of the interface: that they are documents, that they say all there is, and that the page shows them.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { chromium } from 'playwright-core';
import { Client } from './support/client.mjs';
import { Contract } from './support/contract.mjs';
import { request, rest } from './support/http.mjs';
import { run, withServer } from './support/server.mjs';
import { SOON_MS } from './support/waiting.mjs';

const DEMO = { flags: ['--demo'] };
/** A server that has every route there is. */
const EVERYTHING = { flags: ['--demo', '--debug-secret', 'behind the scenes'] };

/** What clients of the original application and of Atrium count on (semantics.md, 1.6 and 4). */
const ROUTES = `
  post /auth/register
  post /auth/login
  post /auth/refresh
  post /auth/logout
  post /auth/logout-all
  post /auth/ticket
  get /users/me
  patch /users/me
  get /users/me/sessions
  delete /users/me/sessions/{sessionId}
  get /users/me/presence
  put /users/me/presence
  get /users/{userId}
  patch /users/{userId}
  get /workspaces
  post /workspaces
  get /workspaces/{workspaceId}
  patch /workspaces/{workspaceId}
  delete /workspaces/{workspaceId}
  get /workspaces/{workspaceId}/members
  post /workspaces/{workspaceId}/invite
  patch /workspaces/{workspaceId}/members/{userId}
  delete /workspaces/{workspaceId}/members/{userId}
  post /workspaces/{workspaceId}/leave
  get /workspaces/{workspaceId}/presence
  get /workspaces/{workspaceId}/channels
  post /workspaces/{workspaceId}/channels
  get /workspaces/{workspaceId}/stats/live
  get /workspaces/{workspaceId}/activity/live
  get /channels/{channelId}
  patch /channels/{channelId}
  delete /channels/{channelId}
  post /channels/{channelId}/members
  delete /channels/{channelId}/members/{userId}
  post /channels/{channelId}/leave
  get /channels/{channelId}/presence
  get /channels/{channelId}/typing
  get /channels/{channelId}/messages
  post /channels/{channelId}/messages
  get /channels/{channelId}/changes
  post /channels/{channelId}/read
  get /channels/{channelId}/unread
  get /messages/{messageId}
  patch /messages/{messageId}
  delete /messages/{messageId}
  get /_debug/cron
  post /_debug/cron/{job}
  get /metrics
  get /healthz
  get /readyz
  get /openapi.json
  get /asyncapi.json
  get /docs`.trim().split(/\n\s*/);

/** The same for events (1.2): those that a client says, and those that it hears. */
const SAID = ['auth:refresh', 'channel:join', 'channel:leave', 'channel:typing', 'channel:stop_typing', 'channel:read',
  'message:send', 'message:edit', 'message:delete', 'presence:status', 'presence:active', 'presence:subscribe', 'presence:sync'];
const HEARD = ['welcome', 'error', 'auth:expiring', 'presence:online', 'presence:offline', 'presence:state', 'presence:diff',
  'presence:count', 'presence:status', 'channel:user_joined', 'channel:user_left', 'channel:removed', 'channel:typing',
  'channel:stop_typing', 'channel:typing_state', 'channel:read', 'message:new', 'message:edited', 'message:deleted'];

const operationsOf = (openapi) => Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

/** Every object within, with its place. */
function* objectsIn(value, place = '#') {
  if (value === null || typeof value !== 'object') return;
  yield [place, value];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${place}/${key}`);
}

function assertReferencesResolve(document) {
  let count = 0;
  for (const [place, { $ref }] of objectsIn(document)) {
    if ($ref === undefined) continue;
    count += 1;
    assert.match($ref, /^#\//, place);
    const target = $ref.slice(2).split('/').reduce((at, key) => at?.[key], document);
    assert.ok(target, `${place} leads to ${$ref}, which is not there`);
  }
  assert.ok(count > 10, 'there are references');
}

function assertComponents({ schemas, ...others }) {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, validateSchema: false });
  for (const [name, schema] of Object.entries(schemas)) {
    assert.match(name, /^[\w.-]+$/);
    assert.ok(ajv.validateSchema(schema), `${name}: ${ajv.errorsText(ajv.errors)}`);
  }
  for (const kind of Object.values(others)) for (const name of Object.keys(kind)) assert.match(name, /^[\w.-]+$/);
}

test('given a server, when its OpenAPI document is read, then it is one, and every reference in it leads somewhere', () =>
  withServer(EVERYTHING, async (server) => {
    const { status, headers, json: api } = await request(server, '/api/v1/openapi.json');
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^application\/json/);
    assert.equal(api.openapi, '3.1.0');
    assert.ok(api.info.title && api.info.version);
    assert.deepEqual(api.servers.map(({ url }) => url), ['/api/v1', '/']);
    assertReferencesResolve(api);
    assertComponents(api.components);
    const ids = new Set();
    for (const { path, method, operation } of operationsOf(api)) {
      const what = `${method} ${path}`;
      assert.ok(!ids.has(operation.operationId), `${what}: its id is another one's`);
      ids.add(operation.operationId);
      assert.ok(operation.summary, `${what} says what it is for`);
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      assert.deepEqual(named.map(({ name }) => `{${name}}`), path.match(/\{\w+\}/g) ?? [], what);
      assert.ok(named.every(({ required }) => required), what);
      assert.equal(Object.keys(operation.responses).filter((each) => /^2\d\d$/.test(each)).length, 1, what);
      assert.ok(operation.responses.default, what);
      assert.ok(!(method === 'get' && operation.requestBody), what);
      for (const scheme of operation.security.flatMap(Object.keys)) assert.ok(api.components.securitySchemes[scheme], what);
    }
  }));

test('given a server, when its AsyncAPI document is read, then it is one, and every reference in it leads somewhere', () =>
  withServer({}, async (server) => {
    const { json: api } = await request(server, '/asyncapi.json');
    assert.equal(api.asyncapi, '3.0.0');
    assert.ok(api.info.title && api.info.version);
    assert.equal(api.channels.namespace.address, '/chat');
    assert.equal(api.servers.server.pathname, '/ws');
    assertReferencesResolve(api);
    assertComponents(api.components);
    for (const [key, { action, summary, messages, reply }] of Object.entries(api.operations)) {
      assert.ok(['send', 'receive'].includes(action), key);
      assert.ok(summary, `${key} says what it is for`);
      assert.equal(messages.length, 1, key);
      if (action === 'receive') assert.equal(reply.messages.length, 1, `${key} is acknowledged`);
    }
  }));

test('given what clients count on, when the documents are read, then each route and event is in them', () =>
  withServer(EVERYTHING, async (server) => {
    const { openapi, asyncapi } = server.contract.documents;
    const routes = operationsOf(openapi).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(ROUTES.filter((route) => !routes.includes(route)), []);
    const names = (action) => Object.values(asyncapi.operations).filter((each) => each.action === action)
      .map(({ messages }) => asyncapi.components.messages[messages[0].$ref.split('/').pop()].name);
    assert.deepEqual(SAID.filter((event) => !names('receive').includes(event)), []);
    assert.deepEqual(HEARD.filter((event) => !names('send').includes(event)), []);
  }));

/** What is there only with some setting, and without it neither served nor documented. */
const OPTIONAL = { '/auth/demo': 'get', '/auth/login': 'post', '/_debug/cron': 'get', '/metrics': 'get' };

test('given a server with the least of settings, when its document is read, then it has no route that is not served', () =>
  withServer({ flags: ['--accounts', 'off'] }, async (server) => {
    for (const [path, method] of Object.entries(OPTIONAL)) {
      assert.equal(server.contract.documents.openapi.paths[path], undefined, path);
      assert.equal((await request(server, path, { method: method.toUpperCase() })).status, 404, path);
    }
    for (const { method, path } of operationsOf(server.contract.documents.openapi)) {
      const answer = await request(server, path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase() });
      assert.ok(![404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
    }
  }));

test('given the policy of the documents, when nobody in particular asks, then he gets no further where somebody must ask', () =>
  withServer(EVERYTHING, async (server) => {
    let guarded = 0;
    for (const { method, path, operation } of operationsOf(server.contract.documents.openapi)) {
      const options = { method: method.toUpperCase(), ...(operation.requestBody ? { body: {} } : {}) };
      const answer = await request(server, path.replace(/\{\w+\}/g, 'x'), options);
      assert.equal(answer.status === 401, operation.security.length > 0, `${method} ${path}: ${answer.status}`);
      guarded += operation.security.length;
    }
    assert.ok(guarded > 10);
  }));

test('given figures for anybody, when the document is read, then it says so, and anybody gets them', () =>
  withServer({ flags: ['--metrics'] }, async (server) => {
    const { security, responses } = server.contract.documents.openapi.paths['/metrics'].get;
    assert.deepEqual(security, []);
    assert.deepEqual(Object.keys(responses['200'].content), ['text/plain']);
    assert.equal((await request(server, '/metrics')).status, 200);
  }));

test('given an answer that has a version, when it is documented, then so is how one asks for another version', () =>
  withServer({}, async (server) => {
    const { parameters, responses } = server.contract.documents.openapi.paths['/channels/{channelId}/messages'].get;
    assert.ok(parameters.some((each) => each.in === 'header' && each.name === 'If-None-Match'));
    assert.equal(responses['304'].content, undefined);
    const path = '/api/v1/channels/general/messages';
    const { headers } = await request(server, path, { user: 'alice' });
    const again = await request(server, path, { user: 'alice', headers: { 'if-none-match': headers.etag } });
    assert.equal(again.status, 304);
  }));

test('given the program, when its routes are asked for, then it prints each with who may ask', async () => {
  const { code, stdout, stderr } = await run(['routes']);
  assert.equal(code, 0, stderr);
  const lines = stdout.trim().split('\n').map((line) => line.split(/\s{2,}/));
  assert.deepEqual(lines[0], ['METHOD', 'PATH', 'WHO', 'WHAT']);
  await withServer(EVERYTHING, async (server) => {
    const documented = operationsOf(server.contract.documents.openapi).map(({ method, path, operation }) => [
      method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), operation.security.flatMap(Object.keys).join('+') || 'anybody',
      operation.summary]);
    assert.deepEqual(lines.slice(1).sort(), documented.sort());
  });
});

test('given the tests\' own check, when something is said that the documents do not know, then it is found', () =>
  withServer({}, async (server) => {
    const { documents } = server.contract;
    const me = await rest(server, 'alice').get('/users/me');
    const breach = (change, status = 200) => documents.breachOfAnswer('GET', '/api/v1/users/me',
      { ...me, status, json: { ...me.json, data: { ...me.json.data, ...change } } });
    assert.equal(breach({}), undefined);
    assert.match(breach({ shoeSize: 46 }), /additional properties/);
    assert.match(breach({ name: 7 }), /string/);
    assert.match(breach({ name: undefined }), /required/);
    assert.match(breach({}, 203), /203/);
    assert.match(documents.breachOfAnswer('GET', '/nowhere', { ...me }), /not documented/);
    const contract = new Contract(documents);
    contract.hear('presence:offline', [{ userId: 'alice' }]);
    contract.hearAcknowledgement('channel:leave', [{ ok: true, channelId: 'general' }]);
    contract.assertKept();
    contract.hear('presence:offline', [{ userId: 'alice', why: 'tired' }]);
    contract.hear('presence:asleep', [{ userId: 'alice' }]);
    contract.hear('presence:offline', []);
    contract.hearAcknowledgement('channel:leave', [{ ok: true }]);
    assert.equal(contract.breaches.length, 4);
    assert.throws(() => contract.assertKept());
  }));

let chrome;
before(async () => {
  const executablePath = process.env.ATRIUM_CHROMIUM ?? '/usr/bin/chromium';
  chrome = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
after(() => chrome?.close());

/** Opens a page of the server in a browser of that size; whatever it complains of fails the test. */
async function look(server, path, { width, height, colorScheme = 'light' }, body) {
  const context = await chrome.newContext({ viewport: { width, height }, colorScheme });
  const complaints = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (asked) => { if (!asked.url().startsWith(server.url)) complaints.push(asked.url()); });
    await page.goto(server.url + path);
    await page.locator('body[data-ready]').waitFor({ timeout: SOON_MS }).catch((error) => complaints.push(error.message));
    assert.deepEqual(complaints, []);
    await body(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

const SIZES = { desktop: { width: 1280, height: 800 }, 'phone, dark': { width: 390, height: 844, colorScheme: 'dark' } };

for (const [name, size] of Object.entries(SIZES)) {
  test(`given the page of the documents on a ${name}, then it shows all of both, and nothing sticks out`, () =>
    withServer(DEMO, (server) => look(server, '/docs', size, async (page) => {
      const { openapi, asyncapi } = server.contract.documents;
      const shoot = async (what) => {
        const folder = process.env.ATRIUM_SCREENSHOTS;
        if (!folder) return;
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `docs ${name} ${what}.png`) });
      };
      const narrow = async () => assert.ok(await page.evaluate(() =>
        document.documentElement.scrollWidth <= window.innerWidth), 'the page is as wide as the window');
      const keys = (section) => page.locator(`#${section} [data-entry]:not([data-entry^="type "])`).evaluateAll(
        (all) => all.map((each) => each.dataset.entry));
      assert.deepEqual((await keys('http')).sort(), operationsOf(openapi).map(({ method, path }) => `${method} ${path}`).sort());
      assert.deepEqual((await keys('sockets')).sort(), Object.keys(asyncapi.operations).sort());

      await page.locator('[data-entry="post /workspaces/{workspaceId}/channels"] > summary').click();
      await page.getByText('1 to 80 characters').first().waitFor();
      await narrow();
      await shoot('http');
      await page.locator('#tab-sockets').click();
      await page.locator('[data-entry="receive.message.send"] > summary').click();
      await page.locator('[data-entry="receive.message.send"]').getByText('clientMsgId?').waitFor();
      await narrow();
      await shoot('sockets');
    })));
}

test('given the page of the documents, when one filters and follows a type, then one sees that', () =>
  withServer({}, (server) => look(server, '/api/v1/docs', SIZES.desktop, async (page) => {
    await page.locator('#filter').fill('members');
    assert.ok(await page.locator('[data-entry="get /users/me"]').isHidden());
    await page.locator('[data-entry="get /channels/{channelId}"] > summary').waitFor();
    await page.locator('[data-entry="get /channels/{channelId}"] > summary').click();
    await page.locator('[data-entry="get /channels/{channelId}"] a[href="#http-ChannelWithMembers"]').click();
    await page.locator('#http-ChannelWithMembers').getByText('memberIds').waitFor();
    assert.ok(await page.locator('[data-entry="get /users/me"]').isVisible(), 'the filter is gone');
  })));

test('given a client that works by the documents, when it does what they say, then the server keeps to them', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    await alice.join('general');
    const { messageId } = await alice.say('general', 'hello');
    await alice.must('message:edit', { messageId, content: 'hello there' });
    await alice.must('message:delete', { messageId });
    await alice.ask('message:send', { channelId: 'general' });
    await alice.next('error', { event: 'message:send' });
    server.contract.assertKept();
  }));
