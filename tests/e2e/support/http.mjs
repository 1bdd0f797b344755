// Plain HTTP for the REST interface, one connection a request, nothing followed or retried.
import assert from 'node:assert/strict';
import http from 'node:http';
import { soon } from './waiting.mjs';
import { tokenOf } from './token.mjs';

/** {status, headers, text, json}; `json` is undefined when the body is none. Fails when the answer is not as documented. */
export function request(server, path, { method = 'GET', headers = {}, body, user, token, agent } = {}) {
  const sent = { ...headers };
  const bearer = token ?? (user ? tokenOf(user) : undefined);
  if (bearer !== undefined) sent.authorization = `Bearer ${bearer}`;
  let payload = body;
  if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
    payload = JSON.stringify(body);
    sent['content-type'] ??= 'application/json';
  }
  if (payload !== undefined) sent['content-length'] ??= Buffer.byteLength(payload);
  const answer = new Promise((done, fail) => {
    const call = http.request(server.url + path, { method, headers: sent, agent: agent ?? false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json;
        try { json = JSON.parse(text); } catch { /* not every answer is JSON */ }
        const given = { status: response.statusCode, headers: response.headers, text, json };
        const broken = server.contract?.breachOfAnswer(method, path, given);
        if (broken) fail(new Error(broken));
        else done(given);
      });
    });
    call.on('error', fail);
    call.end(payload);
  });
  return soon(answer, `no answer to ${method} ${path}`);
}

/** The REST interface as one person. */
export function rest(server, user, base = '/api/v1') {
  const call = (method) => (path, body) => request(server, base + path, { method, body, user });
  return { get: call('GET'), post: call('POST'), put: call('PUT'), patch: call('PATCH'), delete: call('DELETE') };
}

/** Asserts an RFC 9457 problem with the code; returns it. */
export function assertProblem(answer, status, code) {
  assert.equal(answer.status, status, `${status} expected: ${answer.text}`);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json\b/, answer.text);
  const problem = answer.json;
  assert.equal(problem.status, status);
  assert.equal(problem.success, false);
  for (const key of ['type', 'title', 'detail', 'code', 'message']) {
    assert.equal(typeof problem[key], 'string', `${key} of ${answer.text}`);
  }
  if (code) assert.equal(problem.code, code, answer.text);
  return problem;
}
