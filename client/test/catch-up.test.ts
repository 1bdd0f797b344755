import assert from "node:assert/strict";
import { test } from "node:test";
import { catchUp } from "../src/catch-up";
import * as logs from "../src/message-log";
import { FakeServer } from "./support/fake-server";
import { range } from "./support/messages";

async function caughtUp(server: FakeServer, held: number[], last: { messageId: string; seq: number }, upTo?: number) {
  const page = server.put(...held).reverse();
  let log = logs.pageLoaded(logs.emptyLog, { messages: page, hasOlder: false });
  return async () => {
    for await (const step of catchUp(async (query) => server.page(query), last, upTo)) log = step(log);
    return log;
  };
}

test("what was missed is asked for after the last message held", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 5), { messageId: "m5", seq: 5 });
  server.put(...range(6, 8));
  const log = await finish();
  assert.deepEqual(log.sent.map(({ seq }) => seq), range(1, 8));
  assert.deepEqual(server.queries[0], { after: "m5", limit: 100 });
});

test("a long absence takes as many pages as it needs, without a gap", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 3), { messageId: "m3", seq: 3 });
  server.put(...range(4, 353));
  const log = await finish();
  assert.deepEqual(log.sent.map(({ seq }) => seq), range(1, 353));
  assert.deepEqual(server.queries.map(({ after }) => after), ["m3", "m103", "m203", "m303", undefined]);
});

test("edits and deletions of the absence are seen, too", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 5), { messageId: "m5", seq: 5 }, 5);
  server.change(2, "changed meanwhile");
  server.remove(4);
  const log = await finish();
  assert.deepEqual(log.sent.map(({ seq }) => seq), [1, 2, 3, 5]);
  assert.equal(log.sent[1]?.content, "changed meanwhile");
});

test("an absence too long to fill leaves the newest page, the rest by scrolling", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 3), { messageId: "m3", seq: 3 });
  server.put(...range(4, 1_500));
  const log = await finish();
  assert.deepEqual(log.sent.map(({ seq }) => seq), range(1_401, 1_500));
  assert.equal(log.hasOlder, true);
});

test("where the last message is no mark any more, the newest page has to do", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 5), { messageId: "m5", seq: 5 });
  server.remove(5);
  server.put(6, 7);
  const log = await finish();
  assert.deepEqual(log.sent.map(({ seq }) => seq), [1, 2, 3, 4, 6, 7]);
});

test("a server that cannot be reached is the caller's to know", async () => {
  const server = new FakeServer();
  const finish = await caughtUp(server, range(1, 5), { messageId: "m5", seq: 5 });
  server.failing = true;
  await assert.rejects(finish(), { code: "NETWORK" });
});
