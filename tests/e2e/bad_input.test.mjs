// Bad input: the one who sends it is told what is wrong, or is cut off where the protocol says so; nobody else notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { PollingSession, RawSocket, Tcp, frame } from './support/raw.mjs';
import { rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';
import { soon } from './support/waiting.mjs';

const GENERAL = 'general';
const ID = '0'.repeat(24);

const WRONG_STRINGS = [undefined, null, 0, 42, -1.5, true, false, [], ['general'], {}, { $ne: null }];
// null may stand for "not given" in an optional field.
const WRONG_COUNTS = [-1, 1.5, '7', true, [], {}, { $gt: 0 }, 2 ** 70];
const WRONG_OPTIONAL_STRINGS = [0, 42, true, [], ['c-1'], {}, { $ne: null }];

/** Every event a client may send, with a good payload and the values each field must refuse. */
const EVENTS = {
  'channel:join': [{ channelId: GENERAL }, { channelId: WRONG_STRINGS, sinceSeq: WRONG_COUNTS, sinceMod: WRONG_COUNTS }],
  'channel:read': [{ channelId: GENERAL, seq: 1 }, { channelId: WRONG_STRINGS, seq: [undefined, null, ...WRONG_COUNTS] }],
  'channel:leave': [{ channelId: GENERAL }, { channelId: WRONG_STRINGS }],
  'channel:typing': [{ channelId: GENERAL }, { channelId: WRONG_STRINGS }],
  'channel:stop_typing': [{ channelId: GENERAL }, { channelId: WRONG_STRINGS }],
  'message:send': [{ channelId: GENERAL, content: 'hi', clientMsgId: 'c-1' },
    { channelId: WRONG_STRINGS, content: WRONG_STRINGS, clientMsgId: WRONG_OPTIONAL_STRINGS }],
  'message:edit': [{ messageId: ID, content: 'hi' }, { messageId: WRONG_STRINGS, content: WRONG_STRINGS, ifRev: WRONG_COUNTS }],
  'message:delete': [{ messageId: ID }, { messageId: WRONG_STRINGS }],
  'auth:refresh': [{ token: 'x' }, { token: WRONG_STRINGS }],
};

const WRONG_PAYLOADS = [[], [null], ['general'], [42], [true], [[]], [[{ channelId: GENERAL }]]];

/** The client is still connected and served, and nothing was said in the channel. */
async function assertUnharmed(client) {
  assert.equal(client.closed, undefined, client.story());
  assert.deepEqual(client.all('message:new'), []);
  await client.say(GENERAL, 'still here');
  await client.next('message:new', { content: 'still here' });
}

for (const [event, [good, fields]] of Object.entries(EVENTS)) {
  for (const [field, values] of Object.entries(fields)) {
    test(`${event}: a wrong ${field} is VALIDATION_FAILED, names ${field} and leaves the connection unharmed`, () =>
      withServer({}, async (server) => {
        const client = await Client.open(server, 'alice');
        for (const value of values) {
          const payload = { ...good, [field]: value };
          const reply = await client.ask(event, payload);
          const what = `${JSON.stringify(payload)} -> ${JSON.stringify(reply)}`;
          assert.equal(reply.ok, false, what);
          assert.deepEqual([reply.error.code, reply.error.status, reply.error.field], ['VALIDATION_FAILED', 422, field], what);
          const error = await client.next('error', { event });
          assert.deepEqual([error.code, error.status, error.field], ['VALIDATION_FAILED', 422, field], what);
          assert.equal(typeof error.message, 'string');
        }
        await assertUnharmed(client);
      }));
  }

  test(`${event}: without an acknowledgement the error event alone tells of the wrong field`, () =>
    withServer({}, async (server) => {
      const client = await Client.open(server, 'alice');
      const [field] = Object.keys(fields);
      client.emit(event, { ...good, [field]: 42 });
      const error = await client.next('error');
      assert.deepEqual([error.event, error.code, error.field], [event, 'VALIDATION_FAILED', field]);
      await assertUnharmed(client);
    }));

  test(`${event}: a payload that is no object, or none at all, is VALIDATION_FAILED`, () => withServer({}, async (server) => {
    const client = await Client.open(server, 'alice');
    for (const payload of WRONG_PAYLOADS) {
      const reply = await client.ask(event, ...payload);
      assert.deepEqual([reply.ok, reply.error?.code], [false, 'VALIDATION_FAILED'], JSON.stringify(payload));
      await client.next('error', { event, code: 'VALIDATION_FAILED' });
    }
    await assertUnharmed(client);
  }));
}

test('binary where text belongs is VALIDATION_FAILED', () => withServer({}, async (server) => {
  const client = await Client.open(server, 'alice');
  const reply = await client.ask('message:send', { channelId: GENERAL, content: Buffer.from('hi') });
  assert.deepEqual([reply.ok, reply.error.field], [false, 'content']);
  await assertUnharmed(client);
}));

test('unknown events and unknown extra fields harm nothing', () => withServer({}, async (server) => {
  const client = await Client.open(server, 'alice');
  client.emit('no:such:event', { a: 1 });
  client.emit('', {});
  client.emit('constructor');
  client.emit('__proto__', { polluted: true });
  await client.must('channel:join', { channelId: GENERAL, extra: { deep: [1, 2, 3] } });
  await client.say(GENERAL, 'still here', { extra: 1, __proto__: { a: 1 } });
  await client.next('message:new', { content: 'still here' });
}));

test('ids that look like paths, patterns or queries find nothing and break nothing', () => withServer({}, async (server) => {
  const client = await Client.open(server, 'alice');
  const ids = ['', '../general', "' or '1'='1", '%', '*', 'channel:general', '\u0000', 'x'.repeat(10_000), '🦉'];
  for (const channelId of ids) {
    const reply = await client.ask('channel:join', { channelId });
    assert.equal(reply.ok, false, channelId.slice(0, 40));
    assert.ok(['CHANNEL_NOT_FOUND', 'VALIDATION_FAILED'].includes(reply.error.code), JSON.stringify(reply));
  }
  await assertUnharmed(client);
}));

/** Bob and alice chat; `harm` does its worst; they chat on, both still connected, and neither was told of an error. */
function nobodyElseNotices(harm, options = {}) {
  return withServer(options, async (server) => {
    const alice = await Client.open(server, 'alice');
    const bob = await Client.open(server, 'bob');
    await alice.join(GENERAL);
    await bob.join(GENERAL);
    await messageFence(GENERAL, alice, bob);
    await harm(server);
    await messageFence(GENERAL, bob, alice);
    await messageFence(GENERAL, alice, bob);
    for (const client of [alice, bob]) {
      assert.equal(client.closed, undefined, client.story());
      assert.deepEqual(client.all('error'), []);
    }
    assert.deepEqual(alice.all('message:new'), bob.all('message:new'));
  });
}

test('a message beyond maxPayload closes its connection with 1009, and only that', () => nobodyElseNotices(async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('mallory'));
  socket.send(`42/chat,["message:send",{"channelId":"general","content":"${'x'.repeat(20_001)}"}]`);
  assert.equal((await socket.close()).code, 1009);
}, { flags: ['--max-payload', '20000'] }));

test('a frame that only announces too much is closed with 1009 before its bytes come', () =>
  nobodyElseNotices(async (server) => {
    const tcp = new Tcp(server);
    assert.equal(await tcp.upgrade(), 101);
    await tcp.frame();
    tcp.send(frame('', { declaredSize: 2 ** 40 }));
    assert.equal(await tcp.closeCode(), 1009);
  }));

test('fragments that add up to too much are closed with 1009', () => nobodyElseNotices(async (server) => {
  const tcp = new Tcp(server);
  assert.equal(await tcp.upgrade(), 101);
  await tcp.frame();
  tcp.send(frame('4'.repeat(15_000), { fin: false }));
  tcp.send(frame('4'.repeat(15_000), { opcode: 0 }));
  assert.equal(await tcp.closeCode(), 1009);
}, { flags: ['--max-payload', '20000'] }));

for (const [what, bytes, code] of [
  ['invalid UTF-8 in a text frame', frame(Buffer.from([0x34, 0xc3, 0x28])), 1007],
  ['UTF-8 cut off at the end of a text frame', frame(Buffer.from([0x34, 0xe2, 0x82])), 1007],
  ['an encoded surrogate', frame(Buffer.from([0x34, 0xed, 0xa0, 0x80])), 1007],
  ['an unmasked frame', frame('40', { masked: false }), 1002],
  ['a reserved bit', frame('40', { rsv: 4 }), 1002],
  ['an unknown opcode', frame('40', { opcode: 3 }), 1002],
  ['a fragmented ping', frame('x', { opcode: 9, fin: false }), 1002],
  ['a ping of more than 125 bytes', frame('x'.repeat(126), { opcode: 9 }), 1002],
  ['a continuation of nothing', frame('40', { opcode: 0 }), 1002],
  ['a new text frame inside a fragmented one', Buffer.concat([frame('4', { fin: false }), frame('40')]), 1002],
  ['a close frame of one byte', frame('x', { opcode: 8 }), 1002],
  ['a close frame with a code nobody may send', frame(Buffer.from([0x03, 0xed]), { opcode: 8 }), 1002],
]) {
  test(`${what} closes its connection with ${code}, and only that`, () => nobodyElseNotices(async (server) => {
    const tcp = new Tcp(server);
    assert.equal(await tcp.upgrade(), 101);
    await tcp.frame();
    tcp.send(bytes);
    assert.equal(await tcp.closeCode(), code);
    await soon(tcp.closed, 'the end of the connection');
  }));
}

for (const packet of [
  '42/chat,["message:send",{"channelId":', '42/chat,["message:send"', '42/chat,{"a":1}', '42/chat,[]', '42/chat,[null]',
  '42/chat,nonsense', '4x', 'x', '42/chat,[1,]', `42/chat,${'['.repeat(9_000)}`,
]) {
  test(`the garbage ${JSON.stringify(packet).slice(0, 40)} closes its connection, and only that`, () =>
    nobodyElseNotices(async (server) => {
      const socket = await RawSocket.chat(server, tokenOf('mallory'));
      socket.send(packet);
      await socket.close();
    }));
}

test('invalid UTF-8 in a polling request ends that session at most', () => nobodyElseNotices(async (server) => {
  const session = await PollingSession.open(server);
  const body = Buffer.concat([Buffer.from('40/chat,{"token":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const answer = await session.post(body);
  assert.ok([200, 400].includes(answer.status), answer.text);
}));

test('HTTP that is none is answered with 400 or cut off', () => nobodyElseNotices(async (server) => {
  for (const bytes of ['\r\n\r\nGARBAGE\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(200_000)}\r\n\r\n`,
    'POST /ws/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n',
    'POST /ws/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n']) {
    const tcp = new Tcp(server);
    tcp.send(Buffer.from(bytes, 'latin1'));
    tcp.socket.end();
    await soon(tcp.closed, `the end of a connection that sent ${JSON.stringify(bytes.slice(0, 40))}`);
    const text = tcp.received.toString('latin1');
    assert.ok(text === '' || /^HTTP\/1\.[01] (4\d\d|505) /.test(text), text.slice(0, 200));
  }
}));

test('a thousand half-open connections disturb nobody, and a newcomer is still let in', () =>
  nobodyElseNotices(async (server) => {
    const beginnings = ['', 'G', 'GET /ws/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n', 'POST /ws/?EIO=4',
    'POST /api/v1/auth/demo HTTP/1.1\r\n'];
    const halves = Array.from({ length: 1000 }, () => new Tcp(server));
    await Promise.all(halves.map((tcp) => soon(tcp.opened, 'a TCP connection')));
    halves.forEach((tcp, i) => tcp.send(beginnings[i % beginnings.length]));
    const newcomer = await Client.open(server, 'carol');
    const friend = await Client.open(server, 'dave');
    await newcomer.join(GENERAL);
    await friend.join(GENERAL);
    for (let i = 0; i < 50; i += 1) {
      const { messageId } = await newcomer.say(GENERAL, `undisturbed ${i}`);
      assert.equal((await friend.next('message:new', { messageId })).content, `undisturbed ${i}`);
    }
    assert.equal((await rest(server, 'carol').get('/channels/general/messages?limit=100')).json.data.length, 51);
    for (const tcp of halves) tcp.socket.destroy();
  }));
