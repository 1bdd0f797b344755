// Waiting without sleeping: each wait is for something that happens, and says what was missing when it does not.

/** How long anything that should happen at once may take on a busy machine. */
export const SOON_MS = Number(process.env.ATRIUM_E2E_TIMEOUT ?? 10_000);

/** The promise's result, or an error saying `what()` after `ms`. */
export function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`nothing for ${ms} ms: ${typeof what === 'function' ? what() : what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const soon = (promise, what) => within(SOON_MS, promise, what);

/** The first `event` of a node emitter; unlike events.once, it does not fail on 'error'. */
export function happens(emitter, event, what = event, ms = SOON_MS) {
  return within(ms, new Promise((done) => emitter.once(event, (...args) => done(args))), what);
}

/**
 * Asks again until the answer is truthy: for the few states that only a question can show (a session that is gone).
 * Each question is itself a round trip, so this does not spin.
 */
export async function until(ask, what, ms = SOON_MS) {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`still not so after ${ms} ms: ${what}`);
    await new Promise(setImmediate);
  }
}
