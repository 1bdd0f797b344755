import type { Acknowledgement, ErrorEvent, Notifications, Requests, WireError } from "./events";
import { systemTimers, type Timers } from "./timers";

/** What this package needs of a socket.io-client Socket; tests hand in their own. */
export interface Wire {
  readonly connected: boolean;
  /** The server gave this connection its old session back (connection state recovery): no `welcome` follows. */
  readonly recovered?: boolean;
  /** False when socket.io will not try again by itself. */
  readonly active: boolean;
  on(event: string, listener: (...args: any[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/**
 * `connecting` until the first welcome, `live` between a welcome and the loss of the connection, `reconnecting` while
 * it is tried again, `stopped` when only a person should try again, `refused` when the token is no good.
 */
export type ConnectionStatus = "connecting" | "live" | "reconnecting" | "stopped" | "refused";

export class RequestError extends Error {
  readonly code: string;
  readonly status: number | undefined;

  constructor({ code, message, detail, status }: WireError) {
    super(detail ?? message);
    this.name = "RequestError";
    this.code = code ?? "UNKNOWN";
    this.status = status;
  }
}

/** Nobody knows whether the server has seen the request: ask again once the connection is back. */
export const kDisconnected = "DISCONNECTED";
export const kTimedOut = "TIMED_OUT";

const kRequestTimeoutMs = 10_000;
const kRetryAfterServerCloseMs = 2_000;
const kEvicted = "TOO_MANY_CONNECTIONS";

/** One user's connection: its state, requests with acknowledgements, and what ends it for good. */
export class Connection {
  private current: ConnectionStatus = "connecting";
  private stopReason: string | undefined;
  private cancelRetry: () => void = () => {};
  private readonly pending = new Set<(error: RequestError) => void>();

  constructor(
    private readonly wire: Wire,
    private readonly owner: {
      /** A fresh session: nothing is joined, nobody is known to be online. */
      onLive: () => void;
      onLost: () => void;
      onStatus: () => void;
      onRefused: (error: WireError) => void;
    },
    private readonly timers: Timers = systemTimers,
  ) {
    wire.on("connect", () => {
      if (wire.recovered) this.becomeLive();
    });
    wire.on("welcome", () => this.becomeLive());
    wire.on("disconnect", (reason: string) => this.lose(reason));
    wire.on("connect_error", (error: Error & { data?: WireError }) => this.failToConnect(error));
    wire.on("error", (error: ErrorEvent) => this.noteError(error));
  }

  get status(): ConnectionStatus {
    return this.current;
  }

  /** Why the status is `stopped`, for people. */
  get reason(): string | undefined {
    return this.stopReason;
  }

  open(): void {
    if (this.current === "stopped") this.become("connecting");
    this.wire.connect();
  }

  /** Drops whatever delay is running and tries at once. */
  retryNow(): void {
    if (this.current === "live" || this.current === "refused") return;
    this.cancelRetry();
    this.stopReason = undefined;
    this.become(this.current === "connecting" ? "connecting" : "reconnecting");
    this.wire.disconnect();
    this.wire.connect();
  }

  close(): void {
    this.cancelRetry();
    this.current = "stopped";
    this.wire.disconnect();
    this.rejectPending();
  }

  notify<Event extends keyof Notifications>(event: Event, payload: Notifications[Event]): void {
    if (this.current === "live") this.wire.emit(event, payload);
  }

  /** Resolves with the acknowledgement's fields; rejects with a RequestError, kDisconnected and kTimedOut among its codes. */
  request<Event extends keyof Requests>(event: Event, payload: Requests[Event]["payload"]): Promise<Requests[Event]["reply"]> {
    return new Promise((resolve, reject) => {
      if (this.current !== "live") return reject(disconnected());
      const settle = (action: () => void) => {
        this.pending.delete(fail);
        cancelTimeout();
        action();
      };
      const fail = (error: RequestError) => settle(() => reject(error));
      const cancelTimeout = this.timers.after(kRequestTimeoutMs, () =>
        fail(new RequestError({ code: kTimedOut, message: "The server did not answer" })),
      );
      this.pending.add(fail);
      this.wire.emit(event, payload, (reply: Acknowledgement<Requests[Event]["reply"]>) => {
        if (!this.pending.has(fail)) return;
        if (reply.ok) settle(() => resolve(reply));
        else fail(new RequestError(reply.error));
      });
    });
  }

  private becomeLive(): void {
    this.cancelRetry();
    this.become("live");
    this.owner.onLive();
  }

  private lose(reason: string): void {
    if (this.current === "stopped" || this.current === "refused") return;
    const wasLive = this.current === "live";
    this.rejectPending();
    if (this.stopReason !== undefined) this.become("stopped");
    else this.become("reconnecting");
    if (wasLive) this.owner.onLost();
    // socket.io takes a server's word as final; here it only says that the server went away.
    if (this.current === "reconnecting" && reason === "io server disconnect") this.retryLater();
  }

  private failToConnect(error: Error & { data?: WireError }): void {
    if (error.data?.status === 401) return this.refuse({ ...error.data, message: error.message });
    this.become("reconnecting");
    if (!this.wire.active) this.retryLater();
  }

  private noteError(error: ErrorEvent): void {
    const aboutToken = error.event === undefined && (error.status === 401 || error.message === "Invalid authentication token");
    if (aboutToken) this.refuse(error);
    else if (error.code === kEvicted) this.stopReason = "This account is open in too many places";
  }

  private refuse(error: WireError): void {
    if (this.current === "refused") return;
    this.become("refused");
    this.rejectPending();
    this.wire.disconnect();
    this.owner.onRefused(error);
  }

  private retryLater(): void {
    this.cancelRetry();
    this.cancelRetry = this.timers.after(kRetryAfterServerCloseMs, () => this.wire.connect());
  }

  private become(status: ConnectionStatus): void {
    if (status === this.current) return;
    this.current = status;
    this.owner.onStatus();
  }

  private rejectPending(): void {
    for (const fail of [...this.pending]) fail(disconnected());
  }
}

function disconnected(): RequestError {
  return new RequestError({ code: kDisconnected, message: "Not connected" });
}
