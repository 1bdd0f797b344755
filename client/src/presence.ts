import type { PresenceCount, PresenceDiff, PresenceState, PresentUser, ShownStatus, WatchedUser } from "./events";

export interface Person {
  readonly userName: string;
  readonly status: ShownStatus;
}

interface View {
  /** Undefined where there are too many to be named: then only those are known whom one watches. */
  wver: number | undefined;
  readonly people: Map<string, Person>;
}

/** Who is shown as there in each workspace, by what a server tells a client with "presence.v2". */
export class Presence {
  private readonly views = new Map<string, View>();

  stated({ workspaceId, wver, users }: PresenceState): void {
    this.views.set(workspaceId, { wver, people: new Map(users.map(named)) });
  }

  /** False: it does not continue what is known, so something was missed, and the state must be asked for. */
  changed({ workspaceId, from, wver, offline, online, updated }: PresenceDiff): boolean {
    const view = this.views.get(workspaceId);
    if (view === undefined) return false;
    if (view.wver !== undefined) {
      if (view.wver !== from) return false;
      view.wver = wver;
    }
    for (const { userId } of offline) view.people.delete(userId);
    for (const user of [...online, ...updated]) view.people.set(...named(user));
    return true;
  }

  /** True when it is news that there are too many to be named: those whom one wants to see must be subscribed to. */
  counted({ workspaceId }: PresenceCount): boolean {
    const view = this.views.get(workspaceId);
    if (view !== undefined && view.wver === undefined) return false;
    this.views.set(workspaceId, { wver: undefined, people: view?.people ?? new Map() });
    return true;
  }

  /** The answer to a subscription, in place of what was known. */
  watched(workspaceId: string, users: readonly WatchedUser[]): void {
    const view = this.views.get(workspaceId);
    if (view === undefined || view.wver !== undefined) return;
    view.people.clear();
    for (const { userId, userName, status } of users) {
      if (status !== "offline") view.people.set(userId, { userName: userName ?? userId, status });
    }
  }

  isCounted(workspaceId: string): boolean {
    const view = this.views.get(workspaceId);
    return view !== undefined && view.wver === undefined;
  }

  /** By user id; a copy. */
  of(workspaceId: string | undefined): ReadonlyMap<string, Person> {
    return new Map(workspaceId === undefined ? undefined : this.views.get(workspaceId)?.people);
  }

  /** A new session: nothing is known. */
  clear(): void {
    this.views.clear();
  }
}

function named({ userId, userName, status }: PresentUser): [string, Person] {
  return [userId, { userName, status }];
}
