// A Redis of a test's own, from Debian's redis-server, that keeps nothing.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { within } from '../../e2e/support/waiting.mjs';

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export class Redis {
  /** Begins on a free port; `words` are more of its command line. */
  static async start(...words) { return Redis.#start('--port', words); }

  /** Over TLS only, with a certificate for "localhost" that `authority` vouches for, and for clients with one of its as well. */
  static async startWithTls(authority, ...words) {
    const { cert, key } = authority.certificate('redis', 'DNS:localhost');
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', authority.file];
    return Redis.#start('--tls-port', ['--port', '0', ...files, ...words]);
  }

  static async #start(portOption, words) {
    const redis = new Redis();
    redis.portOption = portOption;
    redis.words = words;
    // Somebody else may take the port in the meantime.
    for (let attempt = 0; ; attempt += 1) {
      redis.port = await freePort();
      try {
        await redis.#begin();
        return redis;
      } catch (error) {
        if (attempt === 4) throw error;
      }
    }
  }

  get url() { return this.portOption === '--port' ? `redis://127.0.0.1:${this.port}` : `rediss://localhost:${this.port}`; }

  async #begin() {
    const words = [this.portOption, String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
    this.child = spawn('redis-server', [...words, ...this.words], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    let said = '';
    this.ended = new Promise((done) => this.child.once('close', () => { running.delete(this.child); done(); }));
    const ready = new Promise((found, fail) => {
      this.child.on('error', fail);
      for (const stream of [this.child.stdout, this.child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          said += text;
          if (said.includes('Ready to accept connections')) found();
        });
      }
      this.ended.then(() => fail(new Error(`redis-server ended: ${said}`)));
    });
    await within(10_000, ready, () => `redis-server does not start: ${said}`);
  }

  /** How many nodes listen to a sharded channel. */
  listeners(channel) {
    const words = ['-p', String(this.port), 'pubsub', 'shardnumsub', channel];
    return Number(spawnSync('redis-cli', words, { encoding: 'utf8' }).stdout.trim().split('\n')[1]);
  }

  pause() { this.child.kill('SIGSTOP'); }
  resume() { this.child.kill('SIGCONT'); }

  async stop() {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** At its old place, empty. */
  async restart() {
    await this.stop();
    await this.#begin();
  }
}
