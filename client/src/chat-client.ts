import { Channel, type ChannelView } from "./channel";
import { Connection, RequestError, type ConnectionStatus, type Wire } from "./connection";
import type { ChosenStatus, ErrorEvent, Requests, ServerToClientEvents, User, WireError } from "./events";
import { explain } from "./explain";
import { Presence, type Person } from "./presence";
import type { RestClient } from "./rest";
import { systemTimers, type Timers } from "./timers";

export interface ChatState {
  /** `live` once the shown channel is joined, too. */
  readonly status: ConnectionStatus;
  /** Why the status is `stopped`. */
  readonly reason: string | undefined;
  /** By user id, who is there in the workspace that was entered; of very many only those that were asked for. */
  readonly online: ReadonlyMap<string, Person>;
  /** What one has chosen to be. */
  readonly own: ChosenStatus;
  readonly channels: ReadonlyMap<string, ChannelView>;
}

export interface Notice {
  readonly text: string;
  readonly code: string | undefined;
}

/** Events whose failure the acknowledgement tells as well, to the one who asked. */
const kAnswered: ReadonlySet<string> = new Set<keyof Requests>([
  "channel:join", "message:send", "message:edit", "message:delete", "presence:sync", "presence:subscribe", "presence:status",
]);

/** As many as a server takes in one subscription. */
const kMostWatched = 500;

/** So long a sign of life lasts, and much longer with the server. */
const kActiveForMs = 60_000;

/**
 * The front door: one user's whole view of the chat, kept up to date over one connection and across reconnects.
 * `getState` and `subscribe` suit a view library's external store; the state changes identity only when it changes.
 */
export class ChatClient {
  private readonly connection: Connection;
  private readonly presence = new Presence();
  private readonly channels = new Map<string, Channel>();
  private readonly listeners = new Set<() => void>();
  private shown: Channel | undefined;
  private workspaceId: string | undefined;
  private members: readonly string[] = [];
  private own: ChosenStatus = "online";
  private activeAt = -Infinity;
  private welcomes = 0;
  private settled = false;
  private everSettled = false;
  private state: ChatState | undefined;

  constructor(
    private readonly parts: {
      wire: Wire;
      rest: RestClient;
      me: User;
      /** Something for the person to know. */
      onNotice: (notice: Notice) => void;
      /** The token is not, or no longer, accepted: this client is done. */
      onRefused: (reason: string) => void;
      timers?: Timers;
    },
  ) {
    const { wire, onRefused, timers = systemTimers } = parts;
    this.connection = new Connection(
      wire,
      {
        onLive: () => void this.arrive(),
        onLost: () => this.depart(),
        onStatus: () => this.changed(),
        onRefused: (error: WireError) => onRefused(explain(error)),
      },
      timers,
    );
    this.listen();
  }

  start(): void {
    this.connection.open();
  }

  close(): void {
    this.connection.close();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getState = (): ChatState => {
    this.state ??= {
      status: this.status(),
      reason: this.connection.reason,
      online: this.presence.of(this.workspaceId),
      own: this.own,
      channels: new Map([...this.channels].map(([id, channel]) => [id, channel.view])),
    };
    return this.state;
  };

  /** Shows the presence of this workspace: of these members at least, should there be too many to be named. */
  enter(workspaceId: string, members: readonly string[]): void {
    this.workspaceId = workspaceId;
    this.members = members.slice(0, kMostWatched);
    if (this.presence.isCounted(workspaceId)) void this.watch(workspaceId);
    this.changed();
  }

  /** Rejects with a RequestError that says why not. */
  async choose(status: ChosenStatus): Promise<void> {
    this.own = (await this.connection.request("presence:status", { status })).status;
    this.changed();
  }

  /** The person does something: whoever does nothing for long is shown as away. */
  stir(): void {
    const { timers = systemTimers } = this.parts;
    if (this.connection.status !== "live" || timers.now() - this.activeAt < kActiveForMs) return;
    this.activeAt = timers.now();
    this.connection.notify("presence:active", {});
  }

  /** Follows exactly these channels: what is said there counts as unread until it is attended. */
  follow(channelIds: readonly string[]): void {
    for (const [id, channel] of this.channels) {
      if (channelIds.includes(id) || channel === this.shown) continue;
      channel.leave();
      this.channels.delete(id);
    }
    for (const id of channelIds) this.channel(id);
    if (this.settled) void this.joinOthers(this.welcomes);
    this.changed();
  }

  /** Shows one channel; the one shown before stays followed. */
  show(channelId: string): Channel {
    const channel = this.channel(channelId);
    if (channel === this.shown) return channel;
    this.shown?.putAside();
    this.shown = channel;
    channel.open();
    const { access } = channel.view;
    if (this.connection.status === "live" && (access === "outside" || access === "refused")) void channel.join();
    this.changed();
    return channel;
  }

  private channel(id: string): Channel {
    let channel = this.channels.get(id);
    if (channel === undefined) {
      const { rest, me, timers = systemTimers } = this.parts;
      channel = new Channel(id, { connection: this.connection, rest, me, timers, changed: () => this.changed() });
      this.channels.set(id, channel);
    }
    return channel;
  }

  private status(): ConnectionStatus {
    const { status } = this.connection;
    if (status !== "live" || this.settled) return status;
    return this.everSettled ? "reconnecting" : "connecting";
  }

  private async arrive(): Promise<void> {
    const welcome = ++this.welcomes;
    // All of it is told anew, after a recovery too.
    this.presence.clear();
    this.own = "online";
    this.changed();
    await this.shown?.join();
    if (welcome !== this.welcomes || this.connection.status !== "live") return;
    this.settled = this.everSettled = true;
    this.changed();
    await this.joinOthers(welcome);
  }

  private async sync(workspaceId: string): Promise<void> {
    // The state comes as an event, before the answer.
    await this.connection.request("presence:sync", { workspaceId }).catch(unanswered);
  }

  private async watch(workspaceId: string): Promise<void> {
    try {
      const { users } = await this.connection.request("presence:subscribe", { workspaceId, userIds: this.members });
      this.presence.watched(workspaceId, users);
      this.changed();
    } catch (error) {
      unanswered(error);
    }
  }

  /** One after the other, so that a long list of channels does not run into the server's limit on joins. */
  private async joinOthers(welcome: number): Promise<void> {
    for (const channel of [...this.channels.values()]) {
      if (welcome !== this.welcomes || !this.settled) return;
      const { access } = channel.view;
      if (access === "outside" || access === "rejoining") await channel.join();
    }
  }

  private depart(): void {
    this.settled = false;
    for (const channel of this.channels.values()) channel.connectionLost();
    this.changed();
  }

  private listen(): void {
    const handlers: Partial<ServerToClientEvents> = {
      "presence:state": (state) => {
        this.presence.stated(state);
        this.changed();
      },
      "presence:diff": (diff) => {
        if (!this.presence.changed(diff)) return void this.sync(diff.workspaceId);
        for (const { userId } of diff.offline) for (const channel of this.channels.values()) channel.typingStopped(userId);
        this.changed();
      },
      "presence:count": (count) => {
        if (this.presence.counted(count) && count.workspaceId === this.workspaceId) void this.watch(count.workspaceId);
        this.changed();
      },
      "presence:status": ({ status }) => {
        this.own = status;
        this.changed();
      },
      "message:new": (message) => this.channels.get(message.channelId)?.messageReceived(message),
      "message:edited": (edit) => this.channels.get(edit.channelId)?.messageEdited(edit),
      "message:deleted": (deletion) => this.channels.get(deletion.channelId)?.messageDeleted(deletion),
      "channel:typing": (typing) => this.channels.get(typing.channelId)?.typingStarted(typing),
      "channel:stop_typing": ({ channelId, userId }) => this.channels.get(channelId)?.typingStopped(userId),
      "channel:removed": ({ channelId }) => this.channels.get(channelId)?.removed(),
      error: (error: ErrorEvent) => {
        if (this.connection.status === "refused" || kAnswered.has(error.event ?? "")) return;
        this.parts.onNotice({ text: explain(error), code: error.code });
      },
    };
    for (const [event, handler] of Object.entries(handlers)) this.parts.wire.on(event, handler);
  }

  private changed(): void {
    this.state = undefined;
    for (const listener of this.listeners) listener();
  }
}

/** Who is there stays as it was shown; the next welcome brings it anew. */
function unanswered(error: unknown): void {
  if (!(error instanceof RequestError)) throw error;
}
