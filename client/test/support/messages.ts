import type { Message, NewMessage } from "../../src/events";

/** The message at one place of the channel "general", by bob unless said otherwise. */
export function message(seq: number, change: Partial<NewMessage> = {}): Message & NewMessage {
  return {
    messageId: `m${seq}`,
    channelId: "general",
    senderId: "bob",
    senderName: "Bob",
    content: `number ${seq}`,
    createdAt: new Date(Date.UTC(2025, 2, 3, 12, 0, seq)).toISOString(),
    seq,
    rev: 1,
    ...change,
  };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
