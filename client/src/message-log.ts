import type { DeletedMessage, EditedMessage, Message, NewMessage, SendReply, User } from "./events";

// One channel's messages as a value: each verb takes a log and gives the next one.
// Invariant: `sent` holds each messageId once, in growing `seq`; `outgoing` follows it in the order written.

export interface SentMessage extends Message {
  /** Stays the same from the moment of writing through the acknowledgement, so that a view keeps its row. */
  readonly key: string;
}

export interface OutgoingMessage {
  readonly key: string;
  readonly clientMsgId: string;
  readonly content: string;
  readonly createdAt: string;
  readonly senderId: string;
  readonly senderName: string;
  /** `sending` also covers waiting for the connection to come back. */
  readonly state: "sending" | "failed";
  readonly reason?: string;
}

export interface MessageLog {
  readonly sent: readonly SentMessage[];
  readonly outgoing: readonly OutgoingMessage[];
  /** Ids seen deleted: a history page read a moment earlier must not bring them back. */
  readonly deleted: ReadonlySet<string>;
  /** Highest seq heard of, deleted ones included; 0 before anything. */
  readonly lastSeq: number;
  /** Messages older than the first held one exist on the server. */
  readonly hasOlder: boolean;
}

export const emptyLog: MessageLog = { sent: [], outgoing: [], deleted: new Set(), lastSeq: 0, hasOlder: false };

/** A live message; an echo of our own replaces what was written here. */
export function received(log: MessageLog, message: NewMessage): MessageLog {
  const own = message.clientMsgId === undefined ? undefined : findOutgoing(log, message.clientMsgId);
  const next: MessageLog = {
    ...log,
    outgoing: own === undefined ? log.outgoing : log.outgoing.filter((other) => other !== own),
    lastSeq: Math.max(log.lastSeq, message.seq),
  };
  return { ...next, sent: place(next, { ...onlyMessage(message), key: own?.key ?? message.messageId }) };
}

/**
 * A page of history, newest first. It is the truth for the range it covers: what is held there and not in the page was
 * deleted. `upTo` widens that range upwards to a seq known to be committed before the page was read.
 */
export function pageLoaded(
  log: MessageLog,
  page: { messages: readonly Message[]; hasOlder: boolean; upTo?: number },
): MessageLog {
  const seqs = page.messages.map((message) => message.seq);
  const low = page.hasOlder ? Math.min(...seqs, Infinity) : 0;
  const high = Math.max(...seqs, page.upTo ?? 0);
  const inPage = new Set(page.messages.map((message) => message.messageId));
  const firstHeld = log.sent[0]?.seq ?? Infinity;
  let next: MessageLog = {
    ...log,
    sent: log.sent.filter(({ seq, messageId }) => seq < low || seq > high || inPage.has(messageId)),
    lastSeq: Math.max(log.lastSeq, high),
    hasOlder: low <= firstHeld ? page.hasOlder : log.hasOlder,
  };
  for (const message of [...page.messages].reverse()) {
    next = { ...next, sent: place(next, { ...message, key: message.messageId }) };
  }
  return next;
}

/** Forgets everything older than `seq`, where a gap too long to fill begins. */
export function forgottenBelow(log: MessageLog, seq: number): MessageLog {
  return { ...log, sent: log.sent.filter((message) => message.seq >= seq), hasOlder: true };
}

export function edited(log: MessageLog, edit: Pick<EditedMessage, "messageId" | "content" | "updatedAt" | "rev">): MessageLog {
  return {
    ...log,
    sent: log.sent.map((message) =>
      message.messageId === edit.messageId && !isNewer(message, edit)
        ? { ...message, content: edit.content, updatedAt: edit.updatedAt, rev: edit.rev ?? message.rev, isEdited: true }
        : message,
    ),
  };
}

export function deleted(log: MessageLog, { messageId }: Pick<DeletedMessage, "messageId">): MessageLog {
  return {
    ...log,
    sent: log.sent.filter((message) => message.messageId !== messageId),
    deleted: new Set(log.deleted).add(messageId),
  };
}

export function written(
  log: MessageLog,
  message: { clientMsgId: string; content: string; createdAt: string; sender: User },
): MessageLog {
  const { clientMsgId, content, createdAt, sender } = message;
  const outgoing: OutgoingMessage = {
    key: clientMsgId, clientMsgId, content, createdAt, senderId: sender.id, senderName: sender.name, state: "sending",
  };
  return { ...log, outgoing: [...log.outgoing, outgoing] };
}

/** The acknowledgement: it may come before the echo, after it, or without one. */
export function acknowledged(log: MessageLog, channelId: string, clientMsgId: string, reply: SendReply): MessageLog {
  const own = findOutgoing(log, clientMsgId);
  if (own === undefined) return log;
  const { key, content, senderId, senderName } = own;
  const { messageId, seq, createdAt } = reply;
  return received(log, { messageId, seq, createdAt, channelId, clientMsgId: key, content, senderId, senderName });
}

export function failed(log: MessageLog, clientMsgId: string, reason: string): MessageLog {
  return replaceOutgoing(log, clientMsgId, { state: "failed", reason });
}

export function retried(log: MessageLog, clientMsgId: string): MessageLog {
  return replaceOutgoing(log, clientMsgId, { state: "sending", reason: undefined });
}

export function discarded(log: MessageLog, clientMsgId: string): MessageLog {
  return { ...log, outgoing: log.outgoing.filter((message) => message.clientMsgId !== clientMsgId) };
}

export function findOutgoing(log: MessageLog, clientMsgId: string): OutgoingMessage | undefined {
  return log.outgoing.find((message) => message.clientMsgId === clientMsgId);
}

function replaceOutgoing(log: MessageLog, clientMsgId: string, change: Partial<OutgoingMessage>): MessageLog {
  return {
    ...log,
    outgoing: log.outgoing.map((message) => (message.clientMsgId === clientMsgId ? { ...message, ...change } : message)),
  };
}

/** `sent` with the message in its place: the newer version where it is held already, nowhere where it was deleted. */
function place(log: MessageLog, message: SentMessage): readonly SentMessage[] {
  if (log.deleted.has(message.messageId)) return log.sent;
  const held = log.sent.find((other) => other.messageId === message.messageId);
  if (held !== undefined) {
    if (isNewer(held, message)) return log.sent;
    return log.sent.map((other) => (other === held ? { ...held, ...message, key: held.key } : other));
  }
  const above = log.sent.findLastIndex((other) => other.seq < message.seq) + 1;
  return [...log.sent.slice(0, above), message, ...log.sent.slice(above)];
}

function isNewer(held: Message, other: { rev?: number }): boolean {
  return held.rev !== undefined && other.rev !== undefined && held.rev > other.rev;
}

function onlyMessage({ prevSeq: _prevSeq, clientMsgId: _clientMsgId, ...message }: NewMessage): Message {
  return message;
}
