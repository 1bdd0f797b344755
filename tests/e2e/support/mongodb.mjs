// A server that speaks MongoDB's protocol, of a test's own, on a disk: FerretDB, which scripts/ferretdb builds where there is Go.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './server.mjs';
import { within } from './waiting.mjs';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const built = spawnSync(join(repository, 'scripts/ferretdb'), ['build'], { encoding: 'utf8' });
const program = built.stdout.trim();

/** For `test`: why there can be no such server, or false. */
export const skip = built.status === 0 ? false : `NO MONGODB: ${built.stderr.trim()}`;

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

export class MongoDb {
  static async start() {
    const mongo = new MongoDb();
    mongo.directory = temporaryDirectory('atrium-mongodb-');
    mongo.port = 0;
    await mongo.restart();
    return mongo;
  }

  get url() { return `mongodb://127.0.0.1:${this.port}/chat`; }

  /** With all that it held, at its old place. */
  async restart() {
    const words = ['--handler=sqlite', `--sqlite-url=file:${this.directory}/`, `--listen-addr=127.0.0.1:${this.port}`,
      '--debug-addr=-', '--telemetry=disable', `--state-dir=${this.directory}`, '--log-level=info'];
    this.child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    const { child } = this;
    running.add(child);
    let said = '';
    this.ended = new Promise((done) => child.once('close', () => { running.delete(child); done(); }));
    const listening = new Promise((found, fail) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          // What it says of every request is let go.
          if (this.listening) return;
          said += text;
          const line = /Listening on TCP 127\.0\.0\.1:(\d+)/.exec(said);
          if (line) found(Number(line[1]));
        });
      }
      child.once('error', fail);
      this.ended.then(() => fail(new Error(`ended: ${said}`)));
    });
    this.port = await within(10_000, listening, () => `FerretDB does not listen: ${said}`);
    this.listening = true;
  }

  /** Takes connections and what comes on them, and answers nothing. */
  pause() { this.child.kill('SIGSTOP'); }
  resume() { this.child.kill('SIGCONT'); }

  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
    this.listening = false;
  }
}

/** Runs the body with one, and ends it whatever happens. */
export async function withMongoDb(body) {
  const mongo = await MongoDb.start();
  try {
    await body(mongo);
  } finally {
    await mongo.kill();
  }
}
