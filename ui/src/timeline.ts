import type { MessageLog, OutgoingMessage, SentMessage } from "@atrium/client";
import { dayKey } from "./dates";

/** Messages of one author this close together read as one piece. */
const kGroupMs = 5 * 60_000;

export type ShownMessage = SentMessage | OutgoingMessage;

export type TimelineRow =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | { readonly kind: "unread"; readonly key: string }
  | { readonly kind: "message"; readonly key: string; readonly message: ShownMessage; readonly continues: boolean };

/** The rows of a channel, oldest first: messages grouped by author, with a line where a day or the unread ones begin. */
export function timeline(log: MessageLog, firstUnreadSeq: number | undefined): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let above: ShownMessage | undefined;
  let unreadMarked = firstUnreadSeq === undefined;
  for (const message of [...log.sent, ...log.outgoing]) {
    const newDay = above === undefined || dayKey(above.createdAt) !== dayKey(message.createdAt);
    if (newDay) rows.push({ kind: "day", key: `day-${dayKey(message.createdAt)}-${message.key}`, at: message.createdAt });
    const unreadHere = !unreadMarked && "seq" in message && message.seq >= (firstUnreadSeq ?? Infinity);
    if (unreadHere) {
      rows.push({ kind: "unread", key: "unread" });
      unreadMarked = true;
    }
    const continues =
      !newDay && !unreadHere && above !== undefined && above.senderId === message.senderId &&
      Date.parse(message.createdAt) - Date.parse(above.createdAt) < kGroupMs;
    rows.push({ kind: "message", key: message.key, message, continues });
    above = message;
  }
  return rows;
}
