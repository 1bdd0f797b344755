import type { PresentUser } from "./events";

/**
 * Who is online, from events and snapshots. A snapshot takes time to arrive: what events said since it was asked for is
 * newer and wins.
 */
export class OnlineUsers {
  private readonly users = new Map<string, string>();
  /** Ids that events told about since the last snapshot was asked for. */
  private told = new Set<string>();

  came({ userId, userName }: PresentUser): void {
    this.users.set(userId, userName);
    this.told.add(userId);
  }

  went(userId: string): void {
    this.users.delete(userId);
    this.told.add(userId);
  }

  /** A new session: nothing is known, and snapshots still under way are void. */
  clear(): void {
    this.users.clear();
    this.told = new Set();
  }

  /** To be called with the snapshot once it is here; one asked for earlier is then ignored. */
  snapshotAsked(): (users: readonly PresentUser[]) => void {
    const told = new Set<string>();
    this.told = told;
    return (users) => {
      if (this.told !== told) return;
      for (const { userId, userName } of users) if (!told.has(userId)) this.users.set(userId, userName);
    };
  }

  /** Names by user id. */
  names(): ReadonlyMap<string, string> {
    return new Map(this.users);
  }
}
