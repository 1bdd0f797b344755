// A TCP proxy before a server, for what happens to connections on the way.
import { once } from 'node:events';
import net from 'node:net';

export class Proxy {
  #pairs = new Set();
  #ends = [];

  /** Looks like the server to clients: it has a `url`, and `onEnd`. New connections go to its `target`. */
  static async before(server) {
    const proxy = new Proxy();
    proxy.target = server;
    proxy.listener = net.createServer((near) => proxy.#carry(near, net.connect(proxy.target.port, '127.0.0.1')));
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`;
    proxy.onEnd = (action) => proxy.#ends.push(action);
    server.onEnd(() => {
      for (const action of proxy.#ends.splice(0)) action();
      proxy.cut();
      proxy.listener.close();
    });
    return proxy;
  }

  #carry(near, far) {
    const pair = [near, far];
    this.#pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
  }

  /** All connections break now; new ones are carried. */
  cut() {
    for (const pair of [...this.#pairs]) for (const socket of pair) socket.destroy();
  }

  /** Nothing passes any more on the connections there are, and neither end is told. */
  stall() {
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
      near.pause();
      // The end of the far side must still be seen, and not be passed on.
      far.removeAllListeners('close');
      far.resume();
    }
  }
}
