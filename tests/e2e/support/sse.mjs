// A reader of server-sent events over plain HTTP.
import http from 'node:http';
import { soon, within, SOON_MS } from './waiting.mjs';
import { tokenOf } from './token.mjs';

export class EventStream {
  /** Opens the stream as `user`; `status` and `headers` are those of the response, which must be a stream to be read. */
  static async open(server, path, user, headers = {}) {
    const stream = new EventStream();
    stream.events = [];
    stream.comments = [];
    stream.text = '';
    stream.more = [];
    const response = await soon(new Promise((done, fail) => {
      stream.request = http.get(server.url + path, {
        agent: false,
        headers: { accept: 'text/event-stream', ...(user ? { authorization: `Bearer ${tokenOf(user)}` } : {}), ...headers },
      }, done);
      stream.request.on('error', fail);
    }), `no answer to GET ${path}`);
    server.onEnd?.(() => stream.close());
    stream.status = response.statusCode;
    stream.headers = response.headers;
    response.setEncoding('utf8');
    response.on('error', () => {});
    stream.ended = new Promise((done) => response.on('close', done));
    response.on('data', (text) => stream.#read(text));
    return stream;
  }

  #read(text) {
    this.text += text;
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      const block = {};
      for (const line of this.text.slice(0, end).split('\n')) {
        const [, key, value] = /^([^:]*):? ?(.*)$/.exec(line);
        block[key] = block[key] === undefined ? value : `${block[key]}\n${value}`;
      }
      this.text = this.text.slice(end + 2);
      this.retry = block.retry ?? this.retry;
      if ('' in block) this.comments.push(block['']);
      this.events.push(block);
    }
    for (const look of this.more.splice(0)) look();
  }

  /** The next event called `name` whose parsed data `wanted` likes; what comes before it is dropped. */
  next(name, wanted = () => true, ms = SOON_MS) {
    return within(ms, new Promise((done) => {
      const look = () => {
        while (this.events.length) {
          const event = this.events.shift();
          if (event.event !== name) continue;
          const found = { ...event, json: JSON.parse(event.data) };
          if (wanted(found.json)) return done(found);
        }
        return this.more.push(look);
      };
      look();
    }), `the stream has no ${name} ${wanted}`);
  }

  /** The next event, whatever it is. */
  any(ms = SOON_MS) {
    return within(ms, new Promise((done) => {
      const look = () => {
        const event = this.events.shift();
        if (!event) return this.more.push(look);
        return done({ ...event, json: event.data === undefined ? undefined : JSON.parse(event.data) });
      };
      look();
    }), 'the stream has no further event');
  }

  /** A comment has come. */
  commented(ms = SOON_MS) {
    return within(ms, new Promise((done) => {
      const look = () => (this.comments.length ? done() : this.more.push(look));
      look();
    }), 'the stream has no comment');
  }

  close() { this.request.destroy(); }
}
