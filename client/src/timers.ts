/** The clock and its alarms, handed to whatever waits, so that tests move time by hand. */
export interface Timers {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` once after `ms`; the returned function cancels. */
  after(ms: number, action: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => Date.now(),
  after(ms, action) {
    const id = setTimeout(action, ms);
    return () => clearTimeout(id);
  },
};
