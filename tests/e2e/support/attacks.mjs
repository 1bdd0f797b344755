// Everything that a server takes, by the documents that it serves, and what to put there that should not be: a route or an
// event that is added tomorrow is attacked like the others, with no test touched.
import assert from 'node:assert/strict';
import http from 'node:http';
import { register } from './accounts.mjs';
import { Client } from './client.mjs';
import { request, rest } from './http.mjs';
import { known, makeChannel, makeWorkspace } from './rooms.mjs';
import { tokenOf } from './token.mjs';

const DEBUG_SECRET = 'behind the scenes';

/** A server with every route there is, where nobody is anywhere that he was not asked to. */
export const ATTACKED = { flags: ['--auto-join', 'off', '--demo', '--shards', '2', '--debug-secret', DEBUG_SECRET] };

/** alice's workspace and zoe's, which know nothing of each other, with the ids of all that is there; both are connected. */
export async function world(server) {
  const workspace = await makeWorkspace(server, 'alice', 'acme', { bob: 'member', noel: 'member', olga: 'admin' });
  const channel = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'], workspace });
  const alice = await Client.open(server, 'alice');
  const { messageId } = await alice.say(channel, 'mine');
  const hers = await makeWorkspace(server, 'zoe', 'zoes');
  const room = await makeChannel(server, 'zoe', { name: 'secret', members: [], workspace: hers });
  const zoe = await Client.open(server, 'zoe');
  const said = await zoe.say(room, 'hers');
  const { accessToken } = await register(server);
  const sessions = await request(server, '/api/v1/users/me/sessions', { token: accessToken });
  await known(server, 'max');
  return {
    alice,
    zoe,
    mine: { workspaceId: workspace, channelId: channel, messageId, userId: 'bob' },
    hers: {
      workspaceId: hers, channelId: room, messageId: said.messageId, userId: 'zoe', sessionId: sessions.json.data[0].id,
      job: 'some-job',
    },
  };
}

/** As long as `id` and made of the same letters, but of nothing there is. */
export function neverLike(id) { return /^[0-9a-f]{24}$/.test(id) ? '1'.repeat(24) : 'Q'.repeat(id.length); }

/** The ids of one path, query or body; many a name stands for a message. */
const ID_OF = { before: 'messageId', after: 'messageId', around: 'messageId', ids: 'userId', userIds: 'userId' };
export const idNamed = (name) => ID_OF[name] ?? (/(Id|^job)$/.test(name) && name !== 'clientMsgId' ? name : undefined);

const BY_NAME = {
  email: 'new@vibed.dev', password: 'correct horse battery staple', logoUrl: 'https://example.com/x.png',
  status: 'dnd', until: new Date(Date.now() + 3_600_000).toISOString(),
};

/** A good value of that name and schema. */
function sample(name, schema, ids) {
  const id = ids[idNamed(name)];
  if (schema.type === 'array') return id === undefined ? [] : [id];
  if (id !== undefined) return id;
  if (schema.enum) return schema.enum.includes(BY_NAME[name]) ? BY_NAME[name] : schema.enum[0];
  if (schema.type === 'integer') return Math.max(1, schema.minimum ?? 1);
  if (schema.type === 'boolean') return true;
  return BY_NAME[name] ?? 'fresh';
}

/** Something to send, with its members: the parameters of a path, the fields of a body or a payload. */
function membersOf(schema, all) {
  if (!schema) return [];
  const struct = schema.$ref ? all[schema.$ref.split('/').pop()] : schema;
  return Object.entries(struct.properties).map(([name, of]) =>
    ({ name, schema: of, required: struct.required?.includes(name) ?? false }));
}

/** Every operation of the HTTP interface. */
export function operationsOf(server) {
  const { openapi } = server.contract.documents;
  return Object.entries(openapi.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => {
    const named = (place) => (operation.parameters ?? []).filter((parameter) => parameter.in === place);
    return {
      key: `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      security: operation.security.flatMap(Object.keys)[0],
      stream: Object.values(operation.responses).some((response) => response.content?.['text/event-stream']),
      ids: named('path').map(({ name }) => name),
      query: named('query'),
      fields: membersOf(operation.requestBody?.content['application/json'].schema, openapi.components.schemas),
      takesBody: operation.requestBody !== undefined,
    };
  }));
}

/** Every event that a client may say. */
export function eventsOf(server) {
  const { asyncapi } = server.contract.documents;
  return Object.values(asyncapi.operations).filter(({ action }) => action === 'receive').map(({ messages }) => {
    const { name, payload } = asyncapi.components.messages[messages[0].$ref.split('/').pop()];
    return { name, fields: membersOf(payload, asyncapi.components.schemas) };
  });
}

export const payloadOf = (fields, ids) =>
  Object.fromEntries(fields.map(({ name, schema }) => [name, sample(name, schema, ids)]));

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });

/** Asks one operation; `raw` are path segments as they are to be sent, `query` is a text. */
export function ask(server, operation, { ids = {}, raw = {}, user, token, query = '', body, headers = {} }) {
  const filled = operation.path.replace(/\{(\w+)\}/g, (_, name) => raw[name] ?? encodeURIComponent(ids[name] ?? 'x'));
  const given = operation.takesBody ? body ?? payloadOf(operation.fields, ids) : undefined;
  const sent = operation.security === 'debug' && (user || token) ? { 'x-debug-secret': DEBUG_SECRET, ...headers } : headers;
  if (typeof given === 'string') sent['content-type'] ??= 'application/json';
  const bearer = token ?? (user && tokenOf(user));
  const options = { method: operation.method, token: bearer, body: given, headers: sent, agent };
  return request(server, `/api/v1${filled}${query}`, options);
}

/** All that somebody is told who asks whatever he can ask, without changing anything. */
export async function viewOf(server, user, ids) {
  const view = {};
  for (const operation of operationsOf(server)) {
    if (operation.method !== 'GET' || operation.stream || operation.security !== 'bearer') continue;
    if (operation.ids.some((name) => ids[name] === undefined)) continue;
    const answer = await ask(server, operation, { ids, user });
    assert.equal(answer.status, 200, `${user} ${operation.key}: ${answer.text}`);
    view[operation.key] = answer.json;
  }
  return view;
}

/** All that somebody can tell one answer from another by, once the ids that he sent himself are blanked. */
export function told(answer, sent) {
  const { date, 'x-request-id': id, ...headers } = answer.headers;
  const { requestId, ...body } = answer.json;
  assert.equal(typeof requestId, 'string');
  return blanked({ status: answer.status, headers, body }, sent);
}

export function blanked(value, sent) {
  return [...sent].sort((a, b) => b.length - a.length).reduce((text, id) => text.replaceAll(id, '<id>'), JSON.stringify(value));
}

const nested = (depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const NO_TEXTS = [0, 42, -1.5, true, false, [], ['general'], {}, { $gt: '' }, { $ne: null }, { $where: 'sleep(9)' },
  { toString: 1 }, nested(20)];
const NO_NUMBERS = [-1, 1.5, 2 ** 70, -(2 ** 70), '7', '', true, [], [1], {}, { $gt: 0 }, nested(20)];
const NO_LISTS = ['x', 7, true, {}, { length: 1 }, { $in: ['x'] }, [1], [null], [{ $ne: null }], [['x']]];

/** What a field of that schema must refuse by its name. */
export function wrongFor({ schema, required }) {
  const { type, maxLength, pattern } = schema;
  const values = type === 'integer' ? [...NO_NUMBERS]
    : type === 'array' ? [...NO_LISTS]
    : type === 'boolean' ? [0, 1, 'true', 'false', [], {}, { $ne: true }]
    : [...NO_TEXTS];
  if (required) values.push(null, undefined);
  if (schema.enum) values.push('root', '__proto__', '');
  if (maxLength) values.push('x'.repeat(maxLength + 1), 'x'.repeat(100_000));
  if (pattern) values.push('A', 'a b', 'a/b', 'a\u0000b', '\u00e9', '{"$gt":""}');
  return values;
}

/** What a parameter of the query must refuse by its name. */
export function wrongInQuery({ type, enum: words }) {
  if (words) return ['root', '', 'ONLINE', '{"$ne":null}', '__proto__', '\u0000'];
  if (type === 'boolean') return ['maybe', '', '1', 'TRUE', '{"$ne":null}'];
  const numbers = ['', 'x', '-1', '1.5', '1e1', '0x10', ' 1', '+1', '9'.repeat(40), '[1]', '{"$gt":0}', '\u0000', '1\u0000'];
  if (type === 'integer') return numbers;
  return [];
}

/** Texts that may be good texts or not; whoever takes them takes them for nothing else. */
export const STRANGE_TEXTS = ['', ' ', '\u0000', 'a\u0000b', '__proto__', 'constructor', '{"$ne":null}', '[$ne]', "' OR '1'='1",
  '%', '*', '\u202e\ufeff\uffff', '🦉', 'x'.repeat(100_000), '../../x', 'ws:default', 'undefined', 'null', 'field:eq',
  'name:contains:%', ':::,', ',,,'];
