import type { Message } from "./events";
import * as logs from "./message-log";
import type { MessageLog } from "./message-log";
import { ApiError, type MessagePage, type MessageQuery } from "./rest";

const kFirstPageSize = 50;
const kPageSize = 100;
/** A longer gap is left to be read by scrolling. */
const kMostPages = 10;

type ReadPage = (query: MessageQuery) => Promise<MessagePage>;
type Step = (log: MessageLog) => MessageLog;

/** The one step of a log that holds nothing yet, or nothing to go on from: the newest page. */
export async function* newest(read: ReadPage, upTo?: number): AsyncGenerator<Step> {
  const { messages, hasMore } = await read({ limit: kFirstPageSize });
  const oldest = messages.at(-1);
  yield (log) => {
    const next = logs.pageLoaded(log, { messages, hasOlder: hasMore, upTo });
    return hasMore && oldest !== undefined ? logs.forgottenBelow(next, oldest.seq) : next;
  };
}

/**
 * Steps that complete a log after an absence, each to be applied as it comes: first what was said since `last` (the newest
 * message known to have nothing missing below it), then the newest page as a whole, for edits and deletions.
 * `upTo` is a seq known to be committed already.
 */
export async function* catchUp(read: ReadPage, last: { messageId: string; seq: number }, upTo?: number): AsyncGenerator<Step> {
  let reached = last;
  let complete = false;
  for (let pages = 0; pages < kMostPages && !complete; pages++) {
    const messages = await above(read, reached.messageId);
    if (messages === undefined) break;
    yield (log) => logs.pageLoaded(log, { messages, hasOlder: true });
    reached = messages[0] ?? reached;
    complete = messages.length < kPageSize;
  }
  const page = await read({ limit: kPageSize });
  const oldest = page.messages.at(-1);
  yield (log) => {
    const next = logs.pageLoaded(log, { messages: page.messages, hasOlder: page.hasMore, upTo });
    const gap = !complete && oldest !== undefined && page.hasMore && oldest.seq > reached.seq + 1;
    return gap ? logs.forgottenBelow(next, oldest.seq) : next;
  };
}

/** Undefined where the server no longer takes the message as a mark. */
async function above(read: ReadPage, messageId: string): Promise<readonly Message[] | undefined> {
  try {
    return (await read({ after: messageId, limit: kPageSize })).messages;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  }
}
