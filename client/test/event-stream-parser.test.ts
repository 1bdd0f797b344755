import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStreamParser, type StreamEvent } from "../src/event-stream-parser";

function parse(...chunks: string[]): StreamEvent[] {
  const parser = new EventStreamParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
}

const kStream =
  'retry: 3000\r\nid: 7-1\r\nevent: stats:update\r\ndata: {"onlineUsersCount":2}\r\n\r\n' +
  ": keep-alive\n\ndata: first\ndata: second\n\nevent: end\rdata\r\rdata: é\n\n";
const kEvents: StreamEvent[] = [
  { name: "stats:update", data: '{"onlineUsersCount":2}' },
  { name: "message", data: "first\nsecond" },
  { name: "end", data: "" },
  { name: "message", data: "é" },
];

test("a stream gives the same events whole and cut at every place", () => {
  assert.deepEqual(parse(kStream), kEvents);
  for (let cut = 1; cut < kStream.length; cut++) {
    assert.deepEqual(parse(kStream.slice(0, cut), kStream.slice(cut)), kEvents, `cut at ${cut}`);
  }
  assert.deepEqual(parse(...kStream), kEvents, "character by character");
});

test("an event is given only when the empty line after it has come", () => {
  const parser = new EventStreamParser();
  assert.deepEqual(parser.feed("data: 1\n"), []);
  assert.deepEqual(parser.feed("\n"), [{ name: "message", data: "1" }]);
});

test("id and retry are remembered, bad ones are not", () => {
  const parser = new EventStreamParser();
  parser.feed("id: 42\nretry: 1500\n\n");
  parser.feed("id: 4\0\nretry: soon\n\n");
  assert.equal(parser.lastEventId, "42");
  assert.equal(parser.retryMs, 1500);
});

test("an event without data is none, and its name does not stick to the next", () => {
  assert.deepEqual(parse("event: ghost\n\ndata: x\n\n"), [{ name: "message", data: "x" }]);
});

test("one space after the colon belongs to the format, further ones to the value", () => {
  assert.deepEqual(parse("data:a\ndata: b\ndata:  c\nunknown: d\n\n"), [{ name: "message", data: "a\nb\n c" }]);
});
