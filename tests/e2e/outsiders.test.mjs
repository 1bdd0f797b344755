// Who has no business here: whatever he asks, by any route or event there is, he learns nothing and changes nothing. What is
// somebody else's is answered in the very octets of what does not exist. What there is to ask is what the server's own
// documents say.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import {
  ATTACKED, ask, blanked, eventsOf, idNamed, neverLike, operationsOf, payloadOf, told, viewOf, world,
} from './support/attacks.mjs';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { assertProblem, rest } from './support/http.mjs';
import { makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { EventStream } from './support/sse.mjs';
import { sign, claimsOf } from './support/token.mjs';

const neverOf = (ids) => Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, neverLike(id)]));

/** A world whose owner sees the same before and after, and hears nothing. */
const unchanged = (body) => withServer(ATTACKED, async (server) => {
  const all = await world(server);
  await all.alice.join(all.mine.channelId);
  const before = await viewOf(server, 'alice', all.mine);
  all.alice.forget();
  await body(server, all);
  assert.deepEqual(await viewOf(server, 'alice', all.mine), before);
  await all.alice.nothingElse('presence:online', 'presence:offline');
});

test('given every route for somebody, when nobody asks, or somebody with no good token, then it is 401 whatever there is', () =>
  unchanged(async (server, { mine, hers }) => {
    const ids = { ...hers, ...mine };
    const tokens = [undefined, 'x', sign(claimsOf('alice'), { secret: 'another secret, longer than thirty-two bytes' }),
      sign(claimsOf('alice'), { header: { alg: 'none', typ: 'JWT' } }), sign(claimsOf('alice', { exp: 1 })),
      sign({ sub: { $ne: null } })];
    for (const operation of operationsOf(server).filter(({ security }) => security)) {
      for (const token of operation.security === 'bearer' ? tokens : [undefined]) {
        const answer = await ask(server, operation, { ids, token });
        assertProblem(answer, 401, 'UNAUTHORIZED');
        const absent = await ask(server, operation, { ids: neverOf(ids), token });
        assert.equal(told(absent, Object.values(neverOf(ids))), told(answer, Object.values(ids)), operation.key);
      }
    }
  }));

test('given every route with ids, when they are another tenant\'s, then it is answered as if there were no such thing', () =>
  unchanged(async (server, { mine, hers }) => {
    const theirs = { ...hers, ...mine };
    let asked = 0;
    for (const operation of operationsOf(server).filter(({ security, ids }) => security === 'bearer' && ids.length > 0)) {
      const answers = [];
      for (const ids of [theirs, neverOf(theirs)]) {
        const answer = await ask(server, operation, { ids, user: 'max', body: payloadOf(operation.fields, ids) });
        assert.ok([403, 404].includes(answer.status), `${operation.key}: ${answer.status} ${answer.text}`);
        answers.push(told(answer, Object.values(ids)));
      }
      assert.equal(answers[0], answers[1], operation.key);
      asked += 1;
    }
    assert.ok(asked > 25, `there were ${asked}`);
  }));

test('given every place for an id, when another tenant\'s stands among one\'s own, then it is as if there were none', () =>
  unchanged(async (server, { mine, hers }) => {
    let asked = 0;
    const never = neverOf(hers);
    for (const operation of operationsOf(server).filter(({ security, stream }) => security === 'bearer' && !stream)) {
      const places = [...operation.ids.map((name) => ['path', name]), ...operation.fields.map(({ name }) => ['body', name]),
        ...operation.query.map(({ name }) => ['query', name])].filter(([, name]) => idNamed(name));
      for (const [place, name] of places) {
        const answers = [];
        for (const other of [hers, never]) {
          const id = other[idNamed(name)];
          // What is put in one place must not succeed because of what stands in the others.
          const body = { ...payloadOf(operation.fields, mine), ...(operation.key.endsWith('/channels') && { type: 'direct' }) };
          if (place === 'body') body[name] = id;
          const answer = await ask(server, operation, {
            user: 'alice',
            body,
            ids: place === 'path' ? { ...mine, [name]: id } : mine,
            query: place === 'query' ? `?${name}=${id}` : '',
          });
          answers.push(answer.status < 400 ? blanked(answer.json, [id]) : told(answer, [id]));
        }
        assert.equal(answers[0], answers[1], `${operation.key}: ${place} ${name}`);
        asked += 1;
      }
    }
    assert.ok(asked > 35, `there were ${asked}`);
  }));

test('given every event with ids, when they are another tenant\'s, then it is answered as if there were no such thing', () =>
  unchanged(async (server, { mine, hers, zoe }) => {
    const never = neverOf(mine);
    zoe.forget();
    for (const { name, fields } of eventsOf(server).filter((event) => event.fields.some((field) => idNamed(field.name)))) {
      const answers = [];
      for (const ids of [mine, never]) {
        const reply = await zoe.ask(name, payloadOf(fields, ids));
        await zoe.barrier();
        answers.push(blanked({ reply, heard: zoe.untaken() }, Object.values(ids)));
        zoe.forget();
      }
      assert.equal(answers[0], answers[1], name);
      for (const { name: field } of fields.filter((each) => idNamed(each.name))) {
        const replies = [];
        for (const ids of [mine, never]) {
          const id = payloadOf(fields, ids)[field];
          replies.push(blanked(await zoe.ask(name, { ...payloadOf(fields, hers), [field]: id }), [id].flat()));
        }
        assert.equal(replies[0], replies[1], `${name} ${field}`);
        zoe.forget();
      }
    }
    assert.equal(zoe.closed, undefined);
  }));

/** What an ordinary member of a workspace and of a private channel there gets, who made neither; a number is the status. */
const FOR_A_MEMBER = {
  'post /auth/logout': 200, 'post /auth/logout-all': 200, 'post /auth/ticket': 201, 'patch /users/me': 200,
  'delete /users/me/sessions/{sessionId}': 'SESSION_NOT_FOUND', 'patch /users/{userId}': 'FORBIDDEN',
  'put /users/me/presence': 200,
  'post /workspaces': 201, 'patch /workspaces/{workspaceId}': 'NOT_WORKSPACE_ADMIN',
  'delete /workspaces/{workspaceId}': 'NOT_WORKSPACE_ADMIN',
  'post /workspaces/{workspaceId}/invite': 'NOT_WORKSPACE_ADMIN',
  'patch /workspaces/{workspaceId}/members/{userId}': 'NOT_WORKSPACE_ADMIN',
  'delete /workspaces/{workspaceId}/members/{userId}': 'NOT_WORKSPACE_ADMIN',
  'post /workspaces/{workspaceId}/channels': 201, 'patch /channels/{channelId}': 'NOT_CHANNEL_ADMIN',
  'delete /channels/{channelId}': 'NOT_CHANNEL_ADMIN', 'post /channels/{channelId}/members': 'NOT_CHANNEL_ADMIN',
  'delete /channels/{channelId}/members/{userId}': 'NOT_CHANNEL_ADMIN', 'post /channels/{channelId}/messages': 201,
  'post /channels/{channelId}/read': 200, 'patch /messages/{messageId}': 'NOT_MESSAGE_AUTHOR',
  'delete /messages/{messageId}': 'NOT_MESSAGE_AUTHOR',
  'post /channels/{channelId}/leave': 200, 'post /workspaces/{workspaceId}/leave': 200,
};

test('given every route that changes something, when an ordinary member asks, then what is for others is 403', () =>
  withServer(ATTACKED, async (server) => {
    const { mine, hers } = await world(server);
    const changing = operationsOf(server).filter(({ method, security }) => method !== 'GET' && security === 'bearer');
    assert.deepEqual(changing.map(({ key }) => key).sort(), Object.keys(FOR_A_MEMBER).sort(), 'each route is in the table');
    const order = Object.keys(FOR_A_MEMBER);
    for (const operation of changing.sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key))) {
      const expected = FOR_A_MEMBER[operation.key];
      const ids = { ...hers, ...mine, userId: 'olga' };
      const before = typeof expected === 'string' && await viewOf(server, 'alice', mine);
      const answer = await ask(server, operation, { ids, user: 'bob' });
      if (typeof expected === 'number') assert.equal(answer.status, expected, `${operation.key}: ${answer.text}`);
      else assertProblem(answer, expected === 'SESSION_NOT_FOUND' ? 404 : 403, expected);
      if (before) assert.deepEqual(await viewOf(server, 'alice', mine), before, operation.key);
    }
  }));

test('given a private channel, when one of the workspace is not in it, then all that he is told is as it was before it', () =>
  withServer(ATTACKED, async (server) => {
    const { mine, alice } = await world(server);
    const own = await makeChannel(server, 'noel', { name: 'noels', members: ['alice'], workspace: mine.workspaceId });
    const ids = { workspaceId: mine.workspaceId, channelId: own, userId: 'bob' };
    const noel = await Client.open(server, 'noel');
    await noel.join(own);
    await alice.join(own);
    const stream = await EventStream.open(server, `/api/v1/workspaces/${ids.workspaceId}/activity/live`, 'noel');
    await stream.next('activity:ready');
    const queries = ['', '?q=hidden', '?filter=name:eq:hidden', '?filter=type:eq:private', '?filter=type:neq:public',
      '?sort=createdAt:desc&limit=1', '?page=2&limit=1', '?filter=createdById:eq:alice'];
    const lists = async () => {
      const api = rest(server, 'noel');
      return Promise.all(queries.map(async (query) => (await api.get(`/workspaces/${ids.workspaceId}/channels${query}`)).json));
    };
    const before = [await viewOf(server, 'noel', ids), await lists()];
    noel.forget();

    const hidden = await makeChannel(server, 'alice', { name: 'hidden', members: ['bob'], workspace: ids.workspaceId });
    await alice.join(hidden);
    const bob = await Client.open(server, 'bob');
    await bob.join(hidden);
    await bob.must('channel:typing', { channelId: hidden });
    const { messageId } = await bob.say(hidden, '@noel is not to know');
    await alice.must('channel:read', { channelId: hidden, seq: 1 });
    await bob.must('message:edit', { messageId, content: '@noel is still not to know' });
    await bob.must('message:delete', { messageId });
    await noel.next('presence:online', { userId: 'bob' });
    bob.leave();
    await noel.next('presence:offline', { userId: 'bob' });

    const after = [await viewOf(server, 'noel', ids), await lists()];
    // That bob was here is no secret.
    const visit = 'get /workspaces/{workspaceId}/presence';
    delete before[0][visit];
    delete after[0][visit];
    assert.deepEqual(after, before);
    await noel.nothingElse();
    await messageFence(own, alice, noel);
    const first = await stream.next('message:new');
    assert.equal(first.json.channelId, own, 'the first that the stream tells');
  }));

test('given somebody in no workspace of hers, when he asks of a person, then she is not there', () =>
  withServer(ATTACKED, async (server) => {
    const { mine, zoe } = await world(server);
    const asked = async (user) => {
      const reply = await zoe.ask('presence:subscribe', { workspaceId: mine.workspaceId, userIds: [user] });
      const own = rest(server, 'zoe');
      const { status, text } = await own.get(`/users/${user}`);
      return blanked([reply, status, JSON.parse(text, (key, value) => (key === 'requestId' ? undefined : value))], [user]);
    };
    assert.equal(await asked('alice'), await asked('ecila'));
  }));

test('given a path that is written in another way, when it is asked for, then it is that path or none', () =>
  withServer({}, async (server) => {
    const ask = (target) => new Promise((done) => {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      let text = '';
      socket.setEncoding('latin1').on('data', (more) => { text += more; }).on('close', () => done(Number(text.split(' ')[1])));
    });
    const open = ['/api/v1/healthz', '/api/v1/healthz/', '/healthz?x=/../users/me', '/api/v1/health%7a'];
    const guarded = ['/api/v1/users/me', '/api/v1/users/%6d%65', '/users/me/', '/users/me?token=x'];
    const none = ['/api/v1/users%2fme', '/api/v1/users/%2e%2e/healthz', '/api/v1/x/../healthz', '/api/v1//healthz', '//healthz',
      '/api/v1/healthz%00', '/api/v1/healthz//', '/api/v1/./healthz', '/%61pi/v1/healthz', '/api/v1/healthz%2f',
      '/api/v1\\healthz', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/api/v1/API/V1/healthz', '/HEALTHZ'];
    for (const [status, targets] of [[200, open], [401, guarded], [404, none]]) {
      for (const target of targets) assert.equal(await ask(target), status, target);
    }
  }));
