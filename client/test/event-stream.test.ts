import assert from "node:assert/strict";
import { test } from "node:test";
import { EventStream } from "../src/event-stream";
import { ManualTimers } from "./support/manual-timers";

/** A server that answers each request with the next of `answers`; `asked` resolves for each request in turn. */
function server(...answers: Response[]) {
  const requests: { headers: Record<string, string>; signal: AbortSignal }[] = [];
  let heard: () => void = () => {};
  const fetcher = (async (_url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
    requests.push(init);
    heard();
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError("connection refused");
    return answer;
  }) as unknown as typeof fetch;
  const asked = (count: number) =>
    new Promise<void>((resolve) => {
      heard = () => void (requests.length >= count && resolve());
      heard();
    });
  return { fetcher, requests, asked };
}

function stream(text: string): Response {
  return new Response(text, { headers: { "content-type": "text/event-stream" } });
}

/** Lets promise callbacks that are ready run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("events come with the bearer token sent, and a stream that ended is taken up where it was", async () => {
  const timers = new ManualTimers();
  const { fetcher, requests, asked } = server(stream("retry: 500\nid: 9\ndata: one\n\n"), stream("data: two\n\n"));
  const data: string[] = [];
  const source = new EventStream({ url: "/live", token: "t" }, (event) => data.push(event.data), timers, fetcher);
  await settled();
  assert.deepEqual(data, ["one"]);
  assert.equal(requests[0]?.headers["authorization"], "Bearer t");
  timers.advance(499);
  assert.equal(requests.length, 1);
  timers.advance(1);
  await asked(2);
  await settled();
  assert.equal(requests[1]?.headers["last-event-id"], "9");
  assert.deepEqual(data, ["one", "two"]);
  source.close();
});

test("a server that cannot be reached is asked again, more and more patiently", async () => {
  const timers = new ManualTimers();
  const { fetcher, requests } = server();
  const source = new EventStream({ url: "/live" }, () => assert.fail("no event was sent"), timers, fetcher);
  await settled();
  timers.advance(3_000);
  await settled();
  assert.equal(requests.length, 2);
  timers.advance(5_999);
  await settled();
  assert.equal(requests.length, 2);
  timers.advance(1);
  await settled();
  assert.equal(requests.length, 3);
  source.close();
});

test("a refusal is final", async () => {
  const timers = new ManualTimers();
  const { fetcher, requests } = server(new Response("", { status: 403 }));
  new EventStream({ url: "/live" }, () => assert.fail("no event was sent"), timers, fetcher);
  await settled();
  assert.equal(timers.waiting, 0);
  timers.advance(600_000);
  assert.equal(requests.length, 1);
});

test("a silent line is given up, and closing ends the request and all waiting", async () => {
  const timers = new ManualTimers();
  const { fetcher, requests } = server(new Response(new ReadableStream({})), stream(""));
  const source = new EventStream({ url: "/live" }, () => assert.fail("no event was sent"), timers, fetcher);
  await settled();
  timers.advance(45_000);
  assert.equal(requests[0]?.signal.aborted, true);
  source.close();
  assert.equal(timers.waiting, 0);
});
