import assert from "node:assert/strict";
import { test } from "node:test";
import { typingLabel } from "../src/typing-label";

test("the typing label names up to two and counts the rest", () => {
  assert.equal(typingLabel([]), "");
  assert.equal(typingLabel(["alice"]), "alice is typing...");
  assert.equal(typingLabel(["alice", "bob"]), "alice and bob are typing...");
  assert.equal(typingLabel(["alice", "bob", "carol"]), "alice and 2 others are typing...");
  assert.equal(typingLabel(["alice", "bob", "carol", "dora", "emil"]), "alice and 4 others are typing...");
});
