// What was acknowledged is kept: the power may fail at the very next moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { rest } from './support/http.mjs';
import { history, makeChannel } from './support/rooms.mjs';
import { withServer } from './support/server.mjs';
import { soon } from './support/waiting.mjs';

const GENERAL = 'general';

/** Both send `count` messages at once; resolves at the moment the `enough`th acknowledgement is in, with the list so far. */
function sendAndStopAt(clients, count, enough) {
  const acked = [];
  const reached = new Promise((done) => {
    for (const client of clients) {
      for (let i = 0; i < count; i += 1) {
        const sent = { channelId: GENERAL, content: `${client.user} ${i}`, clientMsgId: `${client.user}-${i}` };
        client.socket.emit('message:send', sent, (reply) => {
          if (reply.ok) acked.push({ ...reply, content: sent.content });
          if (acked.length === enough) done(acked);
        });
      }
    }
  });
  return soon(reached, 'too few acknowledgements');
}

for (const round of [1, 2, 3]) {
  test(`kill -9 right after acknowledgements: each acknowledged message is there exactly once (round ${round})`, () =>
    withServer({}, async (server) => {
      const clients = [await Client.open(server, 'alice'), await Client.open(server, 'bob')];
      const acked = await sendAndStopAt(clients, 150, 60 * round);
      await server.kill();
      for (const client of clients) await client.gone();
      await server.restart();
      const kept = await history(server, 'alice', GENERAL);
      for (const { messageId, content, seq } of acked) {
        const found = kept.filter((message) => message.messageId === messageId);
        assert.equal(found.length, 1, `${content} after ${acked.length} acks`);
        assert.deepEqual([found[0].content, found[0].seq], [content, seq]);
      }
      const contents = kept.map(({ content }) => content);
      assert.equal(new Set(contents).size, contents.length, 'nothing is there twice');
      assert.deepEqual(kept.map(({ seq }) => seq), kept.map((_, i) => kept[0].seq + i), 'seq has no gap');
    }));
}

test('SIGTERM in the middle of a burst: what is stored has been acknowledged, and nothing else', () =>
  withServer({}, async (server) => {
    const clients = [await Client.open(server, 'alice'), await Client.open(server, 'bob')];
    const acked = await sendAndStopAt(clients, 150, 60);
    await server.stop();
    for (const client of clients) await client.gone();
    await server.restart();
    const kept = await history(server, 'alice', GENERAL);
    assert.deepEqual(kept.map(({ content }) => content).sort(), acked.map(({ content }) => content).sort());
  }));

test('after a kill, sending everything again with the same clientMsgIds completes the channel without duplicates', () =>
  withServer({}, async (server) => {
    const alice = await Client.open(server, 'alice');
    const acked = await sendAndStopAt([alice], 100, 30);
    await server.kill();
    await server.restart();
    const back = await Client.open(server, 'alice');
    const replies = await Promise.all(Array.from({ length: 100 }, (_, i) =>
      back.say(GENERAL, `alice ${i}`, { clientMsgId: `alice-${i}` })));
    assert.ok(replies.filter(({ duplicate }) => duplicate).length >= acked.length);
    const contents = (await history(server, 'alice', GENERAL)).map(({ content }) => content);
    assert.deepEqual([...contents].sort(), Array.from({ length: 100 }, (_, i) => `alice ${i}`).sort());
  }));

/** Sends again and again, three at a time, until the server is gone. */
async function sendUntilTheEnd(client, acked) {
  for (let i = 0; client.socket.connected; i += 1) {
    const batch = Array.from({ length: 3 }, (_, k) => {
      const sent = { channelId: GENERAL, content: `${client.user} ${i}.${k}`, clientMsgId: `${client.user}-${i}.${k}` };
      return new Promise((done) => {
        client.socket.once('disconnect', done);
        client.socket.emit('message:send', sent, (reply) => {
          if (reply.ok) acked.push({ ...reply, ...sent, user: client.user });
          done();
        });
      });
    });
    await Promise.all(batch);
  }
}

for (const shards of [1, 3]) {
  test(`given a burst from several senders, when the server is killed in the midst of it, then what was told is what was stored (${shards} shards)`, () =>
    withServer({ flags: ['--shards', String(shards)] }, async (server) => {
      const listener = await Client.open(server, 'listener');
      await listener.join(GENERAL);
      const senders = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((user) => Client.open(server, user)));
      const acked = [];
      const sending = senders.map((sender) => sendUntilTheEnd(sender, acked));
      await listener.next('message:new', ({ seq }) => seq === 100);
      await server.kill();
      await Promise.all(sending);
      await listener.gone();
      await server.restart();

      const kept = new Map((await history(server, 'alice', GENERAL)).map((message) => [message.messageId, message]));
      for (const { messageId, content, seq } of acked) {
        assert.deepEqual([kept.get(messageId)?.content, kept.get(messageId)?.seq], [content, seq], 'acknowledged, so it is there');
      }
      const heard = listener.all('message:new');
      for (const { messageId, content, seq } of heard) {
        assert.deepEqual([kept.get(messageId)?.content, kept.get(messageId)?.seq], [content, seq], 'told, so it is there');
      }
      assert.deepEqual(heard.map(({ seq }) => seq), heard.map((_, i) => i + 1), 'told in order, without a gap');
      assert.deepEqual([...kept.values()].map(({ seq }) => seq), [...kept.keys()].map((_, i) => i + 1), 'stored without a gap');
      for (const { user } of senders) {
        const order = [...kept.values()].filter(({ senderId }) => senderId === user).map(({ content }) => content);
        const sent = [...order].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
        assert.deepEqual(order, sent, `${user}'s are in the order of sending`);
      }

      const again = await Client.open(server, acked.at(-1).user);
      const { content, clientMsgId, messageId, seq, user } = acked.at(-1);
      const reply = await again.say(GENERAL, content, { clientMsgId });
      assert.deepEqual([reply.duplicate, reply.messageId, reply.seq], [true, messageId, seq], user);
      assert.equal((await history(server, 'alice', GENERAL)).length, kept.size);
    }));
}

test('channels, members, edits and deletions outlive a kill', () => withServer({}, async (server) => {
  const secret = await makeChannel(server, 'alice', { name: 'secret', members: ['bob'] });
  const alice = await Client.open(server, 'alice');
  const edited = await alice.say(secret, 'helo');
  const deleted = await alice.say(secret, 'oops');
  await alice.must('message:edit', { messageId: edited.messageId, content: 'hello' });
  await alice.must('message:delete', { messageId: deleted.messageId });
  await server.kill();
  await server.restart();
  const kept = await history(server, 'bob', secret);
  assert.deepEqual(kept.map(({ content, isEdited }) => [content, isEdited]), [['hello', true]]);
  const refusal = await rest(server, 'mallory').get(`/channels/${secret}/messages`);
  assert.equal(refusal.status, 403);
}));

test('a clean stop and a new start continue the numbering', () => withServer({}, async (server) => {
  const alice = await Client.open(server, 'alice');
  const { seq } = await alice.say(GENERAL, 'before');
  await server.stop();
  await server.restart();
  const back = await Client.open(server, 'alice');
  assert.equal((await back.join(GENERAL)).lastSeq, seq);
  assert.equal((await back.say(GENERAL, 'after')).seq, seq + 1);
}));

test('memory: keeps nothing over a restart', () => withServer({ database: 'memory:' }, async (server) => {
  const alice = await Client.open(server, 'alice');
  await alice.say(GENERAL, 'a thought');
  await server.stop();
  await server.restart();
  assert.deepEqual(await history(server, 'alice', GENERAL), []);
}));
