// docs/weaknesses.md and docs/rules.md promise a test for each of their rows: it must be there, under that name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The rows of a document: their number, and the tests that their last column names. */
function rowsOf(document, number) {
  const rows = readFileSync(join(root, document), 'utf8').split('\n').map((line) => line.split(' | ')).filter((cells) =>
    number.test(cells[0].slice(2)));
  return rows.map((cells) => {
    const tests = [...cells.at(-1).matchAll(/`([^`]+)`: "([^"]+)"/g)].map(([, file, name]) => ({ file, name }));
    assert.ok(tests.length > 0, `a row names its file and its test: ${cells.join(' | ')}`);
    return { number: cells[0].slice(2), tests };
  });
}

/** The names of the tests of a file, as they stand there; what varies in them is `${...}`. */
function namesIn(file) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.cpp')) return [...text.matchAll(/TEST(?:_F|_P)?\((\w+), (\w+)\)/g)].map(([, suite, name]) => `${suite}.${name}`);
  return [...text.matchAll(/\btest\(\s*(?:`([^`]*)`|'((?:[^'\\]|\\.)*)')/g)]
    .map(([, template, plain]) => (template ?? plain).replaceAll("\\'", "'").replaceAll(/\$\{[^}]*\}/g, '…'));
}

const weaknesses = rowsOf('docs/weaknesses.md', /^W\d+$/);
const rules = rowsOf('docs/rules.md', /^\d\.\d+$/);

test('each of the fifty weaknesses has its row, once', () => {
  assert.deepEqual(weaknesses.map(({ number }) => number), Array.from({ length: 50 }, (_, i) => `W${i + 1}`));
});

test('the rules are numbered without a gap', () => {
  rules.forEach(({ number }, i) => {
    const [chapter, place] = number.split('.').map(Number);
    const before = i ? rules[i - 1].number.split('.').map(Number) : [0, 0];
    assert.deepEqual([chapter, place], place === 1 ? [before[0] + 1, 1] : [before[0], before[1] + 1], number);
  });
  assert.ok(rules.length > 0);
});

for (const { number, tests } of [...weaknesses, ...rules]) {
  test(`${number} is shown by tests that exist`, () => {
    for (const { file, name } of tests) {
      const names = namesIn(file);
      assert.ok(names.includes(name), `${file} has no test "${name}"; it has:\n${names.join('\n')}`);
    }
  });
}
