// Messages: stored before they are told, told once to each, in one order, and never twice for one intention.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { history, makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';

async function inGeneral(server, user, options) {
  const client = await Client.open(server, user, options);
  await client.join(GENERAL);
  return client;
}

/** The refusal in the acknowledgement and the `error` event say the same; returns the refusal. */
async function refused(client, event, payload, status, code, field) {
  const reply = await client.ask(event, payload);
  assert.equal(reply.ok, false, JSON.stringify(reply));
  assert.deepEqual([reply.error.status, reply.error.code], [status, code], JSON.stringify(reply));
  if (field) assert.equal(reply.error.field, field);
  const error = await client.next('error', { event });
  assert.deepEqual([error.status, error.code, error.message], [status, code, reply.error.message]);
  return error;
}

for (const [transport, options] of Object.entries(TRANSPORTS)) {
  test(`${transport}: the acknowledgement comes before the echo and says the same`, () => withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice', options);
    const ack = await alice.say(GENERAL, 'Hello!');
    const echo = await alice.next('message:new');
    assert.equal(ack.duplicate, false);
    assert.deepEqual([echo.messageId, echo.seq, echo.createdAt], [ack.messageId, ack.seq, ack.createdAt]);
    const order = alice.log.map(({ event }) => event);
    assert.ok(order.lastIndexOf('ack') < order.indexOf('message:new'), alice.story());
  }));

  test(`${transport}: two hundred messages in one breath arrive all, once, in order`, () => withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice', options);
    const bob = await inGeneral(server, 'bob', options);
    const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`);
    for (const content of texts) alice.emit('message:send', { channelId: GENERAL, content });
    await bob.next('message:new', { content: texts.at(-1) });
    await alice.next('message:new', { content: texts.at(-1) });
    for (const client of [alice, bob]) assert.deepEqual(client.all('message:new').map(({ content }) => content), texts);
  }));
}

test('message:new has every field of the contract', () => withServer({}, async (server) => {
  const alice = await inGeneral(server, 'alice');
  await alice.say(GENERAL, 'Hello!', { clientMsgId: 'c-1' });
  const { messageId, createdAt, seq, prevSeq, modSeq, ...rest_ } = await alice.next('message:new');
  assert.match(messageId, /^[0-9a-f]{24}$/);
  assert.equal(new Date(createdAt).toISOString(), createdAt);
  assert.ok(Number.isInteger(seq) && seq > (prevSeq ?? 0) && Number.isInteger(modSeq));
  assert.deepEqual(rest_, { channelId: GENERAL, senderId: 'alice', senderName: 'Alice', content: 'Hello!', clientMsgId: 'c-1',
    rev: 1, mentions: [] });
}));

test('a sender who has not joined gets the echo once, and a joined one too', () => withServer({}, async (server) => {
  const joined = await inGeneral(server, 'alice');
  const outside = await Client.open(server, 'bob');
  await outside.say(GENERAL, 'from outside');
  await joined.say(GENERAL, 'from inside');
  await joined.next('message:new', { content: 'from inside' });
  await joined.barrier();
  await outside.barrier();
  assert.deepEqual(joined.all('message:new').map(({ content }) => content), ['from outside', 'from inside']);
  assert.deepEqual(outside.all('message:new').map(({ content }) => content), ['from outside']);
}));

test('another joined tab of the sender gets the message through the room', () => withServer({}, async (server) => {
  const tab1 = await inGeneral(server, 'alice');
  const tab2 = await inGeneral(server, 'alice');
  const { messageId } = await tab1.say(GENERAL, 'both tabs');
  assert.equal((await tab2.next('message:new')).messageId, messageId);
}));

test('seq grows by one and prevSeq names the message before, for all senders together', () => withServer({}, async (server) => {
  const clients = [await inGeneral(server, 'alice'), await inGeneral(server, 'bob'), await inGeneral(server, 'carol')];
  await Promise.all(clients.flatMap((client) =>
    Array.from({ length: 20 }, (_, i) => client.say(GENERAL, `${client.user} ${i}`))));
  await messageFence(GENERAL, clients[0], ...clients);
  const [first, ...rest_] = clients[0].all('message:new');
  assert.equal(rest_.length, 60);
  let last = first.seq;
  for (const { seq, prevSeq } of rest_) {
    assert.deepEqual([seq, prevSeq], [last + 1, last]);
    last = seq;
  }
  for (const client of clients.slice(1)) assert.deepEqual(client.all('message:new'), clients[0].all('message:new'));
}));

test('seq is counted for each channel by itself', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const other = await makeChannel(server, 'alice', { name: 'other', type: 'public' });
  const first = await alice.say(GENERAL, 'one');
  await alice.say(other, 'elsewhere');
  assert.equal((await alice.say(GENERAL, 'two')).seq, first.seq + 1);
}));

test('channel:join acknowledges with the last seq', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const { seq } = await alice.say(GENERAL, 'one');
  const reply = await alice.join(GENERAL);
  assert.deepEqual([reply.ok, reply.channelId, reply.lastSeq, reply.typing], [true, GENERAL, seq, []]);
  assert.equal(typeof reply.members, 'number');
}));

test('a retry with the same clientMsgId is acknowledged as the duplicate it is and told to nobody again', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const bob = await inGeneral(server, 'bob');
    const first = await alice.say(GENERAL, 'once', { clientMsgId: 'c-1' });
    const second = await alice.say(GENERAL, 'once', { clientMsgId: 'c-1' });
    assert.equal(second.duplicate, true);
    assert.deepEqual([second.messageId, second.seq, second.createdAt], [first.messageId, first.seq, first.createdAt]);
    await messageFence(GENERAL, alice, bob);
    assert.deepEqual(bob.all('message:new').map(({ messageId }) => messageId).slice(0, -1), [first.messageId]);
    assert.equal((await history(server, 'alice', GENERAL)).length, 2);
  }));

test('the socket that retries gets the echo it may have missed', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const first = await alice.say(GENERAL, 'once', { clientMsgId: 'c-1' });
  const again = await Client.open(server, 'alice');
  await again.say(GENERAL, 'once', { clientMsgId: 'c-1' });
  assert.equal((await again.next('message:new')).messageId, first.messageId);
}));

test('ten retries at the same moment are one message', () => withServer({}, async (server) => {
  const tabs = await Promise.all(Array.from({ length: 10 }, () => Client.open(server, 'alice')));
  const acks = await Promise.all(tabs.map((tab) => tab.say(GENERAL, 'once', { clientMsgId: 'c-1' })));
  assert.equal(new Set(acks.map(({ messageId }) => messageId)).size, 1);
  assert.equal(acks.filter(({ duplicate }) => !duplicate).length, 1);
  assert.equal((await history(server, 'alice', GENERAL)).length, 1);
}));

test('the same clientMsgId with another content is a conflict', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await alice.say(GENERAL, 'one thing', { clientMsgId: 'c-1' });
  const payload = { channelId: GENERAL, content: 'another', clientMsgId: 'c-1' };
  const error = await refused(alice, 'message:send', payload, 409, 'IDEMPOTENCY_KEY_REUSED');
  assert.equal(error.clientMsgId, 'c-1');
}));

test('two people may use the same clientMsgId', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  const one = await alice.say(GENERAL, 'mine', { clientMsgId: 'c-1' });
  const two = await bob.say(GENERAL, 'his', { clientMsgId: 'c-1' });
  assert.notEqual(one.messageId, two.messageId);
  assert.equal(two.duplicate, false);
}));

test('a content of 4000 code points is taken, whatever their size, and one more is refused', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    for (const letter of ['a', 'ß', '漢', '🦉']) {
      await alice.say(GENERAL, letter.repeat(4000));
      assert.equal((await alice.next('message:new')).content, letter.repeat(4000));
      const payload = { channelId: GENERAL, content: letter.repeat(4001) };
      await refused(alice, 'message:send', payload, 422, 'VALIDATION_FAILED', 'content');
    }
  }));

test('an empty content, and one of white space only, is refused', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  for (const content of ['', ' ', '\n\t  ']) {
    await refused(alice, 'message:send', { channelId: GENERAL, content }, 422, 'VALIDATION_FAILED', 'content');
  }
}));

test('content comes back as it was written: quotes, line breaks, markup, other scripts', () =>
  withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const bob = await inGeneral(server, 'bob');
    const texts = ['"quoted\\"', 'two\nlines', '<b>&amp;</b>', 'שלום 漢字 🇩🇪👩‍👩‍👧', '\u2028\u0000\u001e x', '451-["no packet"]'];
    for (const content of texts) {
      await alice.say(GENERAL, content);
      assert.equal((await bob.next('message:new')).content, content);
      assert.equal((await history(server, 'bob', GENERAL)).at(-1).content, content);
    }
  }));

test('a message to a channel that does not exist is CHANNEL_NOT_FOUND', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  await refused(alice, 'message:send', { channelId: 'nowhere', content: 'hi' }, 404, 'CHANNEL_NOT_FOUND');
}));

for (const [way, edit, remove] of [
  ['over the socket',
    (alice, id, content) => alice.must('message:edit', { messageId: id, content }),
    (alice, id) => alice.must('message:delete', { messageId: id })],
  ['over REST',
    async (alice, id, content, server) => (await rest(server, 'alice').patch(`/messages/${id}`, { content })).json.data,
    (alice, id, server) => rest(server, 'alice').delete(`/messages/${id}`)],
]) {
  test(`an edit ${way} reaches the whole room, the actor included`, () => withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const bob = await inGeneral(server, 'bob');
    const { messageId, seq } = await alice.say(GENERAL, 'helo');
    const { rev, modSeq, updatedAt } = await edit(alice, messageId, 'hello', server);
    for (const client of [alice, bob]) {
      assert.deepEqual(await client.next('message:edited'),
        { messageId, channelId: GENERAL, content: 'hello', updatedAt, seq, rev, modSeq, mentions: [] });
    }
    const again = await edit(alice, messageId, 'hello!', server);
    assert.equal(again.rev, rev + 1);
    assert.equal((await bob.next('message:edited')).content, 'hello!');
  }));

  test(`a deletion ${way} reaches the whole room once, however often it is asked for`, () => withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const bob = await inGeneral(server, 'bob');
    const { messageId, seq, modSeq } = await alice.say(GENERAL, 'oops');
    await remove(alice, messageId, server);
    await remove(alice, messageId, server);
    for (const client of [alice, bob]) {
      assert.deepEqual(await client.next('message:deleted'), { messageId, channelId: GENERAL, seq, rev: 2, modSeq: modSeq + 1 });
    }
    await messageFence(GENERAL, alice, bob);
    assert.equal(bob.all('message:deleted').length, 1);
    assert.equal(alice.all('message:deleted').length, 1);
  }));

  test(`an edit ${way} that changes nothing is told to nobody`, () => withServer({}, async (server) => {
    const alice = await inGeneral(server, 'alice');
    const { messageId } = await alice.say(GENERAL, 'same');
    await edit(alice, messageId, 'same', server);
    await messageFence(GENERAL, alice);
    assert.deepEqual(alice.all('message:edited'), []);
  }));
}

test('only the author may edit and delete', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const bob = await inGeneral(server, 'bob');
  const { messageId } = await alice.say(GENERAL, 'mine');
  await refused(bob, 'message:edit', { messageId, content: 'his' }, 403, 'NOT_MESSAGE_AUTHOR');
  await refused(bob, 'message:delete', { messageId }, 403, 'NOT_MESSAGE_AUTHOR');
  assert.deepEqual((await history(server, 'bob', GENERAL)).map(({ content }) => content), ['mine']);
}));

test('a deleted message cannot be edited back to life', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const { messageId } = await alice.say(GENERAL, 'gone');
  await alice.must('message:delete', { messageId });
  await refused(alice, 'message:edit', { messageId, content: 'back' }, 404, 'MESSAGE_NOT_FOUND');
  assert.deepEqual(await history(server, 'alice', GENERAL), []);
}));

test('editing and deleting what never was is MESSAGE_NOT_FOUND', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  for (const messageId of ['0'.repeat(24), 'nothing', "' or 1=1 --"]) {
    await refused(alice, 'message:edit', { messageId, content: 'x' }, 404, 'MESSAGE_NOT_FOUND');
    await refused(alice, 'message:delete', { messageId }, 404, 'MESSAGE_NOT_FOUND');
  }
}));
