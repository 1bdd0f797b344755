/** One dispatched server-sent event. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * Server-sent events (HTML Living Standard, section 9.2.6) without the network: feed text as it comes, get whole events.
 *   stream = *( field ": " value EOL / ":" comment EOL / EOL )        an empty line dispatches; EOL = CRLF / LF / CR
 */
export class EventStreamParser {
  /** Last `id:` seen, to be sent as Last-Event-ID. */
  lastEventId = "";
  /** Last `retry:` seen, in milliseconds. */
  retryMs: number | undefined;

  private rest = "";
  private name = "";
  private data: string[] = [];

  feed(text: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.rest += text;
    for (let line = this.nextLine(); line !== undefined; line = this.nextLine()) {
      if (line !== "") this.field(line);
      else if (this.data.length > 0) events.push(this.dispatch());
      else this.name = "";
    }
    return events;
  }

  private nextLine(): string | undefined {
    const end = this.rest.search(/[\r\n]/);
    // A CR at the very end may be half of a CRLF: wait for what follows.
    if (end < 0 || (this.rest[end] === "\r" && end === this.rest.length - 1)) return undefined;
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(this.rest.startsWith("\r\n", end) ? end + 2 : end + 1);
    return line;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.name = value;
    else if (field === "data") this.data.push(value);
    else if (field === "id" && !value.includes("\0")) this.lastEventId = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retryMs = Number(value);
  }

  private dispatch(): StreamEvent {
    const event = { name: this.name || "message", data: this.data.join("\n") };
    this.name = "";
    this.data = [];
    return event;
  }
}
