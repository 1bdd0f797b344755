// docs/weaknesses.md promises a test for each weakness: it must be there, under that name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const rows = readFileSync(join(root, 'docs/weaknesses.md'), 'utf8').split('\n').filter((line) => line.startsWith('| W'))
  .map((line) => {
    const found = /^\| (W\d+) \|.* \| `([^`]+)`: "(.+)" \|$/.exec(line);
    assert.ok(found, `a row names its file and its test: ${line}`);
    return { number: found[1], file: found[2], name: found[3] };
  });

/** The names of the tests of a file, as they stand there; what varies in them is `${...}`. */
function namesIn(file) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.cpp')) return [...text.matchAll(/TEST(?:_F|_P)?\((\w+), (\w+)\)/g)].map(([, suite, name]) => `${suite}.${name}`);
  return [...text.matchAll(/\btest\((?:`([^`]*)`|'((?:[^'\\]|\\.)*)')/g)]
    .map(([, template, plain]) => (template ?? plain).replaceAll("\\'", "'").replaceAll(/\$\{[^}]*\}/g, '…'));
}

test('each of the fifty weaknesses has its row, once', () => {
  assert.deepEqual(rows.map(({ number }) => number), Array.from({ length: 50 }, (_, i) => `W${i + 1}`));
});

for (const { number, file, name } of rows) {
  test(`${number} is shown by a test that exists`, () => {
    const names = namesIn(file);
    assert.ok(names.includes(name), `${file} has no test "${name}"; it has:\n${names.join('\n')}`);
  });
}
