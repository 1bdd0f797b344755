import { systemTimers, type Timers } from "./timers";

/** At most one start in this time. Less than a third of the server's shortest time-to-live (10 s): two may be lost. */
const kRefreshMs = 3_000;
const kIdleMs = 2_000;

/**
 * Turns the keystrokes in one channel's composer into typing events: one start, a refresh while it goes on, and one stop
 * after a pause, when the text is gone or sent, or when the channel is left.
 */
export class TypingSender {
  private typing = false;
  private startedAt = 0;
  private cancelIdle: () => void = () => {};

  constructor(
    private readonly emit: { start: () => void; stop: () => void },
    private readonly timers: Timers = systemTimers,
  ) {}

  /** The composer's whole text after a keystroke. */
  input(text: string): void {
    if (text.trim() === "") return this.stop();
    const now = this.timers.now();
    if (!this.typing || now - this.startedAt >= kRefreshMs) {
      this.typing = true;
      this.startedAt = now;
      this.emit.start();
    }
    this.cancelIdle();
    this.cancelIdle = this.timers.after(kIdleMs, () => this.stop());
  }

  stop(): void {
    if (!this.typing) return;
    this.forget();
    this.emit.stop();
  }

  /** The connection is lost, and the server has ended it: say nothing. */
  forget(): void {
    this.cancelIdle();
    this.typing = false;
  }
}
