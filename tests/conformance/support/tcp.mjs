// Bare TCP: what is sent and received is octets.
import net from 'node:net';

export class Tcp {
  constructor(port) {
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.received = Buffer.alloc(0);
    this.ended = false;
    this.wake = () => {};
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.wake();
    });
    for (const event of ['end', 'close', 'error']) {
      this.socket.on(event, () => {
        this.ended = true;
        this.wake();
      });
    }
  }

  send(octets) {
    this.socket.write(octets);
    return this;
  }

  /** What `look(octets so far, whether these are all)` finds, as soon as it finds something. One wait at a time. */
  receive(look) {
    return new Promise((done) => {
      this.wake = () => {
        const found = look(this.received, this.ended);
        if (found === undefined) return;
        this.wake = () => {};
        done(found);
      };
      this.wake();
    });
  }

  /** Drops the first `count` octets. */
  take(count) {
    const taken = this.received.subarray(0, count);
    this.received = this.received.subarray(count);
    return taken;
  }

  destroy() { this.socket.destroy(); }
}
