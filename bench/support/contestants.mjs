// Who is measured, and how each is started. `missing` says why one cannot run here.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { benchDirectory, buildDirectory, buildRelayNode } from './build.mjs';

export const secret = 'a secret for the bench only, known to everybody';

const built = join(benchDirectory, '../build/release/atrium');

function atrium(shards, note, { id = `atrium-${shards}`, name = `atrium --shards ${shards}`, binary = built } = {}) {
  return {
    id,
    name,
    note,
    cores: shards,
    missing: existsSync(binary) ? undefined : `${binary} is not built`,
    // Of this commit alone: another one's library is not here.
    nodeCommand: binary === built ? (row, redis, scratch) => {
      if (row.chat) return [...serve(binary, shards, { onDisk: true }, scratch), '--redis', redis, '--redis-mode', row.mode];
      return [buildRelayNode(), '0', redis, row.mode, String(shards)];
    } : undefined,
    command: (row, scratch) => serve(binary, shards, row, scratch),
  };
}

function serve(binary, shards, row, scratch) {
  return [
    binary, 'serve', '--host', '127.0.0.1', '--port', '0', '--shards', String(shards), '--jwt-secret', secret,
    '--database', row.onDisk ? `sqlite:${join(scratch, 'bench.db')}` : 'memory:',
    '--auto-create-channels', '--ui', 'off', '--log-level', 'warn',
    // The load is faster than people, and its one room larger than those where everybody is shown.
    '--no-limits', '--typing-large-room', '0', '--typing-huge-room', '0',
    ...(row.id === 'connect' ? ['--presence-grace', '0'] : []),
  ];
}

function node() {
  return {
    id: 'node',
    name: 'node',
    note: 'the original\'s chat on socket.io and ws, one process, messages in memory',
    cores: 1,
    collects: true,
    missing: nodeProblem(),
    command: () => [process.execPath, '--expose-gc', join(benchDirectory, 'contestants/node_server.mjs'), '0'],
    nodeCommand: (row, redis) => [process.execPath, join(benchDirectory, 'contestants/node_server.mjs'), '0', redis, row.mode],
  };
}

function nodeProblem() {
  if (['socket.io', 'redis'].every((name) => existsSync(join(benchDirectory, 'node_modules', name)))) return undefined;
  try {
    const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', words, { cwd: benchDirectory, timeout: 180_000, stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `npm could not install socket.io (${String(error.message).split('\n')[0]})`;
  }
}

function floor(kind, note) {
  return {
    id: `floor-${kind}`,
    name: kind === 'each' ? 'floor' : 'floor, one write a turn',
    note,
    cores: 1,
    command: () => [join(buildDirectory, 'floor'), kind],
  };
}

/** `before`: the program of another commit, to be measured beside this one's. */
export function contestants(before) {
  return [
    node(),
    floor('each', 'the least work for the same exchange, a write for each delivery'),
    floor('turn', 'the same, with one gathered write for each socket and turn of the loop'),
    atrium(1, 'one thread'),
    atrium(2, 'two threads'),
    ...(before ? [atrium(1, 'another commit, one thread', { id: 'before', name: 'before', binary: before })] : []),
  ];
}
