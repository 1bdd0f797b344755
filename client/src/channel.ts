import { catchUp, newest } from "./catch-up";
import { kDisconnected, RequestError, type Connection } from "./connection";
import type { DeletedMessage, EditedMessage, NewMessage, TypingEvent, User } from "./events";
import { explain } from "./explain";
import * as logs from "./message-log";
import type { MessageLog } from "./message-log";
import { randomId } from "./random-id";
import type { MessageQuery, RestClient } from "./rest";
import type { Timers } from "./timers";
import { TypingReceiver, type Typist } from "./typing-receiver";
import { TypingSender } from "./typing-sender";

const kPageSize = 50;

export interface ChannelView {
  readonly id: string;
  /** `rejoining`: joined once, and waiting for the connection to come back. */
  readonly access: "outside" | "joining" | "joined" | "rejoining" | "refused";
  readonly refusal: string | undefined;
  readonly log: MessageLog;
  readonly history: "none" | "loading" | "ready" | "failed";
  readonly older: "idle" | "loading" | "failed";
  readonly typists: readonly Typist[];
  /** Messages of others that came while nobody attended. */
  readonly unread: number;
  /** Where the unread ones begin; stays after they were read, until the channel is left or answered. */
  readonly firstUnreadSeq: number | undefined;
}

/** What a channel borrows from the client that owns it. */
export interface ChannelHouse {
  readonly connection: Connection;
  readonly rest: RestClient;
  readonly me: User;
  readonly timers: Timers;
  changed(): void;
}

/** One channel as one user sees it: membership, messages, typing, what is unread. Lives until the client forgets it. */
export class Channel {
  private current: ChannelView;
  private opened = false;
  private attended = false;
  private joinTurn = 0;
  private catchUpTurn = 0;
  /** Everything above this seq may have been missed; undefined when nothing was. */
  private missedAbove: number | undefined;
  private readonly inFlight = new Set<string>();
  private readonly receiver = new TypingReceiver();
  private cancelExpiry: () => void = () => {};
  private readonly sender: TypingSender;

  constructor(id: string, private readonly house: ChannelHouse) {
    this.current = {
      id, access: "outside", refusal: undefined, log: logs.emptyLog, history: "none", older: "idle",
      typists: [], unread: 0, firstUnreadSeq: undefined,
    };
    const { connection } = house;
    this.sender = new TypingSender(
      {
        start: () => connection.notify("channel:typing", { channelId: id }),
        stop: () => connection.notify("channel:stop_typing", { channelId: id }),
      },
      house.timers,
    );
  }

  get view(): ChannelView {
    return this.current;
  }

  /** Shows the channel: from now on its history is kept complete. */
  open(): void {
    this.opened = true;
    if (this.current.access === "joined" && this.current.history === "none") void this.catchUp(0);
  }

  /** Another channel is shown now. */
  putAside(): void {
    this.sender.stop();
    this.attended = false;
    this.patch({ firstUnreadSeq: undefined });
  }

  /** Somebody is looking at the newest messages (or no longer is). */
  attend(attended: boolean): void {
    this.attended = attended;
    if (attended && this.current.unread > 0) this.patch({ unread: 0 });
  }

  /** Resolves when the server has answered; what was missed is fetched after that. */
  async join(): Promise<void> {
    const turn = ++this.joinTurn;
    const known = this.current.log.lastSeq;
    this.patch({ access: this.current.access === "rejoining" ? "rejoining" : "joining", refusal: undefined });
    try {
      const reply = await this.house.connection.request("channel:join", { channelId: this.current.id });
      if (turn !== this.joinTurn) return;
      this.patch({ access: "joined" });
      for (const typist of reply.typing ?? []) this.typingStarted({ channelId: this.current.id, ...typist });
      if (this.opened) void this.catchUp(this.current.history === "ready" ? known : 0, reply.lastSeq);
      else this.countMissed(known, reply.lastSeq);
      for (const { state, clientMsgId } of this.current.log.outgoing) if (state === "sending") void this.transmit(clientMsgId);
    } catch (error) {
      if (turn === this.joinTurn && !isDisconnected(error)) this.patch({ access: "refused", refusal: explain(asError(error)) });
    }
  }

  leave(): void {
    this.connectionLost();
    this.house.connection.notify("channel:leave", { channelId: this.current.id });
  }

  removed(): void {
    this.connectionLost();
    this.patch({ access: "refused", refusal: "You were removed from this channel." });
  }

  connectionLost(): void {
    this.joinTurn++;
    this.sender.forget();
    this.receiver.clear();
    this.cancelExpiry();
    const { access } = this.current;
    this.patch({ access: access === "joined" || access === "rejoining" ? "rejoining" : "outside", typists: [] });
  }

  // Messages

  send(content: string): void {
    const text = content.trim();
    if (text === "") return;
    const clientMsgId = randomId();
    const createdAt = new Date(this.house.timers.now()).toISOString();
    this.patch({
      log: logs.written(this.current.log, { clientMsgId, content: text, createdAt, sender: this.house.me }),
      firstUnreadSeq: undefined,
    });
    void this.transmit(clientMsgId);
    this.sender.stop();
  }

  retry(clientMsgId: string): void {
    this.patchLog(logs.retried(this.current.log, clientMsgId));
    void this.transmit(clientMsgId);
  }

  discard(clientMsgId: string): void {
    this.patchLog(logs.discarded(this.current.log, clientMsgId));
  }

  /** Rejects with a RequestError that says why not. */
  async edit(messageId: string, content: string): Promise<void> {
    const revision = () => this.current.log.sent.find((message) => message.messageId === messageId)?.rev;
    const before = revision();
    await this.house.connection.request("message:edit", { messageId, content });
    // The event usually came first; without it (or without revisions) the acknowledgement is the news.
    if (revision() !== before) return;
    const updatedAt = new Date(this.house.timers.now()).toISOString();
    this.patchLog(logs.edited(this.current.log, { messageId, content, updatedAt }));
  }

  /** Rejects with a RequestError that says why not. */
  async remove(messageId: string): Promise<void> {
    await this.house.connection.request("message:delete", { messageId });
    this.messageDeleted({ messageId });
  }

  messageReceived(message: NewMessage): void {
    const { log, history } = this.current;
    const isNew = !log.deleted.has(message.messageId) && !log.sent.some(({ messageId }) => messageId === message.messageId);
    this.patchLog(logs.received(log, message));
    if (isNew && message.senderId !== this.house.me.id) this.countUnread(1, message.seq);
    if (history === "ready" && message.prevSeq !== undefined && message.prevSeq > log.lastSeq) void this.catchUp(log.lastSeq);
  }

  messageEdited(edit: EditedMessage): void {
    this.patchLog(logs.edited(this.current.log, edit));
  }

  messageDeleted(deletion: Pick<DeletedMessage, "messageId">): void {
    this.patchLog(logs.deleted(this.current.log, deletion));
  }

  async loadOlder(): Promise<void> {
    const { history, older, log, id } = this.current;
    if (history !== "ready" || older === "loading" || !log.hasOlder) return;
    this.patch({ older: "loading" });
    try {
      const page = await this.house.rest.messages(id, { before: log.sent[0]?.messageId, limit: kPageSize });
      this.patch({
        older: "idle",
        log: logs.pageLoaded(this.current.log, { messages: page.messages, hasOlder: page.hasMore }),
      });
    } catch {
      this.patch({ older: "failed" });
    }
  }

  /** Reads the newest history again after it failed. */
  reload(): void {
    void this.catchUp(this.missedAbove ?? 0);
  }

  // Typing

  /** The composer's whole text after each keystroke. */
  composing(text: string): void {
    this.sender.input(text);
  }

  typingStarted({ userId, userName }: TypingEvent): void {
    if (userId === this.house.me.id) return;
    this.receiver.started({ userId, userName }, this.house.timers.now());
    this.showTypists();
  }

  typingStopped(userId: string): void {
    if (this.receiver.stopped(userId)) this.showTypists();
  }

  private showTypists(): void {
    this.patch({ typists: this.receiver.list() });
    this.cancelExpiry();
    const next = this.receiver.nextExpiry();
    if (next === undefined) return;
    this.cancelExpiry = this.house.timers.after(next - this.house.timers.now(), () => {
      this.receiver.expire(this.house.timers.now());
      this.showTypists();
    });
  }

  private async transmit(clientMsgId: string): Promise<void> {
    const message = logs.findOutgoing(this.current.log, clientMsgId);
    if (message === undefined || this.inFlight.has(clientMsgId)) return;
    this.inFlight.add(clientMsgId);
    const { id } = this.current;
    try {
      const payload = { channelId: id, content: message.content, clientMsgId };
      const reply = await this.house.connection.request("message:send", payload);
      this.patchLog(logs.acknowledged(this.current.log, id, clientMsgId, reply));
    } catch (error) {
      // A lost connection leaves it `sending`: the next join sends it again, and the id keeps it from being sent twice.
      if (!isDisconnected(error)) this.patchLog(logs.failed(this.current.log, clientMsgId, explain(asError(error))));
    } finally {
      this.inFlight.delete(clientMsgId);
    }
  }

  /** Makes the log complete above `known`, a seq below which nothing is missing; one page of the newest when it is 0. */
  private async catchUp(known: number, upTo?: number): Promise<void> {
    const turn = ++this.catchUpTurn;
    const { history, log } = this.current;
    const floor = Math.min(known, this.missedAbove ?? Infinity);
    const last = history === "ready" ? log.sent.findLast(({ seq }) => seq <= floor) : undefined;
    this.missedAbove = floor;
    if (history !== "ready") this.patch({ history: "loading" });
    const read = (query: MessageQuery) => this.house.rest.messages(this.current.id, query);
    try {
      for await (const step of last === undefined ? newest(read, upTo) : catchUp(read, last, upTo)) {
        if (turn !== this.catchUpTurn) return;
        const before = this.current.log;
        this.patchLog(step(before));
        if (history === "ready") this.countAdded(before, floor);
      }
      this.missedAbove = undefined;
      this.patch({ history: "ready", older: "idle" });
    } catch {
      if (turn === this.catchUpTurn && history !== "ready") this.patch({ history: "failed" });
    }
  }

  private countAdded(before: MessageLog, above: number): void {
    const held = new Set(before.sent.map(({ messageId }) => messageId));
    const added = this.current.log.sent.filter(
      ({ messageId, seq, senderId }) => seq > above && senderId !== this.house.me.id && !held.has(messageId),
    );
    this.countUnread(added.length, added[0]?.seq ?? Infinity);
  }

  /** For a channel that is not open: how much was said while the connection was away. */
  private countMissed(known: number, lastSeq: number | undefined): void {
    if (lastSeq === undefined) return;
    if (known > 0 && lastSeq > known) this.countUnread(lastSeq - known, known + 1);
    this.patchLog({ ...this.current.log, lastSeq: Math.max(lastSeq, this.current.log.lastSeq) });
  }

  private countUnread(count: number, seq: number): void {
    if (this.attended || count === 0) return;
    const { unread, firstUnreadSeq } = this.current;
    this.patch({ unread: unread + count, firstUnreadSeq: Math.min(seq, firstUnreadSeq ?? Infinity) });
  }

  private patchLog(log: MessageLog): void {
    this.patch({ log });
  }

  private patch(change: Partial<ChannelView>): void {
    this.current = { ...this.current, ...change };
    this.house.changed();
  }
}

function isDisconnected(error: unknown): boolean {
  return error instanceof RequestError && error.code === kDisconnected;
}

function asError(error: unknown): RequestError {
  return error instanceof RequestError ? error : new RequestError({ message: String(error) });
}
