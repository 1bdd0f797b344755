// Whatever is put wherever something can be put: it is refused with a word that names the place, never with a 5xx, nothing is
// changed by it, and nobody else is disturbed. What there is to attack is what the server's own documents say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ATTACKED, STRANGE_TEXTS, ask, eventsOf, operationsOf, payloadOf, viewOf, world, wrongFor, wrongInQuery,
} from './support/attacks.mjs';
import { Client } from './support/client.mjs';
import { assertProblem } from './support/http.mjs';
import { withServer } from './support/server.mjs';

const short = (value) => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

/** Refused with a 4xx that is a problem. */
function assertRefused(answer, what) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what} -> ${answer.status} ${answer.text.slice(0, 300)}`);
  return assertProblem(answer, answer.status);
}

function assertNamed(answer, field, what) {
  assertRefused(answer, what);
  const problem = assertProblem(answer, 422, 'VALIDATION_FAILED');
  const named = problem.errors?.map((error) => error.field.split(/[.[]/)[0]);
  assert.deepEqual(named, [field], `${what}: ${answer.text.slice(0, 300)}`);
}

/** A world, what its owner sees of it before and after, and somebody in it who hears nothing meanwhile. */
const undisturbed = (body) => withServer(ATTACKED, async (server) => {
  const all = await world(server);
  const bob = await Client.open(server, 'bob');
  await bob.join(all.mine.channelId);
  const before = await viewOf(server, 'alice', all.mine);
  bob.forget();
  await body(server, all);
  assert.deepEqual(await viewOf(server, 'alice', all.mine), before);
  await bob.nothingElse();
  assert.equal(bob.closed, undefined);
  assert.equal(all.alice.closed, undefined);
  assert.equal(server.stderr.includes('failed'), false, server.stderr);
});

test('given every field of every body, when it is of a wrong type or size, then it is named and nothing is done', () =>
  undisturbed(async (server, { mine, hers }) => {
    const ids = { ...hers, ...mine };
    let attacks = 0;
    for (const operation of operationsOf(server)) {
      const good = payloadOf(operation.fields, ids);
      for (const field of operation.fields) {
        for (const value of wrongFor(field)) {
          const answer = await ask(server, operation, { ids, user: 'alice', body: { ...good, [field.name]: value } });
          assertNamed(answer, field.name, `${operation.key} ${field.name}=${short(value)}`);
          attacks += 1;
        }
      }
    }
    assert.ok(attacks > 400, `there were ${attacks}`);
  }));

test('given every body, when it is no JSON object, then it is refused and nothing is done', () =>
  undisturbed(async (server, { mine, hers }) => {
    const ids = { ...hers, ...mine };
    const bodies = ['', 'null', '[]', '"x"', '7', '{', '{"a":', '\u0000', '['.repeat(5000), '{"a":'.repeat(5000),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])];
    for (const operation of operationsOf(server).filter(({ takesBody }) => takesBody)) {
      const send = async (body, what, type = 'application/json') => {
        const answer = await ask(server, operation, { ids, user: 'alice', body, headers: { 'content-type': type } });
        assertRefused(answer, `${operation.key} ${what}`);
      };
      for (const body of bodies) await send(body, short(body));
      await send('name=x', 'as a form', 'application/x-www-form-urlencoded');
      // Half of a character is no text, wherever it stands.
      for (const { name } of operation.fields) {
        const broken = JSON.stringify({ ...payloadOf(operation.fields, ids), [name]: 'HALF' }).replace('HALF', 'a\\ud800b');
        await send(broken, `${name}=half a character`);
      }
    }
  }));

test('given every parameter of every query, when it is not what it should be, then it is named', () =>
  undisturbed(async (server, { mine, hers }) => {
    const ids = { ...hers, ...mine };
    let attacks = 0;
    for (const operation of operationsOf(server).filter(({ stream }) => !stream)) {
      for (const { name, schema } of operation.query) {
        const put = (value) => ask(server, operation, { ids, user: 'alice', query: `?${name}=${value}` });
        for (const value of wrongInQuery(schema)) {
          assertNamed(await put(encodeURIComponent(value)), name, `${operation.key} ${name}=${short(value)}`);
          attacks += 1;
        }
        if (schema.type !== 'string' && schema.type !== 'array') continue;
        const texts = STRANGE_TEXTS.map((each) => encodeURIComponent(each.slice(0, 6000)));
        for (const text of [...texts, '%ff%c3%28', '%', '%zz']) {
          const answer = await put(text);
          if (answer.status !== 200) assertNamed(answer, name, `${operation.key} ${name}=${short(text)}`);
        }
        // An operator is another parameter, which nobody has.
        assert.equal((await put(`&${name}[$ne]=x&__proto__=x`)).status, (await put('')).status);
      }
    }
    assert.ok(attacks > 80, `there were ${attacks}`);
  }));

test('given every id in every path, when it is a strange one, then there is nothing of that name', () =>
  undisturbed(async (server, { mine, hers }) => {
    const ids = { ...hers, ...mine };
    const strange = [...STRANGE_TEXTS.filter((text) => text !== '').map((text) => encodeURIComponent(text.slice(0, 4000))),
      '%ff%c3%28', '%2e%2e%2f%2e%2e', '..%5c..', '%00', '%25%32%65', 'nowhere', '0'.repeat(24)];
    for (const operation of operationsOf(server)) {
      for (const name of operation.ids) {
        for (const value of strange) {
          const answer = await ask(server, operation, { ids, raw: { [name]: value }, user: 'alice' });
          assertRefused(answer, `${operation.key} ${name}=${value.slice(0, 30)}`);
        }
      }
    }
  }));

test('given every field of every event, when it is of a wrong type, then it is named, and the connection is unharmed', () =>
  undisturbed(async (server, { mine, alice }) => {
    let attacks = 0;
    for (const { name, fields } of eventsOf(server)) {
      const good = payloadOf(fields, mine);
      for (const field of fields) {
        for (const value of wrongFor(field)) {
          const reply = await alice.ask(name, { ...good, [field.name]: value });
          const what = `${name} ${field.name}=${short(value)} -> ${short(reply)}`;
          assert.deepEqual([reply.ok, reply.error?.code, reply.error?.status], [false, 'VALIDATION_FAILED', 422], what);
          assert.equal(reply.error.field.split(/[.[]/)[0], field.name, what);
          attacks += 1;
        }
      }
      for (const wrong of fields.length ? [[], [null], ['x'], [7], [[]], [[good]], [true]] : []) {
        const reply = await alice.ask(name, ...wrong);
        assert.deepEqual([reply.ok, reply.error?.status], [false, 422], `${name} ${short(wrong)}`);
      }
    }
    assert.ok(attacks > 150, `there were ${attacks}`);
  }));

test('given every text of every event and body, when it is a strange one, then it is taken as a text or refused', () =>
  withServer(ATTACKED, async (server) => {
    const { mine, hers, alice } = await world(server);
    const ids = { ...hers, ...mine };
    for (const { name, fields } of eventsOf(server)) {
      for (const field of fields.filter(({ schema }) => schema.type === 'string')) {
        for (const text of STRANGE_TEXTS) {
          const reply = await alice.ask(name, { ...payloadOf(fields, mine), [field.name]: text });
          const refused = reply.error?.status >= 400 && reply.error.status < 500;
          assert.ok(reply.ok || refused, `${name} ${field.name}=${short(text)}: ${short(reply)}`);
        }
      }
    }
    for (const operation of operationsOf(server)) {
      for (const field of operation.fields.filter(({ schema }) => schema.type === 'string')) {
        for (const text of STRANGE_TEXTS) {
          const body = { ...payloadOf(operation.fields, ids), [field.name]: text };
          const { status, text: said } = await ask(server, operation, { ids, user: 'alice', body });
          assert.ok(status < 500, `${operation.key} ${field.name}=${short(text)}: ${status} ${said}`);
        }
      }
    }
    assert.equal(alice.closed, undefined);
    assert.equal(server.stderr.includes('failed'), false, server.stderr);
  }));
