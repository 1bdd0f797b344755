// The article's "Complete Event Flow", played by a client that behaves as the article's does: it says once that somebody
// types, says stop when the keys have been idle, and shows who is typing from a map of user ids.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, TRANSPORTS } from './support/client.mjs';
import { messageFence } from './support/fences.mjs';
import { rest } from './support/http.mjs';
import { withServer } from './support/server.mjs';

const GENERAL = 'general';
// The article waits for 2 s; only the client knows this number, so a test may be quicker.
const IDLE_MS = 250;

/** A keyboard and a typing line on top of a client. */
class Screen {
  constructor(client) {
    this.client = client;
    this.typists = new Map();
    this.lines = [];
    client.socket.on('channel:typing', ({ userId, userName }) => this.#show(() => this.typists.set(userId, userName)));
    client.socket.on('channel:stop_typing', ({ userId }) => this.#show(() => this.typists.delete(userId)));
  }

  #typing = false;
  #idle;

  #show(change) {
    change();
    const [first, second, ...rest] = this.typists.values();
    if (!first) this.lines.push('');
    else if (!second) this.lines.push(`${first} is typing...`);
    else if (rest.length === 0) this.lines.push(`${first} and ${second} are typing...`);
    else this.lines.push(`${first} and ${rest.length + 1} others are typing...`);
  }

  key(channelId) {
    if (!this.#typing) this.client.emit('channel:typing', { channelId });
    this.#typing = true;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.client.emit('channel:stop_typing', { channelId });
      this.#typing = false;
    }, IDLE_MS);
  }

  get line() { return this.lines.at(-1) ?? ''; }
}

async function twoInGeneral(server, options) {
  const alice = await Client.open(server, 'alice', options);
  const bob = await Client.open(server, 'bob', options);
  bob.emit('channel:join', { channelId: GENERAL });
  await bob.barrier();
  alice.emit('channel:join', { channelId: GENERAL });
  await bob.next('channel:user_joined', { userId: 'alice' });
  return { alice, bob };
}

for (const profile of ['seed', 'product']) {
  const setting = { flags: ['--profile', profile] };
  const nameOf = { seed: 'alice@vibed.dev', product: 'Alice' }[profile];

  for (const [transport, options] of Object.entries(TRANSPORTS)) {
    test(`${profile}, ${transport}: open, type, send, stop typing, navigate away, go offline`, () =>
      withServer(setting, async (server) => {
        const { alice, bob } = await twoInGeneral(server, options);
        const keyboard = new Screen(alice);
        const screen = new Screen(bob);

        for (let i = 0; i < 5; i += 1) keyboard.key(GENERAL);
        assert.deepEqual(await bob.next('channel:typing'), { channelId: GENERAL, userId: 'alice', userName: nameOf });
        assert.equal(screen.line, `${nameOf} is typing...`);

        alice.emit('message:send', { channelId: GENERAL, content: 'Hello!' });
        const seen = await bob.next('message:new');
        const echo = await alice.next('message:new');
        assert.equal(seen.content, 'Hello!');
        assert.equal(seen.senderName, nameOf);
        assert.equal(echo.messageId, seen.messageId);
        assert.equal(echo.createdAt, seen.createdAt);

        await bob.next('channel:stop_typing', { channelId: GENERAL, userId: 'alice' });
        assert.deepEqual(screen.lines, [`${nameOf} is typing...`, '']);

        alice.emit('channel:leave', { channelId: GENERAL });
        await bob.next('channel:user_left', { channelId: GENERAL, userId: 'alice' });
        alice.leave();
        await bob.next('presence:offline', { userId: 'alice' });
      }));
  }

  test(`${profile}: idle keys take the typing line away without a message`, () => withServer(setting, async (server) => {
    const { alice, bob } = await twoInGeneral(server);
    const screen = new Screen(bob);
    new Screen(alice).key(GENERAL);
    await bob.next('channel:typing', { userId: 'alice' });
    await bob.next('channel:stop_typing', { userId: 'alice' });
    assert.deepEqual(screen.lines, [`${nameOf} is typing...`, '']);
  }));

  test(`${profile}: the client's own late stop after a message reaches nobody a second time`, () =>
    withServer(setting, async (server) => {
      const { alice, bob } = await twoInGeneral(server);
      alice.emit('channel:typing', { channelId: GENERAL });
      alice.emit('message:send', { channelId: GENERAL, content: 'quick' });
      alice.emit('channel:stop_typing', { channelId: GENERAL });
      await bob.next('message:new', { content: 'quick' });
      await messageFence(GENERAL, alice, bob);
      assert.equal(bob.all('channel:typing').length, 1);
      assert.equal(bob.all('channel:stop_typing').length, 1);
    }));

  test(`${profile}: what was sent over the socket is edited and deleted over REST`, () =>
    withServer(setting, async (server) => {
      const { alice, bob } = await twoInGeneral(server);
      alice.emit('message:send', { channelId: GENERAL, content: 'first thought' });
      const { messageId } = await alice.next('message:new');
      const api = rest(server, 'alice', '');
      const page = await api.get(`/channels/${GENERAL}/messages`);
      assert.deepEqual(page.json.data.map((message) => message.messageId), [messageId]);
      assert.equal((await api.patch(`/messages/${messageId}`, { content: 'second thought' })).status, 200);
      await bob.next('message:edited', { messageId, content: 'second thought' });
      assert.equal((await api.delete(`/messages/${messageId}`)).status, 200);
      await bob.next('message:deleted', { messageId, channelId: GENERAL });
      assert.deepEqual((await api.get(`/channels/${GENERAL}/messages`)).json.data, []);
    }));
}

test('three people typing read as the first and two others', () => withServer({}, async (server) => {
  const { alice, bob } = await twoInGeneral(server);
  const screen = new Screen(bob);
  for (const client of [alice, await Client.open(server, 'carol'), await Client.open(server, 'dave')]) {
    await client.join(GENERAL);
    client.emit('channel:typing', { channelId: GENERAL });
    await bob.next('channel:typing', { userId: client.user });
  }
  assert.equal(screen.line, 'Alice and 2 others are typing...');
}));

test('the root namespace accepts the article\'s first, shortest connection', () => withServer({}, async (server) => {
  const client = new Client(server, { namespace: '', user: 'alice' });
  await client.connected();
  assert.equal(client.socket.connected, true);
}));
