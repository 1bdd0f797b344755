// The chat on a MongoDB: as on any database, and when the database goes away in the midst of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { skip, withMongoDb } from './support/mongodb.mjs';
import { history } from './support/rooms.mjs';
import { run, withServer } from './support/server.mjs';
import { SECRET } from './support/token.mjs';
import { SOON_MS, until, within } from './support/waiting.mjs';

const GENERAL = 'general';
/** How long the last of many waits at most for a database that does not answer: some five seconds, on a busy machine. */
const REFUSED_MS = Math.max(20_000, SOON_MS);

const onMongoDb = (body, options = '') => () =>
  withMongoDb((mongo) => withServer({ database: mongo.url + options }, (server) => body(server, mongo)));

test('what two say, change and delete is told to both and is there after a restart', { skip }, onMongoDb(async (server) => {
  const alice = await Client.open(server, 'alice');
  const bob = await Client.open(server, 'bob');
  for (const client of [alice, bob]) await client.join(GENERAL);
  const first = await alice.say(GENERAL, 'hello', { clientMsgId: 'a-1' });
  const second = await bob.say(GENERAL, 'hi', { clientMsgId: 'b-1' });
  const third = await alice.say(GENERAL, 'oops');
  assert.deepEqual([first.seq, second.seq, third.seq], [1, 2, 3]);
  await alice.must('message:edit', { messageId: first.messageId, content: 'hello!' });
  await alice.must('message:delete', { messageId: third.messageId });
  assert.equal((await bob.next('message:edited')).content, 'hello!');
  assert.equal((await bob.next('message:deleted')).messageId, third.messageId);
  assert.equal((await alice.say(GENERAL, 'hello', { clientMsgId: 'a-1' })).duplicate, true);

  await server.stop();
  await server.restart();
  const kept = await history(server, 'bob', GENERAL);
  assert.deepEqual(kept.map(({ seq, content }) => [seq, content]), [[1, 'hello!'], [2, 'hi']]);
  const again = await Client.open(server, 'alice');
  assert.equal((await again.say(GENERAL, 'back')).seq, 4);
}));

test('the database dies in the midst of a burst: what was acknowledged is kept, the rest is refused', { skip }, onMongoDb(async (server, mongo) => {
  const clients = [await Client.open(server, 'alice'), await Client.open(server, 'bob')];
  const acked = [];
  const refused = [];
  let enough;
  const some = new Promise((done) => { enough = done; });
  const answers = clients.flatMap((client) => Array.from({ length: 150 }, (_, i) => new Promise((done) => {
    const sent = { channelId: GENERAL, content: `${client.user} ${i}`, clientMsgId: `${client.user}-${i}` };
    client.socket.emit('message:send', sent, (reply) => {
      if (reply.ok) acked.push({ ...sent, ...reply });
      else refused.push({ ...sent, ...reply });
      if (acked.length === 40) enough();
      done();
    });
  })));
  await within(REFUSED_MS, some, 'too few acknowledgements');
  await mongo.kill();
  await within(REFUSED_MS, Promise.all(answers), () => `${acked.length} acknowledged, ${refused.length} refused of 300`);
  assert.ok(refused.length > 0);
  for (const { error } of refused) assert.equal(error.code, 'UNAVAILABLE');

  await mongo.restart();
  await until(async () => (await clients[0].ask('message:send', { channelId: GENERAL, content: 'there?' })).ok, 'it is back',
    REFUSED_MS);
  const all = await history(server, 'alice', GENERAL);
  for (const { messageId, content, seq } of acked) {
    const found = all.filter((message) => message.messageId === messageId);
    assert.deepEqual(found.map((message) => [message.content, message.seq]), [[content, seq]]);
  }
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, i) => i + 1), 'seq has no gap');

  // Whoever sends the refused ones again learns which of them had arrived nevertheless.
  for (const { content, clientMsgId } of refused) {
    const client = clients.find(({ user }) => content.startsWith(user));
    await client.say(GENERAL, content, { clientMsgId });
  }
  const complete = (await history(server, 'alice', GENERAL)).map(({ content }) => content).filter((text) => text !== 'there?');
  assert.equal(new Set(complete).size, 300);
  assert.equal(complete.length, 300);
}));

test('the database answers no more: what is sent is refused in time, and again taken once it answers', { skip }, onMongoDb(async (server, mongo) => {
  const alice = await Client.open(server, 'alice');
  await alice.join(GENERAL);
  await alice.say(GENERAL, 'before');
  const sent = { channelId: GENERAL, content: 'meanwhile', clientMsgId: 'm-1' };
  mongo.pause();
  assert.equal((await alice.ask('message:send', sent)).error.code, 'UNAVAILABLE');
  mongo.resume();
  await until(async () => (await alice.ask('message:send', sent)).ok, 'it is back');
  assert.deepEqual((await history(server, 'alice', GENERAL)).map(({ content }) => content), ['before', 'meanwhile']);
}, '?socketTimeoutMS=1500&serverSelectionTimeoutMS=1000&connectTimeoutMS=1000'));

test('a server that is not there is told in a sentence, without the password', async () => {
  const database = 'mongodb://ann:hush@127.0.0.1:1/chat?serverSelectionTimeoutMS=500';
  const { code, stderr } = await run(['serve', '--port', '0', '--jwt-secret', SECRET, '--database', database]);
  assert.equal(code, 2);
  assert.match(stderr, /the MongoDB at 127\.0\.0\.1:1 does not answer .*: start it, or name another with --database/);
  assert.doesNotMatch(stderr, /hush/);
});
