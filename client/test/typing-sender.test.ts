import assert from "node:assert/strict";
import { test } from "node:test";
import { TypingSender } from "../src/typing-sender";
import { ManualTimers } from "./support/manual-timers";

function typist() {
  const timers = new ManualTimers();
  const said: string[] = [];
  const sender = new TypingSender({ start: () => said.push("start"), stop: () => said.push("stop") }, timers);
  return { timers, said, sender };
}

test("the first key starts, and two idle seconds stop", () => {
  const { timers, said, sender } = typist();
  sender.input("h");
  assert.deepEqual(said, ["start"]);
  timers.advance(1_999);
  assert.deepEqual(said, ["start"]);
  timers.advance(1);
  assert.deepEqual(said, ["start", "stop"]);
});

test("each key puts the stop off", () => {
  const { timers, said, sender } = typist();
  sender.input("h");
  timers.advance(1_500);
  sender.input("he");
  timers.advance(1_500);
  assert.deepEqual(said, ["start"]);
  timers.advance(500);
  assert.deepEqual(said, ["start", "stop"]);
});

test("while typing goes on, the start is repeated every three seconds and not sooner", () => {
  const { timers, said, sender } = typist();
  for (let key = 0; key < 70; key++) {
    sender.input("x".repeat(key + 1));
    timers.advance(100);
  }
  assert.deepEqual(said, ["start", "start", "start"], "at 0, 3 and 6 seconds");
});

test("emptying the field stops at once, and only once", () => {
  const { timers, said, sender } = typist();
  sender.input("h");
  sender.input("");
  sender.input("  ");
  timers.advance(10_000);
  assert.deepEqual(said, ["start", "stop"]);
});

test("white space alone is not typing", () => {
  const { said, sender } = typist();
  sender.input("   ");
  assert.deepEqual(said, []);
});

test("a stop without typing says nothing", () => {
  const { said, sender } = typist();
  sender.stop();
  assert.deepEqual(said, []);
});

test("after a stop the next key starts at once", () => {
  const { said, sender } = typist();
  sender.input("h");
  sender.stop();
  sender.input("he");
  assert.deepEqual(said, ["start", "stop", "start"]);
});

test("forgetting is silent, and leaves no alarm behind", () => {
  const { timers, said, sender } = typist();
  sender.input("h");
  sender.forget();
  assert.equal(timers.waiting, 0);
  timers.advance(10_000);
  assert.deepEqual(said, ["start"]);
});
