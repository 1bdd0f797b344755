import assert from "node:assert/strict";
import { test } from "node:test";
import { RestClient } from "../src/rest";

function client(answer: () => Response, token?: string) {
  const calls: { url: string; method: string; headers: Record<string, string>; body?: string }[] = [];
  const fetcher = (async (url: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
    calls.push({ url, ...init });
    return answer();
  }) as unknown as typeof fetch;
  return { rest: new RestClient("/api/v1", token, fetcher), calls };
}

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ type: "about:blank", status, code, message: code, detail: "In words.", success: false }), {
    status, headers: { "content-type": "application/problem+json" },
  });

test("history is asked for with the cursor, the limit and the token", async () => {
  const body = { success: true, data: [], meta: { limit: 10, hasMore: true, lastSeq: 4 } };
  const { rest, calls } = client(() => Response.json(body), "t");
  assert.deepEqual(await rest.messages("a/b", { after: "m1", limit: 10 }), { messages: [], hasMore: true });
  assert.equal(calls[0]?.url, "/api/v1/channels/a%2Fb/messages?after=m1&limit=10");
  assert.equal(calls[0]?.headers["authorization"], "Bearer t");
});

test("a server without demo users is no failure, any other problem is", async () => {
  assert.equal(await client(() => problem(404, "NOT_FOUND")).rest.demoUsers(), null);
  const failing = client(() => problem(500, "INTERNAL"));
  await assert.rejects(failing.rest.demoUsers(), { status: 500, code: "INTERNAL", message: "In words." });
});

test("signing in as a demo user gives the token", async () => {
  const { rest, calls } = client(() => Response.json({ success: true, data: { accessToken: "t1", user: {} } }));
  assert.equal(await rest.demoSignIn("bob"), "t1");
  assert.deepEqual([calls[0]?.method, calls[0]?.body], ["POST", '{"userId":"bob"}']);
});

test("a network that fails and an answer that is no JSON have codes of their own", async () => {
  const broken = client(() => {
    throw new TypeError("failed to fetch");
  });
  await assert.rejects(broken.rest.me(), { status: 0, code: "NETWORK" });
  await assert.rejects(client(() => new Response("<html>")).rest.me(), { code: "BAD_ANSWER" });
  await assert.rejects(client(() => new Response("Bad gateway", { status: 502 })).rest.me(), { code: "HTTP_502" });
});
