import { EventStreamParser, type StreamEvent } from "./event-stream-parser";
import { systemTimers, type Timers } from "./timers";

export type { StreamEvent } from "./event-stream-parser";

const kFirstRetryMs = 3_000;
const kLongestRetryMs = 30_000;
/** The server says something at least every 15 s: three silent turns mean that the line is dead. */
const kSilenceMs = 45_000;

/**
 * A server-sent event stream read with fetch, because EventSource cannot send a bearer header. Reconnects by itself,
 * until `close()` or until the server says that it is no use (204, or 4xx other than 429).
 */
export class EventStream {
  private parser = new EventStreamParser();
  private abort: AbortController | undefined;
  private cancelTimer: () => void = () => {};
  private failures = 0;
  private closed = false;

  constructor(
    private readonly source: { url: string; token?: string },
    private readonly onEvent: (event: StreamEvent) => void,
    private readonly timers: Timers = systemTimers,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {
    void this.run();
  }

  close(): void {
    this.closed = true;
    this.cancelTimer();
    this.abort?.abort();
  }

  private async run(): Promise<void> {
    const useful = await this.readOnce().catch(() => true);
    this.cancelTimer();
    if (this.closed || !useful) return;
    const base = this.parser.retryMs ?? kFirstRetryMs;
    const delay = Math.min(base * 2 ** Math.min(this.failures++, 4), kLongestRetryMs);
    this.cancelTimer = this.timers.after(delay, () => void this.run());
  }

  /** False: the server does not want this stream. Throws or returns true when it broke and may be tried again. */
  private async readOnce(): Promise<boolean> {
    this.abort = new AbortController();
    this.watchSilence();
    const { signal } = this.abort;
    const response = await this.fetcher(this.source.url, { headers: this.headers(), signal, cache: "no-store" });
    if (response.status === 204 || (response.status >= 400 && response.status < 500 && response.status !== 429)) return false;
    if (!response.ok || response.body === null) return true;

    const { lastEventId, retryMs } = this.parser;
    this.parser = Object.assign(new EventStreamParser(), { lastEventId, retryMs });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      this.failures = 0;
      this.watchSilence();
      for (const event of this.parser.feed(decoder.decode(chunk.value, { stream: true }))) {
        if (!this.closed) this.onEvent(event);
      }
    }
    return true;
  }

  private headers(): Record<string, string> {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (this.source.token !== undefined) headers.authorization = `Bearer ${this.source.token}`;
    if (this.parser.lastEventId !== "") headers["last-event-id"] = this.parser.lastEventId;
    return headers;
  }

  private watchSilence(): void {
    this.cancelTimer();
    this.cancelTimer = this.timers.after(kSilenceMs, () => this.abort?.abort());
  }
}
