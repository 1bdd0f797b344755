// A thousand people of one workspace connect at once, then five thousand. Telling each of each would take half a million
// frames, then twelve and a half million.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Crowd } from './support/crowd.mjs';
import { openV2 } from './support/presence.mjs';
import { withServer } from './support/server.mjs';

const MANY = 1000;
const BOUND = 20_000;
// The bounds are of crowds that come at once, which under a sanitizer they do not (scripts/sanitizer-test).
const skip = process.env.ATRIUM_E2E_TIMEOUT ? 'the server is made slow: nobody comes at once' : false;
const GREETING = 6;  // frames: two handshakes, welcome, one's own coming, the workspace as it is, and its first count

test('given clients with presence.v2, when 1000 connect at once, then all know how many they are, in at most 20 000 frames', { skip }, (t) =>
  withServer({ windows: true }, async (server) => {
    const crowd = new Crowd(server, MANY, { caps: ['presence.v2'] });
    server.onEnd(() => crowd.leave());
    await crowd.enter();
    await crowd.allKnow(MANY);
    const story = JSON.stringify([...crowd.kinds]);
    t.diagnostic(`${crowd.frames} frames (bound ${BOUND}), ${crowd.bytes} bytes: ${story}`);
    assert.ok(crowd.frames >= 5 * MANY && crowd.frames <= BOUND, `${crowd.frames} frames: ${story}`);
    assert.ok(crowd.bytes <= 200 * BOUND, `${crowd.bytes} bytes: ${story}`);
  }));

test('given clients with presence.v2, when 5000 connect at once, then each costs its greeting and a count every two seconds', (t) =>
  withServer({ windows: true }, async (server) => {
    const size = 5000;
    const crowd = new Crowd(server, size, { caps: ['presence.v2'] });
    server.onEnd(() => crowd.leave());
    const began = performance.now();
    await crowd.enter();
    await crowd.allKnow(size);
    const seconds = (performance.now() - began) / 1000;
    const bound = size * (GREETING + seconds / 2 + 1);
    t.diagnostic(`${crowd.frames} frames (bound ${Math.floor(bound)}), ${crowd.bytes} bytes in ${seconds.toFixed(1)} s`);
    const story = JSON.stringify([...crowd.kinds]);
    assert.ok(crowd.frames >= 5 * size && crowd.frames <= bound, `${crowd.frames} frames in ${seconds} s: ${story}`);
    assert.ok(crowd.bytes <= 200 * crowd.frames, `${crowd.bytes} bytes: ${story}`);
  }));

test('given clients of the original application, when 1000 connect at once, then they too cost at most 20 000 frames', { skip }, () =>
  withServer({ windows: true }, async (server) => {
    const observer = await openV2(server, 'observer');
    const crowd = new Crowd(server, MANY);
    server.onEnd(() => crowd.leave());
    await crowd.enter();
    await observer.next('presence:count', { online: MANY + 1 }, 30_000);
    await crowd.barrier();
    assert.ok(crowd.frames <= BOUND, `${crowd.frames} frames: ${JSON.stringify([...crowd.kinds])}`);
  }));
