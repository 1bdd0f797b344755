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

const present = (userId: string, status = "online") => ({ userId, userName: userId.toUpperCase(), status });

test("who is there comes from a state and what follows it, and is forgotten at a new arrival", () => {
  const { wire, client } = house();
  const shown = () => [...client.getState().online].map(([id, { status }]) => `${id} ${status}`);
  client.enter("default", []);
  wire.welcome();
  wire.hear("presence:state", { workspaceId: "default", wver: 3, users: [present("alice"), present("bob")] });
  wire.hear("presence:state", { workspaceId: "other", wver: 1, users: [present("eve")] });
  const step = { workspaceId: "default", offline: [], online: [], updated: [] };
  wire.hear("presence:diff", { ...step, from: 3, wver: 4, online: [present("carol", "away")], updated: [present("bob", "dnd")] });
  assert.deepEqual(shown(), ["alice online", "bob dnd", "carol away"]);
  wire.hear("presence:diff", { ...step, from: 4, wver: 5, offline: [{ userId: "bob" }] });
  assert.deepEqual(shown(), ["alice online", "carol away"]);
  wire.drop();
  wire.welcome();
  assert.deepEqual(shown(), []);
});

test("a difference that continues another version is not applied: the state is asked for", () => {
  const { wire, client } = house();
  client.enter("default", []);
  wire.welcome();
  wire.hear("presence:state", { workspaceId: "default", wver: 3, users: [present("alice")] });
  wire.hear("presence:diff", { workspaceId: "default", from: 4, wver: 5, offline: [], online: [present("bob")], updated: [] });
  assert.deepEqual([...client.getState().online.keys()], ["alice"]);
  assert.deepEqual(wire.take("presence:sync").payload, { workspaceId: "default" });
  wire.hear("presence:state", { workspaceId: "default", wver: 5, users: [present("alice"), present("bob")] });
  assert.deepEqual([...client.getState().online.keys()], ["alice", "bob"]);
});

test("of too many to be named, the members of the workspace are subscribed to, once", async () => {
  const { wire, client } = house();
  client.enter("default", ["alice", "bob", "carol"]);
  wire.welcome();
  wire.hear("presence:count", { workspaceId: "default", online: 300 });
  wire.hear("presence:count", { workspaceId: "default", online: 301 });
  const { payload, answer } = wire.take("presence:subscribe");
  assert.deepEqual(payload, { workspaceId: "default", userIds: ["alice", "bob", "carol"] });
  assert.equal(wire.names().includes("presence:subscribe"), false);
  answer({ ok: true, workspaceId: "default", wver: 9, users: [present("alice"), { userId: "bob", status: "offline" }] });
  await reached(client, ({ online }) => online.size === 1);
  wire.hear("presence:diff", { workspaceId: "default", from: 30, wver: 31, offline: [], online: [present("bob")], updated: [] });
  assert.deepEqual([...client.getState().online.keys()], ["alice", "bob"]);
});

test("one's status is what the server says, in whichever tab it was chosen", async () => {
  const { wire, client } = house();
  wire.welcome();
  assert.equal(client.getState().own, "online");
  void client.choose("dnd");
  assert.equal(client.getState().own, "online", "not before it is taken");
  const { payload, answer } = wire.take("presence:status");
  answer({ ok: true, ...payload });
  await reached(client, ({ own }) => own === "dnd");
  wire.hear("presence:status", { status: "invisible" });
  assert.equal(client.getState().own, "invisible");
});

test("a person who stirs is told of at most once a minute", () => {
  const { wire, client, timers } = house();
  client.stir();
  assert.deepEqual(wire.names(), [], "there is nobody to tell yet");
  wire.welcome();
  client.stir();
  client.stir();
  timers.advance(59_999);
  client.stir();
  assert.equal(wire.names().length, 1);
  timers.advance(1);
  client.stir();
  assert.deepEqual(wire.names(), ["presence:active", "presence:active"]);
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
