import assert from "node:assert/strict";
import { test } from "node:test";
import { TypingReceiver } from "../src/typing-receiver";

const alice = { userId: "alice", userName: "Alice" };
const bob = { userId: "bob", userName: "Bob" };

test("typists are listed in the order they began, each once", () => {
  const receiver = new TypingReceiver();
  receiver.started(bob, 0);
  receiver.started(alice, 10);
  receiver.started(bob, 20);
  assert.deepEqual(receiver.list(), [bob, alice]);
});

test("a stop takes one away, and tells whether it did", () => {
  const receiver = new TypingReceiver();
  receiver.started(alice, 0);
  assert.equal(receiver.stopped("alice"), true);
  assert.equal(receiver.stopped("alice"), false);
  assert.deepEqual(receiver.list(), []);
});

test("a typist whose stop was lost expires; a refresh puts that off", () => {
  const receiver = new TypingReceiver();
  receiver.started(alice, 0);
  receiver.started(bob, 0);
  receiver.started(bob, 30_000);
  assert.equal(receiver.nextExpiry(), TypingReceiver.kTtlMs);
  assert.equal(receiver.expire(TypingReceiver.kTtlMs - 1), false);
  assert.equal(receiver.expire(TypingReceiver.kTtlMs), true);
  assert.deepEqual(receiver.list(), [bob]);
  receiver.clear();
  assert.equal(receiver.nextExpiry(), undefined);
});
