import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const benchDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
export const buildDirectory = join(benchDirectory, '../build/bench');

const programs = {
  load: { folder: 'load', libraries: [] },
  floor: { folder: 'contestants', libraries: ['-lcrypto'] },
};

/** The node of the rows with two nodes, which is made of Atrium's own library; Atrium must be built. */
export function buildRelayNode() {
  execFileSync('cmake', ['--build', 'build/release', '--target', 'relay_node'], { cwd: join(benchDirectory, '..'), stdio: 'pipe' });
  return join(benchDirectory, '../build/release/bench/cluster/relay_node');
}

/** Compiles the load generator and the floor where they are older than their sources. */
export function build() {
  mkdirSync(buildDirectory, { recursive: true });
  for (const [name, { folder, libraries }] of Object.entries(programs)) {
    const files = readdirSync(join(benchDirectory, folder)).filter((file) => /\.(cpp|h)$/.test(file));
    const paths = files.map((file) => join(benchDirectory, folder, file));
    const program = join(buildDirectory, name);
    const built = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (paths.every((path) => statSync(path).mtimeMs < built)) continue;
    console.log(`compiling ${name}`);
    const sources = paths.filter((path) => path.endsWith('.cpp'));
    const words = ['-O2', '-std=c++20', '-Wall', '-Wextra', ...sources, '-o', program, ...libraries];
    execFileSync('g++', words, { stdio: 'inherit' });
  }
}
