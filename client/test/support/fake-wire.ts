import type { Wire } from "../../src/connection";

type Listener = (...args: any[]) => void;

/** The socket's side of a connection, driven by a test: what the client said, and what the server says. */
export class FakeWire implements Wire {
  connected = false;
  recovered = false;
  active = true;
  connects = 0;
  disconnects = 0;
  readonly said: { event: string; payload: any; answer: ((reply: object) => void) | undefined }[] = [];
  private readonly listeners = new Map<string, Listener[]>();

  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  emit(event: string, payload: unknown, answer?: (reply: object) => void): void {
    this.said.push({ event, payload, answer });
  }

  connect(): void {
    this.connects++;
  }

  disconnect(): void {
    this.disconnects++;
    this.connected = false;
  }

  // The server's part

  welcome(userId = "alice"): void {
    this.connected = true;
    this.hear("connect");
    this.hear("welcome", { id: "s1", userId });
  }

  drop(reason = "transport close"): void {
    this.connected = false;
    this.hear("disconnect", reason);
  }

  hear(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
  }

  /** Takes the oldest thing said of this name that was not taken yet. */
  take(event: string): { payload: any; answer: (reply: object) => void } {
    const index = this.said.findIndex((one) => one.event === event);
    const [taken] = index < 0 ? [] : this.said.splice(index, 1);
    if (taken === undefined) throw new Error(`nothing said of ${event}; said: ${this.names().join(", ") || "nothing"}`);
    return { payload: taken.payload, answer: taken.answer ?? (() => undefined) };
  }

  names(): string[] {
    return this.said.map(({ event }) => event);
  }
}
