// The one law of typing, read from a client's record: for each receiver, channel and typist, starts and stops alternate.
import assert from 'node:assert/strict';

/** Asserts the law for one client; with `settled`, every start has also got its stop. Returns how many starts there were. */
export function assertStartsAndStopsAlternate(client, { settled = true } = {}) {
  const open = new Set();
  let starts = 0;
  for (const { event, data } of client.log) {
    const key = `${data?.channelId} ${data?.userId}`;
    if (event === 'channel:typing') {
      assert.ok(!open.has(key), `a second start of ${key} without a stop between\n${client.story()}`);
      open.add(key);
      starts += 1;
    } else if (event === 'channel:stop_typing') {
      assert.ok(open.delete(key), `a stop of ${key} that no start came before\n${client.story()}`);
    }
  }
  if (settled) assert.deepEqual([...open], [], `typing that nothing ended\n${client.story()}`);
  return starts;
}
