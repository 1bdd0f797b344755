// Runs the atrium binary: one child process a server, ended by its pid whatever happens to the test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractOf } from './contract.mjs';
import { within } from './waiting.mjs';
import { SECRET } from './token.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../../..');

const binary = process.env.ATRIUM_BIN ?? process.env.ATRIUM_BINARY;
export const BINARY = binary ? resolve(binary) : join(repository, 'build/release/atrium');
export const PAGE = process.env.ATRIUM_UI ? resolve(process.env.ATRIUM_UI) : join(repository, 'ui/dist');

// The build machine may be compiling at the same time, so a start is given much longer than the 200 ms it should take.
const START_MS = 20_000;
const STOP_MS = 15_000;

const children = new Set();
const directories = new Set();

function endEverything() {
  for (const child of children) child.kill('SIGKILL');
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
process.on('exit', endEverything);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export function temporaryDirectory(name = 'atrium-e2e-') {
  const directory = mkdtempSync(join(tmpdir(), name));
  directories.add(directory);
  return directory;
}

/** The environment without anything that would configure the server behind a test's back. */
export function cleanEnvironment(extra = {}) {
  const environment = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (!/^(ATRIUM_|PORT$|JWT_SECRET$|REDIS_URL$|MONGODB_URI$|NODE_TEST_CONTEXT$)/.test(key)) environment[key] = value;
  }
  return { ...environment, ...extra };
}

/** Spawns the binary with exactly these arguments; the child is ended with this process at the latest. */
export function spawnAtrium(args, { env = {}, cwd = temporaryDirectory() } = {}) {
  if (!existsSync(BINARY)) throw new Error(`There is no server to test at ${BINARY}: build it or set ATRIUM_BIN.`);
  const child = spawn(BINARY, args, { cwd, env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text) => (output[stream] += text));
  }
  child.setMaxListeners(0);
  const ended = new Promise((done) => child.once('close', (code, signal) => {
    children.delete(child);
    done({ code, signal, ...output });
  }));
  return { child, output, ended };
}

/** Runs a command of the binary to its end: {code, signal, stdout, stderr}. */
export async function run(args, options) {
  const { child, ended, output } = spawnAtrium(args, options);
  try {
    return await within(STOP_MS, ended, () => `atrium ${args.join(' ')} did not end; stderr: ${output.stderr}`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** A file, or where ATRIUM_E2E_MONGODB_URI names a server (without a database) a database there: then all tests are on it. */
export function newDatabase(directory) {
  const mongo = process.env.ATRIUM_E2E_MONGODB_URI;
  return mongo ? `${mongo.replace(/\/$/, '')}/${basename(directory)}` : `sqlite:${join(directory, 'x.db')}`;
}

export class Server {
  /**
   * Flags are command line words; `secret` and `database` are given unless a test sets them to null. Tests speak faster than
   * people: unless a test is about limits and says so, there are none.
   */
  constructor({ flags = [], env = {}, port = 0, host = '127.0.0.1', database, secret = SECRET, limits = false, windows = false } = {}) {
    this.directory = temporaryDirectory();
    this.database = database === undefined ? newDatabase(this.directory) : database;
    this.settings = { flags, env, host, secret, limits, windows };
    this.port = port;
    this.pastErrors = '';
    this.scheme = 'http';
  }

  #ends = [];

  /** Runs when the test with this server is over, so that no client outlives it. */
  onEnd(action) { this.#ends.push(action); }

  runEnds() { for (const action of this.#ends.splice(0)) action(); }

  get arguments() {
    const { flags, host, secret, limits, windows } = this.settings;
    const words = ['serve'];
    if (this.port !== null) words.push('--port', String(this.port));
    if (host) words.push('--host', host);
    if (this.database) words.push('--database', this.database);
    if (secret) words.push('--jwt-secret', secret);
    if (!limits) words.push('--no-limits');
    // Else presence is told later than it changes, and not at all when it changes back.
    if (!windows && !flags.includes('--presence-window')) words.push('--presence-window', '0');
    return [...words, ...flags];
  }

  async start() {
    this.process = spawnAtrium(this.arguments, { env: this.settings.env, cwd: this.directory });
    const { child, output, ended } = this.process;
    const listening = new Promise((found) => {
      const look = () => {
        const line = /^Atrium is listening on (https?):\/\/localhost:(\d+)\s*$/m.exec(output.stdout);
        if (!line) return;
        this.scheme = line[1];
        found(Number(line[2]));
      };
      child.stdout.on('data', look);
      look();
    });
    const first = await within(START_MS, Promise.race([listening, ended]), () =>
      `atrium did not say that it listens; stdout: ${output.stdout} stderr: ${output.stderr}`).catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
    if (typeof first !== 'number') throw new Error(`atrium ended at start (${first.code}): ${first.stderr}`);
    this.port = first;
    this.contract = await contractOf(this.url, this.contract);
    return this;
  }

  get pid() { return this.process.child.pid; }
  get url() { return `${this.scheme}://127.0.0.1:${this.port}`; }
  get stderr() { return this.pastErrors + (this.process?.output.stderr ?? ''); }
  get running() { return this.process !== undefined && children.has(this.process.child); }

  async #end(signal) {
    if (!this.running) throw new Error(`atrium was to get ${signal} but is not running any more\n${this.stderr}`);
    const { child, ended } = this.process;
    child.kill(signal);
    const end = await within(STOP_MS, ended, () => `atrium did not end after ${signal}\n${this.stderr}`)
      .finally(() => child.kill('SIGKILL'));
    this.pastErrors += end.stderr;
    this.process = undefined;
    return end;
  }

  /** The clean way out: SIGTERM, and exit code 0 or it is an error. */
  async stop() {
    const end = await this.#end('SIGTERM');
    if (end.code !== 0) {
      throw new Error(`after SIGTERM atrium ended with ${end.code ?? end.signal} instead of 0\n${this.stderr}`);
    }
  }

  /** The power cut: SIGKILL. */
  async kill() { await this.#end('SIGKILL'); }

  /** Starts again with the same flags on the same database and the same port. */
  async restart(flags) {
    if (flags) this.settings.flags = flags;
    return this.start();
  }
}

/**
 * Starts a server, runs the test's body with it, stops it cleanly. A failure carries the server's stderr; a server that
 * died or does not stop with 0, or has said what its documents do not know, is a failure of its own.
 */
export async function withServer(options, body) {
  const server = new Server(options);
  try {
    await server.start();
    await body(server);
    server.contract.assertKept();
    if (server.running) await server.stop();
  } catch (error) {
    if (error instanceof Error) {
      const state = server.running ? 'running' : `ended (${JSON.stringify(await server.process?.ended)?.slice(0, 300)})`;
      const log = server.stderr.split('\n').slice(-40).join('\n');
      error.message += `\n--- server: ${state}; the end of its stderr:\n${log}`;
    }
    throw error;
  } finally {
    server.runEnds();
    if (server.running) await server.kill().catch(() => {});
    rmSync(server.directory, { recursive: true, force: true });
  }
}
