// Runs the servers under test and the official ones: one child process each, on a free port of the loopback, ended by its
// process id whatever happens to the test.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const programs = resolve(process.env.ATRIUM_EXAMPLES ?? join(here, '../../../build/release/examples'));

// The build machine may be compiling at the same time, so a start is given much longer than it should take.
const START_MS = 20_000;

const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A program of examples/conformance by its name ("engine_io"), with these flags. */
export function startAtrium(name, flags = []) {
  const program = join(programs, `conformance_${name}`);
  if (!existsSync(program)) throw new Error(`No program at ${program}: build conformance_programs or set ATRIUM_EXAMPLES.`);
  return start(program, ['--port', '0', ...flags]);
}

/** Its twin on the official server (reference.mjs). */
export const startReference = (name, flags = []) => start(process.execPath, [join(here, 'reference.mjs'), name, ...flags]);

async function start(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8');
    child[stream].on('data', (text) => { output[stream] += text; });
  }
  const ended = new Promise((done) => child.once('close', (code, signal) => {
    children.delete(child);
    done({ code, signal });
  }));
  const listening = new Promise((done) => {
    child.stdout.on('data', () => {
      const line = /^Listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(output.stdout);
      if (line) done(Number(line[1]));
    });
  });
  const command = `${program} ${words.join(' ')}`;
  const port = await within(START_MS, Promise.race([listening, ended]), () => `${command} does not listen\n${output.stderr}`)
    .catch((error) => {
      child.kill('SIGKILL');
      throw error;
    });
  if (typeof port !== 'number') throw new Error(`${command} ended at start: ${JSON.stringify(port)}\n${output.stderr}`);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    get stderr() { return output.stderr; },
    get running() { return children.has(child); },
    /** The clean way out; anything but exit code 0 is an error. */
    async stop() {
      child.kill('SIGTERM');
      const end = await within(START_MS, ended, () => `${command} does not end\n${output.stderr}`)
        .finally(() => child.kill('SIGKILL'));
      if (end.code !== 0) throw new Error(`${command} ended with ${end.code ?? end.signal} instead of 0\n${output.stderr}`);
    },
  };
}
