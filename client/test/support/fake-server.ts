import type { Message } from "../../src/events";
import { ApiError, type MessagePage, type MessageQuery, type RestClient } from "../../src/rest";
import { message } from "./messages";

/** The REST side with one channel's messages in memory; `queries` tells what was asked. */
export class FakeServer {
  readonly queries: MessageQuery[] = [];
  failing = false;
  private kept: Message[] = [];

  put(...seqs: number[]): Message[] {
    const added = seqs.map((seq) => message(seq));
    this.kept.push(...added);
    return added;
  }

  remove(seq: number): void {
    this.kept = this.kept.filter((other) => other.seq !== seq);
  }

  change(seq: number, content: string): void {
    this.kept = this.kept.map((other) =>
      other.seq === seq ? { ...other, content, rev: (other.rev ?? 1) + 1, isEdited: true } : other,
    );
  }

  rest(): RestClient {
    const routes: Pick<RestClient, "messages"> = { messages: async (_channelId, query) => this.page(query) };
    return routes as RestClient;
  }

  page(query: MessageQuery): MessagePage {
    this.queries.push(query);
    if (this.failing) throw new ApiError(0, { code: "NETWORK", message: "The server cannot be reached" });
    const { limit = 50 } = query;
    const above = query.after === undefined ? 0 : this.seqOf(query.after);
    const below = query.before === undefined ? Infinity : this.seqOf(query.before);
    const fitting = this.kept.filter(({ seq }) => seq > above && seq < below);
    const messages = query.after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit);
    return { messages: [...messages].reverse(), hasMore: fitting.length > limit };
  }

  private seqOf(messageId: string): number {
    const found = this.kept.find((other) => other.messageId === messageId);
    if (found === undefined) throw new ApiError(422, { code: "VALIDATION_FAILED", message: "No such message" });
    return found.seq;
  }
}
