import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../src/connection";
import { FakeWire } from "./support/fake-wire";
import { ManualTimers } from "./support/manual-timers";

function connection() {
  const wire = new FakeWire();
  const timers = new ManualTimers();
  const heard: string[] = [];
  const made = new Connection(
    wire,
    {
      onLive: () => heard.push("live"),
      onLost: () => heard.push("lost"),
      onStatus: () => heard.push(made.status),
      onRefused: ({ code }) => heard.push(`refused ${code}`),
    },
    timers,
  );
  made.open();
  return { wire, timers, heard, made };
}

test("it is live from the welcome on, not from the connect", () => {
  const { wire, made } = connection();
  wire.hear("connect");
  assert.equal(made.status, "connecting");
  wire.hear("welcome", { id: "s", userId: "alice" });
  assert.equal(made.status, "live");
});

test("a recovered session is live without a welcome", () => {
  const { wire, made } = connection();
  wire.recovered = true;
  wire.hear("connect");
  assert.equal(made.status, "live");
});

test("a lost connection is being reconnected, and requests under way end as disconnected", async () => {
  const { wire, made } = connection();
  wire.welcome();
  const request = made.request("channel:join", { channelId: "general" });
  wire.drop();
  assert.equal(made.status, "reconnecting");
  await assert.rejects(request, { code: "DISCONNECTED" });
  await assert.rejects(made.request("channel:join", { channelId: "general" }), { code: "DISCONNECTED" });
});

test("a request resolves with the acknowledgement, or rejects with the server's reason", async () => {
  const { wire, made } = connection();
  wire.welcome();
  const good = made.request("message:delete", { messageId: "m1" });
  wire.take("message:delete").answer({ ok: true, messageId: "m1" });
  assert.deepEqual(await good, { ok: true, messageId: "m1" });

  const bad = made.request("message:delete", { messageId: "m2" });
  const error = { code: "NOT_MESSAGE_AUTHOR", message: "NOT_MESSAGE_AUTHOR", status: 403 };
  wire.take("message:delete").answer({ ok: false, error });
  await assert.rejects(bad, { code: "NOT_MESSAGE_AUTHOR", status: 403 });
});

test("a request without an answer times out, and a late answer changes nothing", async () => {
  const { wire, timers, made } = connection();
  wire.welcome();
  const request = made.request("message:delete", { messageId: "m1" });
  const { answer } = wire.take("message:delete");
  timers.advance(10_000);
  await assert.rejects(request, { code: "TIMED_OUT" });
  answer({ ok: true });
  assert.equal(timers.waiting, 0);
});

test("where socket.io gives up after the server's word, it is tried again", () => {
  const { wire, timers, made } = connection();
  wire.welcome();
  wire.drop("io server disconnect");
  assert.equal(made.status, "reconnecting");
  assert.equal(wire.connects, 1);
  timers.advance(2_000);
  assert.equal(wire.connects, 2);
});

test("a refused token ends it for good, in words and with a code", () => {
  const { wire, heard, made } = connection();
  wire.hear("connect");
  wire.hear("error", { message: "Invalid authentication token", code: "TOKEN_EXPIRED", status: 401 });
  assert.equal(made.status, "refused");
  assert.deepEqual(heard, ["refused", "refused TOKEN_EXPIRED"]);
  assert.equal(wire.disconnects, 1);
  made.retryNow();
  assert.equal(wire.connects, 1);
});

test("nothing is said while it is not live", () => {
  const { wire, made } = connection();
  made.notify("channel:typing", { channelId: "general" });
  assert.deepEqual(wire.names(), []);
});

test("a closed connection can be opened again", () => {
  const { wire, made } = connection();
  wire.welcome();
  made.close();
  assert.equal(made.status, "stopped");
  made.open();
  assert.equal(made.status, "connecting");
});
