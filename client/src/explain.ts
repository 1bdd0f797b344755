import type { WireError } from "./events";

const kExplanations: Readonly<Record<string, string>> = {
  RATE_LIMITED: "That was a little fast. Wait a moment and try again.",
  NOT_CHANNEL_MEMBER: "You are not a member of this channel.",
  CHANNEL_NOT_FOUND: "This channel does not exist, or is not open to you.",
  NOT_MESSAGE_AUTHOR: "Only the author can change a message.",
  MESSAGE_NOT_FOUND: "This message is gone already.",
  TYPING_DISABLED: "This channel is too large for typing indicators.",
  TOKEN_INVALID: "This token is not valid.",
  TOKEN_EXPIRED: "Your session has expired.",
};

/** A server's error in a sentence for people; its own words where the code is not a known one. */
export function explain({ code, message, detail }: WireError): string {
  return (code !== undefined && kExplanations[code]) || (detail ?? message);
}
