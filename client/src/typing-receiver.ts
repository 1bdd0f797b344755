export interface Typist {
  readonly userId: string;
  readonly userName: string;
}

/**
 * Who is typing in one channel, in the order they began. The server promises a stop for every start, and gives a typist
 * that never refreshes 60 s; entries older than that are a safety net for a stop that was lost.
 */
export class TypingReceiver {
  static readonly kTtlMs = 65_000;

  private readonly typists = new Map<string, Typist & { until: number }>();

  started({ userId, userName }: Typist, now: number): void {
    this.typists.set(userId, { userId, userName, until: now + TypingReceiver.kTtlMs });
  }

  stopped(userId: string): boolean {
    return this.typists.delete(userId);
  }

  expire(now: number): boolean {
    let changed = false;
    for (const typist of this.typists.values()) {
      if (typist.until <= now) changed = this.typists.delete(typist.userId) || changed;
    }
    return changed;
  }

  clear(): void {
    this.typists.clear();
  }

  /** When `expire` next has something to do; undefined while nobody types. */
  nextExpiry(): number | undefined {
    const times = [...this.typists.values()].map((typist) => typist.until);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  list(): Typist[] {
    return [...this.typists.values()].map(({ userId, userName }) => ({ userId, userName }));
  }
}
