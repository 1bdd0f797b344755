// One trial: a fresh server, the load on it, and its end.
import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Redis } from '../../tests/nodes/support/redis.mjs';
import { buildDirectory } from './build.mjs';
import { secret } from './contestants.mjs';

const START_LIMIT = 20_000;
const TRIAL_LIMIT = 240_000;
const STOP_LIMIT = 10_000;

function token(index) {
  const sub = `u${String(index).padStart(5, '0')}`;
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const name = `${sub}@example.com`; // as the original shows it, so that all contestants send the same octets
  const claims = { sub, email: name, name, iat: now, exp: now + 86_400 };
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** The server has the first cores, the generator the last one, so that they meet as little as the machine allows. */
function pinned(command, from, to) {
  const last = availableParallelism() - 1;
  if (last < 1) return command;
  return ['taskset', '-c', `${Math.min(from, last)}-${Math.min(to, last)}`, ...command];
}

async function start(command) {
  const began = performance.now();
  const server = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, JWT_SECRET: secret },
  });
  let said = '';
  server.stderr.on('data', (chunk) => (said = (said + chunk).slice(-500)));
  const port = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not start in time')), START_LIMIT);
    let text = '';
    server.on('error', reject);
    server.on('exit', () => reject(new Error(`the server ended: ${said.trim()}`)));
    server.stdout.on('data', (chunk) => {
      text = (text + chunk).slice(-2000);
      const found = /http:\/\/localhost:(\d+)/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    });
  }).catch(async (error) => {
    await stop(server);
    throw error;
  });
  return { server, port, startMs: performance.now() - began };
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null || !server.pid) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_LIMIT);
  await ended;
  clearTimeout(timer);
}

/** The servers of a row: one, or the nodes of a cluster. What was started is in `running`. */
async function startAll(row, contestant, scratch, running) {
  const last = contestant.cores - 1;
  if (!row.nodes) {
    const one = await start(pinned(contestant.command(row, scratch), 0, last));
    running.push(one.server);
    return [one];
  }
  const redis = await Redis.start('--server_cpulist', String(availableParallelism() - 1)); // with the generator
  running.push(redis.child);
  const servers = [];
  for (let node = 0; node < row.nodes; ++node) {
    servers.push(await start(pinned(contestant.nodeCommand(row, redis.url, scratch), 0, last)));
    running.unshift(servers.at(-1).server);
  }
  return servers;
}

export async function trial(row, contestant, milliseconds) {
  const scratch = mkdtempSync(join(buildDirectory, 'trial-'));
  const running = [];
  try {
    const tokens = join(scratch, 'tokens');
    writeFileSync(tokens, Array.from({ length: row.sockets }, (_, index) => token(index)).join('\n') + '\n');
    const servers = await startAll(row, contestant, scratch, running);
    const [mode, ...words] = row.load;
    const rest = row.restMs?.[contestant.id] ?? 0;
    const last = { idle: [contestant.collects ? 'collects' : 'keeps', rest], enter: [row.window] }[mode] ?? [milliseconds];
    const [ports, pids] = [servers.map(({ port }) => port).join(), servers.map(({ server }) => server.pid).join()];
    const load = [join(buildDirectory, 'load'), mode, ports, pids, tokens, ...words, ...last].map(String);
    const [program, ...args] = pinned(load, Infinity, Infinity);
    const { stdout } = await promisify(execFile)(program, args, { timeout: TRIAL_LIMIT }).catch((error) => {
      throw new Error(error.stderr?.trim() || (error.killed ? `not done after ${TRIAL_LIMIT / 1000} s` : 'the load generator failed'));
    });
    return { ...JSON.parse(stdout), startMs: servers[0].startMs };
  } finally {
    for (const server of running) await stop(server);
    rmSync(scratch, { recursive: true, force: true });
  }
}
