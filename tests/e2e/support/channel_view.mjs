// A channel as a client keeps it that follows the rules of catching up: each message once, by its seq, as it is now.
import assert from 'node:assert/strict';

export class ChannelView {
  /** `last`: the newest seq that the client knows already. */
  constructor(last = 0) {
    this.last = last;
    this.messages = new Map();
  }

  /** Takes over one recorded event; fails on a gap, on a repetition and on a step back. */
  apply({ event, data }) {
    if (!['message:new', 'message:edited', 'message:deleted'].includes(event)) return;
    const { seq, modSeq, content = '' } = data;
    const where = `${event} ${JSON.stringify(data)}`;
    if (event === 'message:new' || (event === 'message:deleted' && seq > this.last)) {
      assert.equal(seq, this.last + 1, `not the next after ${this.last}: ${where}`);
      if (event === 'message:new') assert.equal(data.prevSeq, this.last, where);
      this.last = seq;
    }
    assert.ok(seq <= this.last, `of a message that was not told: ${where}`);
    assert.ok(modSeq > (this.messages.get(seq)?.modSeq ?? 0), `told twice, or backwards: ${where}`);
    this.messages.set(seq, { modSeq, content });
  }

  static of(client, last) {
    const view = new ChannelView(last);
    for (const entry of client.log) view.apply(entry);
    return view;
  }
}
