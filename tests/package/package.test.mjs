// Installs what has been built, builds a stranger's programs against it, and talks to them.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import test, { before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { soon, within } from '../e2e/support/waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { io } = createRequire(join(here, '../e2e/package.json'))('socket.io-client');
const built = resolve(process.env.ATRIUM_BUILD ?? join(here, '../../build/release'));
const work = join(here, '../../build/package');
const prefix = join(work, 'prefix');

function run(program, args, environment = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...environment } });
  assert.equal(result.status, 0, `${program} ${args.join(' ')}\n${result.error ?? ''}${result.stdout}${result.stderr}`);
  return result.stdout.trim();
}

/** Runs `program` while `body(url, socket)` does, with a client that is connected. */
async function talkTo(program, body) {
  const child = spawn(program, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  let socket;
  try {
    const url = await within(20_000, new Promise((found, fail) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text) => {
        const line = /^Listening on (\S+)$/m.exec((said += text));
        if (line) found(line[1]);
      });
      child.once('exit', (code, signal) => fail(new Error(`${program} ended with ${code ?? signal}`)));
    }), `${program} does not listen`);
    socket = io(url, { reconnection: false });
    assert.equal(await soon(socket.timeout(10_000).emitWithAck('double', 21), 'no answer'), 42);
    await body?.(url);
  } finally {
    socket?.disconnect();
    child.kill('SIGKILL');
  }
}

before(() => {
  rmSync(work, { recursive: true, force: true });
  run('cmake', ['--install', built, '--prefix', prefix]);
});

test('headers are installed below atrium/, and include each other there alone', () => {
  const headers = readdirSync(join(prefix, 'include/atrium'), { recursive: true }).filter((name) => name.endsWith('.h'));
  assert.ok(headers.includes('socketio/server.h'));
  assert.ok(headers.length > 100, `${headers.length} headers`);
  assert.deepEqual(readdirSync(join(prefix, 'include')), ['atrium']);
  for (const header of headers) {
    assert.doesNotMatch(readFileSync(join(prefix, 'include/atrium', header), 'utf8'), /#include "/, header);
  }
});

test('the product is no part of the library', () => {
  const floors = readdirSync(join(prefix, 'include/atrium'));
  assert.ok(floors.includes('socketio') && floors.includes('web'), floors.join(' '));
  assert.ok(!floors.includes('chat') && !floors.includes('storage'), floors.join(' '));
});

test('a project finds it by find_package, links, and serves', async () => {
  const build = join(work, 'by_find_package');
  run('cmake', ['-S', here, '-B', build, '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${prefix}`]);
  run('cmake', ['--build', build]);
  await talkTo(join(build, 'by_find_package'), async (url) => {
    assert.equal(await (await fetch(`${url}/noon`)).json(), '0 12 * * *');
  });
});

test('find_package refuses a component that there is not, and a version that does not fit', () => {
  const asking = (words) => {
    const source = join(work, 'asking');
    const script = `cmake_minimum_required(VERSION 3.25)\nproject(asking LANGUAGES CXX)\nfind_package(atrium ${words})\n` +
      'if(atrium_FOUND)\n  message(STATUS "atrium was found")\nendif()\n';
    rmSync(source, { recursive: true, force: true });
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, 'CMakeLists.txt'), script);
    return run('cmake', ['-S', source, '-B', join(source, 'build'), '-G', 'Ninja', `-DCMAKE_PREFIX_PATH=${prefix}`]);
  };
  assert.match(asking('0.1'), /atrium was found/);
  assert.doesNotMatch(asking('99.0'), /atrium was found/);
  assert.doesNotMatch(asking('COMPONENTS chat'), /atrium was found/);
});

test('a compiler finds it by pkg-config, links, and serves', async () => {
  const environment = { PKG_CONFIG_PATH: join(prefix, 'lib/pkgconfig') };
  const flags = run('pkg-config', ['--cflags', '--libs', 'atrium'], environment).split(/\s+/);
  const program = join(work, 'by_pkg_config');
  // With the warnings that a careful project has on, because these headers are part of its own compiling; all but one, which is
  // about what a designated initializer leaves out on purpose.
  run('c++', ['-std=c++20', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wno-missing-field-initializers', '-Werror',
    join(here, 'by_pkg_config.cpp'), '-o', program, ...flags]);
  await talkTo(program);
});
