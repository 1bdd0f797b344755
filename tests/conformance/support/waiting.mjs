// Waiting without sleeping: each wait is for something that happens, and says what was missing when it does not.

/** How long anything that should happen at once may take on a busy machine. */
export const SOON_MS = Number(process.env.ATRIUM_CONFORMANCE_TIMEOUT ?? 10_000);

/** The promise's result, or an error saying `what` after `ms`. */
export function within(ms, promise, what) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`nothing for ${ms} ms: ${typeof what === 'function' ? what() : what}`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const soon = (promise, what) => within(SOON_MS, promise, what);

/** The promise's result, or `otherwise` after `ms`: for what one server does and another may never do. */
export function settled(ms, promise, otherwise) {
  let timer;
  const late = new Promise((done) => { timer = setTimeout(() => done(otherwise), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
