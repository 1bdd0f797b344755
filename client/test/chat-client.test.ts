import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatClient, type ChatState } from "../src/chat-client";
import { FakeServer } from "./support/fake-server";
import { FakeWire } from "./support/fake-wire";
import { ManualTimers } from "./support/manual-timers";
import { message, range } from "./support/messages";

function house() {
  const wire = new FakeWire();
  const server = new FakeServer();
  const timers = new ManualTimers();
  const notices: string[] = [];
  const client = new ChatClient({
    wire, rest: server.rest(), me: { id: "alice", name: "Alice" }, timers,
    onNotice: ({ text }) => notices.push(text), onRefused: (reason) => notices.push(`refused: ${reason}`),
  });
  client.start();
  const view = (id = "general") => {
    const found = client.getState().channels.get(id);
    assert.ok(found, `channel ${id} is held`);
    return found;
  };
  return { wire, server, timers, notices, client, view };
}

/** Resolves once the state is as wanted: after a change that made it so. */
function reached(client: ChatClient, wanted: (state: ChatState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!wanted(client.getState())) return;
      leave();
      resolve();
    };
    const leave = client.subscribe(look);
    look();
  });
}

const joined = { ok: true, channelId: "general", lastSeq: 0, members: 2, typing: [] };

/** A client that shows "general" with what the server holds. */
async function inside(seqs: number[] = []) {
  const all = house();
  all.server.put(...seqs);
  const channel = all.client.show("general");
  all.wire.welcome();
  all.wire.take("channel:join").answer({ ...joined, lastSeq: seqs.at(-1) ?? 0 });
  await reached(all.client, () => all.view().history === "ready");
  return { ...all, channel };
}

test("the welcome leads to the shown channel's join, and that to its history", async () => {
  const { view, client, server } = await inside(range(1, 3));
  await reached(client, ({ status }) => status === "live");
  assert.deepEqual(view().log.sent.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual(server.queries, [{ limit: 50 }]);
});

test("the other channels are joined one after the other, and what is said there is unread", async () => {
  const { wire, client, view } = await inside();
  await reached(client, ({ status }) => status === "live");
  client.follow(["general", "one", "two"]);
  const first = wire.take("channel:join");
  assert.equal(first.payload.channelId, "one");
  assert.deepEqual(wire.names(), []);
  first.answer({ ...joined, channelId: "one" });
  await reached(client, () => view("two").access === "joining");
  assert.equal(wire.take("channel:join").payload.channelId, "two");
  wire.hear("message:new", message(1, { channelId: "one" }));
  wire.hear("message:new", message(2, { channelId: "one", senderId: "alice" }));
  assert.equal(view("one").unread, 1, "one's own messages are not news");
});

test("after a reconnect the channels in the background are joined again, and what was missed there is unread", async () => {
  const { wire, client, view } = await inside();
  await reached(client, ({ status }) => status === "live");
  client.follow(["general", "one"]);
  wire.take("channel:join").answer({ ...joined, channelId: "one", lastSeq: 4 });
  await reached(client, () => view("one").access === "joined");
  assert.equal(view("one").unread, 0, "what was said before one came is not news");

  wire.drop();
  assert.equal(view("one").access, "rejoining");
  wire.welcome();
  wire.take("channel:join").answer(joined);
  await reached(client, ({ status }) => status === "live");
  const again = wire.take("channel:join");
  assert.equal(again.payload.channelId, "one");
  again.answer({ ...joined, channelId: "one", lastSeq: 6 });
  await reached(client, () => view("one").access === "joined");
  assert.equal(view("one").unread, 2);
});

test("messages count as unread until somebody attends", async () => {
  const { wire, channel, view } = await inside();
  wire.hear("message:new", message(1));
  assert.deepEqual([view().unread, view().firstUnreadSeq], [1, 1]);
  channel.attend(true);
  assert.equal(view().unread, 0);
  wire.hear("message:new", message(2));
  assert.equal(view().unread, 0);
});

test("a message shows at once, is sent with an id, and its typing ends after it", async () => {
  const { wire, channel, view } = await inside();
  channel.composing("hel");
  channel.send("  hello  ");
  assert.deepEqual(wire.names(), ["channel:typing", "message:send", "channel:stop_typing"]);
  assert.deepEqual(view().log.outgoing.map(({ content, state }) => [content, state]), [["hello", "sending"]]);
  const { payload, answer } = wire.take("message:send");
  assert.equal(payload.clientMsgId, view().log.outgoing[0]?.clientMsgId);
  wire.hear("message:new", message(1, { senderId: "alice", content: "hello", clientMsgId: payload.clientMsgId }));
  answer({ ok: true, messageId: "m1", seq: 1, createdAt: "2025-03-03T12:00:00Z", duplicate: false });
  assert.deepEqual([view().log.sent.length, view().log.outgoing.length, view().unread], [1, 0, 0]);
});

test("a message the server refused is kept as failed, and tried again with the same id", async () => {
  const { wire, client, channel, view, notices } = await inside();
  channel.send("hello");
  const first = wire.take("message:send");
  const error = { code: "RATE_LIMITED", message: "RATE_LIMITED", status: 429 };
  wire.hear("error", { ...error, event: "message:send", clientMsgId: first.payload.clientMsgId });
  first.answer({ ok: false, error });
  await reached(client, () => view().log.outgoing[0]?.state === "failed");
  assert.deepEqual(notices, [], "the failed message says it already");
  channel.retry(first.payload.clientMsgId);
  assert.equal(view().log.outgoing[0]?.state, "sending");
  assert.equal(wire.take("message:send").payload.clientMsgId, first.payload.clientMsgId);
});

test("after a reconnect the channel is joined again, the missed is fetched, the unsent is sent", async () => {
  const { wire, server, client, channel, view } = await inside(range(1, 3));
  await reached(client, ({ status }) => status === "live");
  channel.send("written before the loss");
  const { clientMsgId } = wire.take("message:send").payload;
  wire.drop();
  assert.equal(client.getState().status, "reconnecting");
  assert.equal(view().log.outgoing[0]?.state, "sending");
  server.put(4, 5);
  server.queries.length = 0;

  wire.welcome();
  assert.equal(client.getState().status, "reconnecting", "until the shown channel is joined");
  wire.take("channel:join").answer({ ...joined, lastSeq: 5 });
  await reached(client, () => view().log.sent.length === 5);
  assert.deepEqual(server.queries[0], { after: "m3", limit: 100 });
  await reached(client, ({ status }) => status === "live");
  assert.equal(wire.take("message:send").payload.clientMsgId, clientMsgId);
  assert.equal(view().unread, 2);
});

test("a gap between two live messages is filled", async () => {
  const { wire, server, client, view } = await inside(range(1, 3));
  server.put(4, 5);
  wire.hear("message:new", message(5, { prevSeq: 4 }));
  await reached(client, () => view().log.sent.length === 5);
  assert.deepEqual(view().log.sent.map(({ seq }) => seq), range(1, 5));
});

test("scrolling up loads the page below the first message held", async () => {
  const { server, client, channel, view } = await inside(range(1, 60));
  assert.deepEqual([view().log.sent[0]?.seq, view().log.hasOlder], [11, true]);
  void channel.loadOlder();
  void channel.loadOlder();
  await reached(client, () => view().older === "idle" && view().log.sent.length === 60);
  assert.deepEqual(server.queries.at(-1), { before: "m11", limit: 50 });
  assert.equal(server.queries.length, 2, "one request, however often asked");
  assert.equal(view().log.hasOlder, false);
});

test("typists come and go by events, and without a stop in the end", async () => {
  const { wire, timers, view } = await inside();
  const names = () => view().typists.map(({ userName }) => userName);
  wire.hear("channel:typing", { channelId: "general", userId: "bob", userName: "Bob" });
  wire.hear("channel:typing", { channelId: "general", userId: "carol", userName: "Carol" });
  wire.hear("channel:typing", { channelId: "general", userId: "alice", userName: "Alice" });
  assert.deepEqual(names(), ["Bob", "Carol"]);
  wire.hear("channel:stop_typing", { channelId: "general", userId: "bob" });
  assert.deepEqual(names(), ["Carol"]);
  timers.advance(65_000);
  assert.deepEqual(names(), []);
});

test("leaving a channel for another stops one's typing there", async () => {
  const { wire, client, channel } = await inside();
  channel.composing("hel");
  client.show("other");
  assert.deepEqual(wire.take("channel:stop_typing").payload, { channelId: "general" });
});

test("who is online comes from events and a snapshot, and is forgotten at a new arrival", async () => {
  const { wire, server, client } = house();
  server.present = [{ userId: "bob", userName: "Bob" }];
  client.enter("default");
  wire.welcome();
  wire.hear("presence:online", { userId: "alice", userName: "Alice" });
  await reached(client, ({ online }) => online.size === 2);
  wire.hear("presence:offline", { userId: "bob" });
  assert.deepEqual([...client.getState().online.keys()], ["alice"]);
  server.present = [];
  wire.drop();
  wire.welcome();
  assert.equal(client.getState().online.size, 0);
});

test("edits and deletions of others show, one's own wait for the server's word", async () => {
  const { wire, channel, view } = await inside(range(1, 2));
  wire.hear("message:edited", { messageId: "m1", channelId: "general", content: "new", updatedAt: "t", seq: 1, rev: 2 });
  assert.equal(view().log.sent[0]?.content, "new");
  wire.hear("message:deleted", { messageId: "m2", channelId: "general", seq: 2 });
  assert.deepEqual(view().log.sent.map(({ seq }) => seq), [1]);

  const refused = channel.edit("m1", "not mine");
  const error = { code: "NOT_MESSAGE_AUTHOR", message: "NOT_MESSAGE_AUTHOR", status: 403 };
  wire.take("message:edit").answer({ ok: false, error });
  await assert.rejects(refused, { code: "NOT_MESSAGE_AUTHOR" });
  assert.equal(view().log.sent[0]?.content, "new");
});

test("who is removed from a channel is told", async () => {
  const { wire, view } = await inside(range(1, 2));
  wire.hear("channel:removed", { channelId: "general", reason: "removed" });
  assert.deepEqual([view().access, view().refusal], ["refused", "You were removed from this channel."]);
});
