import assert from "node:assert/strict";
import { test } from "node:test";
import * as logs from "../src/message-log";
import type { MessageLog } from "../src/message-log";
import { message, range } from "./support/messages";

const alice = { id: "alice", name: "Alice" };
const written = (log: MessageLog, clientMsgId: string, content = "hi") =>
  logs.written(log, { clientMsgId, content, createdAt: "2025-03-03T12:00:00Z", sender: alice });
const seqs = (log: MessageLog) => log.sent.map(({ seq }) => seq);
const receivedAll = (...all: number[]) => all.reduce((log, seq) => logs.received(log, message(seq)), logs.emptyLog);

test("messages stand in the order of seq, whatever order they came in, each once", () => {
  const log = receivedAll(3, 1, 2, 3, 5, 4, 1);
  assert.deepEqual(seqs(log), [1, 2, 3, 4, 5]);
  assert.equal(log.lastSeq, 5);
});

test("an echo replaces what was written, and keeps its key", () => {
  const log = logs.received(written(logs.emptyLog, "c1"), message(1, { clientMsgId: "c1", senderId: "alice", content: "hi" }));
  assert.deepEqual(log.outgoing, []);
  assert.equal(log.sent[0]?.key, "c1");
  assert.equal("clientMsgId" in (log.sent[0] ?? {}), false);
});

test("acknowledgement and echo make one message, whichever is first", () => {
  const reply = { messageId: "m1", seq: 1, createdAt: "2025-03-03T12:00:01Z" };
  const echo = message(1, { clientMsgId: "c1", senderId: "alice", content: "hi" });
  const start = written(logs.emptyLog, "c1");
  const ackFirst = logs.received(logs.acknowledged(start, "general", "c1", reply), echo);
  const echoFirst = logs.acknowledged(logs.received(start, echo), "general", "c1", reply);
  for (const log of [ackFirst, echoFirst]) {
    assert.deepEqual(log.outgoing, []);
    assert.deepEqual(log.sent.map(({ messageId, key, content }) => ({ messageId, key, content })), [
      { messageId: "m1", key: "c1", content: "hi" },
    ]);
  }
});

test("outgoing messages fail, are tried again, or are discarded", () => {
  const failed = logs.failed(written(logs.emptyLog, "c1"), "c1", "too fast");
  assert.deepEqual([failed.outgoing[0]?.state, failed.outgoing[0]?.reason], ["failed", "too fast"]);
  const retried = logs.retried(failed, "c1");
  assert.deepEqual([retried.outgoing[0]?.state, retried.outgoing[0]?.reason], ["sending", undefined]);
  assert.deepEqual(logs.discarded(failed, "c1").outgoing, []);
});

test("a page of older messages goes below, and says whether there are more", () => {
  const first = logs.pageLoaded(logs.emptyLog, { messages: range(4, 6).reverse().map((seq) => message(seq)), hasOlder: true });
  assert.equal(first.hasOlder, true);
  const all = logs.pageLoaded(first, { messages: range(1, 3).reverse().map((seq) => message(seq)), hasOlder: false });
  assert.deepEqual(seqs(all), [1, 2, 3, 4, 5, 6]);
  assert.equal(all.hasOlder, false);
});

test("a page is the truth for its range: what it lacks there was deleted", () => {
  const log = logs.pageLoaded(receivedAll(1, 2, 3, 4, 5), { messages: [message(4), message(2)], hasOlder: true });
  assert.deepEqual(seqs(log), [1, 2, 4, 5], "3 lies inside the range, 1 and 5 outside");
  const upTo = logs.pageLoaded(receivedAll(1, 2, 3, 4, 5), { messages: [message(4), message(2)], hasOlder: true, upTo: 5 });
  assert.deepEqual(seqs(upTo), [1, 2, 4]);
});

test("an empty page of an empty channel leaves nothing older", () => {
  const log = logs.pageLoaded(logs.emptyLog, { messages: [], hasOlder: false });
  assert.deepEqual([log.sent.length, log.hasOlder], [0, false]);
});

test("a deleted message does not come back with a page or an event that was slower", () => {
  const log = logs.deleted(receivedAll(1, 2), { messageId: "m1" });
  assert.deepEqual(seqs(logs.pageLoaded(log, { messages: [message(2), message(1)], hasOlder: false })), [2]);
  assert.deepEqual(seqs(logs.received(log, message(1))), [2]);
});

test("of two versions of a message the higher rev stays", () => {
  const newest = logs.edited(receivedAll(1), { messageId: "m1", content: "third", updatedAt: "t3", rev: 3 });
  const late = logs.edited(newest, { messageId: "m1", content: "second", updatedAt: "t2", rev: 2 });
  assert.deepEqual([late.sent[0]?.content, late.sent[0]?.rev, late.sent[0]?.isEdited], ["third", 3, true]);
  const page = logs.pageLoaded(newest, { messages: [message(1)], hasOlder: false });
  assert.equal(page.sent[0]?.content, "third");
});

test("below a gap everything is forgotten and can be read again", () => {
  const log = logs.forgottenBelow(receivedAll(1, 2, 9), 9);
  assert.deepEqual([seqs(log), log.hasOlder], [[9], true]);
});
