import assert from "node:assert/strict";
import { test } from "node:test";
import { messageLog, type MessageLog } from "@atrium/client";
import { timeline } from "../src/timeline";

/** Local times, so that the days are the same in every time zone. */
function at(day: number, hour: number, minute: number): string {
  return new Date(2025, 2, day, hour, minute).toISOString();
}

function logOf(...messages: [senderId: string, createdAt: string][]): MessageLog {
  return messages.reduce(
    (log, [senderId, createdAt], index) =>
      messageLog.received(log, {
        messageId: `m${index + 1}`, channelId: "general", senderId, senderName: senderId, content: "x", createdAt,
        seq: index + 1,
      }),
    messageLog.emptyLog,
  );
}

const shape = (log: MessageLog, firstUnreadSeq?: number) =>
  timeline(log, firstUnreadSeq).map((row) => {
    if (row.kind !== "message") return row.kind;
    return `${row.continues ? "+" : ""}${row.message.senderId}`;
  });

test("messages of one author within five minutes make a group", () => {
  const log = logOf(
    ["alice", at(3, 9, 0)], ["alice", at(3, 9, 4)], ["bob", at(3, 9, 4)], ["alice", at(3, 9, 5)], ["alice", at(3, 9, 11)],
  );
  assert.deepEqual(shape(log), ["day", "alice", "+alice", "bob", "alice", "alice"]);
});

test("a new day has its line, and begins a group", () => {
  assert.deepEqual(shape(logOf(["alice", at(3, 23, 59)], ["alice", at(4, 0, 1)])), ["day", "alice", "day", "alice"]);
});

test("the unread line stands once, before the first unread message, and begins a group", () => {
  const log = logOf(["bob", at(3, 9, 0)], ["bob", at(3, 9, 1)], ["bob", at(3, 9, 2)]);
  assert.deepEqual(shape(log, 2), ["day", "bob", "unread", "bob", "+bob"]);
  assert.deepEqual(shape(log, 9), ["day", "bob", "+bob", "+bob"]);
});

test("what is being sent stands last and belongs to its group", () => {
  const sender = { id: "alice", name: "alice" };
  const mine = { clientMsgId: "c1", content: "y", createdAt: at(3, 9, 1), sender };
  const log = messageLog.written(logOf(["alice", at(3, 9, 0)]), mine);
  assert.deepEqual(shape(log), ["day", "alice", "+alice"]);
});

test("an empty channel has no rows, and keys are unique in any other", () => {
  assert.deepEqual(timeline(messageLog.emptyLog, undefined), []);
  const keys = timeline(logOf(["a", at(3, 9, 0)], ["b", at(4, 9, 0)], ["c", at(5, 9, 0)]), 2).map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
});
