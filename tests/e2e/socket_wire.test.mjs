// Socket.IO 5, packet by packet: connecting to namespaces, acknowledgements, binary, and what the protocol closes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawSocket } from './support/raw.mjs';
import { withServer } from './support/server.mjs';
import { tokenOf } from './support/token.mjs';

const CONNECT = `40/chat,${JSON.stringify({ token: tokenOf('alice') })}`;

/** The payload of the packet that begins with `prefix`, parsed; what comes before it is dropped. */
async function payload(socket, prefix) {
  const packet = await socket.nextMatching((message) => typeof message === 'string' && message.startsWith(prefix));
  return JSON.parse(packet.slice(prefix.length));
}

async function joinChat(socket) {
  socket.send(CONNECT);
  return payload(socket, '40/chat,');
}

/** The connection is open and /chat of it is served. */
async function assertChatWorks(socket, id = 900) {
  socket.send(`42/chat,${id}["channel:join",{"channelId":"general"}]`);
  const [reply] = await payload(socket, `43/chat,${id}`);
  assert.equal(reply.ok, true);
}

test('CONNECT to /chat is answered with a sid and a private id and nothing else, then come the events', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  const reply = JSON.parse(socket.connectReply.slice('40/chat,'.length));
  assert.deepEqual(Object.keys(reply), ['sid', 'pid']);
  assert.match(reply.sid, /^[A-Za-z0-9_-]{20}$/);
  assert.notEqual(reply.sid, socket.handshake.sid);
  assert.match(socket.greeting[0], /^42\/chat,\["welcome",\{/);
  assert.match(socket.greeting[1], /^42\/chat,\["presence:online",\{/);
  assert.equal(JSON.parse(socket.greeting[0].slice('42/chat,'.length))[1].id, reply.sid);
}));

test('CONNECT to / is answered without a namespace in the packet', () => withServer({}, async (server) => {
  const socket = await RawSocket.open(server);
  socket.send('40');
  assert.deepEqual(Object.keys(await payload(socket, '40')), ['sid', 'pid']);
}));

test('without recovery there is no private id', () => withServer({ flags: ['--recovery-window', '0'] }, async (server) => {
  const socket = await RawSocket.open(server);
  socket.send('40/chat,');
  assert.deepEqual(Object.keys(await payload(socket, '40/chat,')), ['sid']);
}));

test('a namespace may stand at the end without a comma', () => withServer({}, async (server) => {
  const socket = await RawSocket.open(server);
  socket.send('40/chat');
  assert.deepEqual(Object.keys(await payload(socket, '40/chat,')), ['sid', 'pid']);
}));

for (const name of ['/nope', '/Chat', '/chat/', '/chat?x=1', '/__proto__']) {
  test(`CONNECT to ${name} is an Invalid namespace and the connection stays`, () => withServer({}, async (server) => {
    const socket = await RawSocket.open(server);
    socket.send(`40${name},`);
    assert.equal(await socket.next(), `44${name},{"message":"Invalid namespace"}`);
    await joinChat(socket);
    await assertChatWorks(socket);
  }));
}

test('one connection serves both namespaces, each with a socket of its own', () => withServer({}, async (server) => {
  const socket = await RawSocket.open(server);
  socket.send('40');
  const root = await payload(socket, '40');
  const chat = await joinChat(socket);
  assert.notEqual(root.sid, chat.sid);
}));

test('leaving / keeps /chat', () => withServer({}, async (server) => {
  const socket = await RawSocket.open(server);
  socket.send('40');
  await payload(socket, '40');
  await joinChat(socket);
  await assertChatWorks(socket, 1);
  socket.send('41');
  await assertChatWorks(socket, 2);
}));

test('leaving /chat keeps the connection, and /chat can be joined anew', () => withServer({}, async (server) => {
  const socket = await RawSocket.open(server);
  const first = await joinChat(socket);
  socket.send('41/chat,').send('40/nope,');
  await payload(socket, '44/nope,');
  const second = await joinChat(socket);
  assert.notEqual(first.sid, second.sid);
  await assertChatWorks(socket);
}));

for (const id of ['0', '7', '123456789', '4294967296']) {
  test(`an event with the id ${id} is acknowledged with this id`, () => withServer({}, async (server) => {
    const socket = await RawSocket.chat(server, tokenOf('alice'));
    socket.send(`42/chat,${id}["channel:join",{"channelId":"general"}]`);
    const answer = await payload(socket, `43/chat,${id}`);
    assert.equal(answer.length, 1);
    assert.equal(answer[0].ok, true);
  }));
}

test('an event without an id gets no acknowledgement', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  socket.send('42/chat,["channel:join",{"channelId":"general"}]');
  socket.send('42/chat,1["channel:leave",{"channelId":"general"}]');
  const first = await socket.nextMatching((message) => message.startsWith('43'));
  assert.match(first, /^43\/chat,1\[/);
}));

test('an acknowledgement nobody asked for is ignored', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  socket.send('43/chat,12345["what?"]').send('43/chat,0[]');
  await assertChatWorks(socket);
}));

test('events are handled in the order they came, and so are their acknowledgements', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  for (let i = 0; i < 50; i += 1) socket.send(`42/chat,${i}["message:send",{"channelId":"general","content":"${i}"}]`);
  const order = [];
  while (order.length < 50) {
    const packet = await socket.nextMatching((message) => message.startsWith('43/chat,'));
    order.push(Number(/^43\/chat,(\d+)\[/.exec(packet)[1]));
  }
  assert.deepEqual(order, Array.from({ length: 50 }, (_, i) => i));
}));

test('a binary event is put together and acknowledged by its id', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  const payloads = '{"channelId":"general","content":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0}';
  socket.send(`452-/chat,5["message:send",${payloads}]`);
  socket.send(Buffer.from([1, 2, 3])).send(Buffer.from([4, 5]));
  const [reply] = await payload(socket, '43/chat,5');
  assert.deepEqual([reply.ok, reply.error.code, reply.error.field], [false, 'VALIDATION_FAILED', 'content']);
  await assertChatWorks(socket);
}));

test('a number may be the name of an event', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  socket.send('42/chat,[42,{"a":1}]');
  await assertChatWorks(socket);
}));

const BEFORE_CONNECT = {
  'an event before CONNECT': ['42/chat,["channel:join",{"channelId":"general"}]'],
  'an event to / before CONNECT': ['42["hello"]'],
  'an acknowledgement before CONNECT': ['43/chat,1[]'],
  'a CONNECT_ERROR': ['44/chat,{"message":"no"}'],
  'a string as auth': ['40/chat,"token"'],
  'an array as auth': ['40/chat,["token"]'],
  'auth that is no JSON': ['40/chat,{token}'],
  'a packet without a type': ['4abc'],
};

const AFTER_CONNECT = {
  'a second CONNECT to a joined namespace': [CONNECT],
  'an event to a namespace that was not joined': ['42["hello"]'],
  'an unknown packet type': ['47/chat,["x"]'],
  'an event that is an object': ['42/chat,{}'],
  'an empty event': ['42/chat,[]'],
  'an event whose name is an object': ['42/chat,[{}]'],
  'an id that is no number': ['42/chat,abc["x"]'],
  'an acknowledgement that is an object': ['43/chat,1{}'],
  'a DISCONNECT with a payload': ['41/chat,{"a":1}'],
  'the reserved name connect': ['42/chat,["connect"]'],
  'the reserved name connect_error': ['42/chat,["connect_error"]'],
  'the reserved name disconnect': ['42/chat,["disconnect"]'],
  'the reserved name disconnecting': ['42/chat,["disconnecting"]'],
  'the reserved name newListener': ['42/chat,["newListener"]'],
  'the reserved name removeListener': ['42/chat,["removeListener"]'],
  'binary that nothing announced': [Buffer.from([1, 2, 3])],
  'text where an attachment must come': ['451-/chat,["x",{"_placeholder":true,"num":0}]', '42/chat,["y"]'],
  'a placeholder beyond the attachments': ['451-/chat,["x",{"_placeholder":true,"num":1}]', Buffer.from([1])],
  'a placeholder with a negative number': ['451-/chat,["x",{"_placeholder":true,"num":-1}]', Buffer.from([1])],
  'a placeholder with a word for a number': ['451-/chat,["x",{"_placeholder":true,"num":"0"}]', Buffer.from([1])],
  'a binary event without a number of attachments': ['45/chat,["x"]'],
  'eleven attachments': ['4511-/chat,["x"]'],
  'a number of attachments that is none': ['45x-/chat,["x"]'],
};

for (const [what, packets] of Object.entries(BEFORE_CONNECT)) {
  test(`${what} closes the connection`, () => withServer({}, async (server) => {
    const socket = await RawSocket.open(server);
    for (const packet of packets) socket.send(packet);
    await socket.close(`${what} is to close the connection`);
  }));
}

for (const [what, packets] of Object.entries(AFTER_CONNECT)) {
  test(`${what} closes the connection`, () => withServer({}, async (server) => {
    const socket = await RawSocket.chat(server, tokenOf('alice'));
    await assertChatWorks(socket);
    for (const packet of packets) socket.send(packet);
    await socket.close(`${what} is to close the connection`);
  }));
}

test('an event after leaving closes the connection', () => withServer({}, async (server) => {
  const socket = await RawSocket.chat(server, tokenOf('alice'));
  socket.send('41/chat,').send('40/nope,');
  await payload(socket, '44/nope,');
  socket.send('42/chat,["channel:join",{"channelId":"general"}]');
  await socket.close();
}));
