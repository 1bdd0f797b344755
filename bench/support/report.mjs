import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import { benchDirectory } from './build.mjs';
import { bars } from './chart.mjs';
import { notRun } from './rows.mjs';

const BUSY = 'The machine was busy with other work meanwhile: trust the ratios more than the times and latencies.';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits that count. */
export function short(value) {
  if (value === undefined) return '-';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return Number(value.toPrecision(3)).toString();
}

function describeMachine() {
  const compiler = execFileSync('g++', ['-dumpfullversion'], { encoding: 'utf8' }).trim();
  return {
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    compiler: `g++ ${compiler}`,
  };
}

function summarize({ row, trials, failures }) {
  const results = {};
  for (const [id, answers] of Object.entries(trials)) {
    if (answers.length === 0) continue;
    const figures = answers.map(row.figure);
    results[id] = {
      median: median(figures),
      least: Math.min(...figures),
      most: Math.max(...figures),
      rounds: figures,
    };
    if (!row.from && answers[0].p99Us !== undefined) {
      results[id].p50Ms = median(answers.map((answer) => answer.p50Us)) / 1000;
      results[id].p99Ms = median(answers.map((answer) => answer.p99Us)) / 1000;
    }
  }
  const { id, title, unit, target } = row;
  return { id, title, unit, target, results, failures };
}

/** What the target comes to: of this row, or of the one that it names. Null: nothing to compare with. */
function targetValue({ target, results }, rows) {
  const { most, times, of, row } = target;
  if (most !== undefined) return most;
  const source = row ? rows.find(({ id }) => id === row)?.results : results;
  const base = source?.[of]?.median;
  return base === undefined ? null : times * base;
}

/** Every row with its target in numbers. */
function withTargets(rows) {
  return rows.map((row) => ({ ...row, target: { ...row.target, value: targetValue(row, rows) } }));
}

function table([head, ...body]) {
  return [head, head.map(() => '---'), ...body].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function targetText(target, names) {
  if (target.none) return target.none;
  if (target.most !== undefined) return `<= ${short(target.most)}`;
  if (target.value === null) return `<= ${target.times} x ${target.of}, which was not measured`;
  const row = target.row ? `${target.row}: ` : '';
  return `<= ${target.times} x (${row}${names[target.of]}) = ${short(target.value)}`;
}

const ratio = (value, to) => (value === undefined || !to ? '-' : `${(value / to).toFixed(2)} x`);

function figures(rows, ids, names) {
  const lines = [['work', 'unit', ...ids.map((id) => names[id]), 'target for atrium', 'measured : target', 'met']];
  for (const { title, unit, target, results } of rows) {
    const one = results[target.for ?? 'atrium-1']?.median;
    const met = one === undefined || target.value === null ? '-' : one <= target.value ? 'yes' : 'no';
    const measured = ids.map((id) => short(results[id]?.median));
    lines.push([title, unit, ...measured, targetText(target, names), ratio(one, target.value), met]);
  }
  return table(lines);
}

function ratios(rows) {
  const lines = [['work', 'atrium : node', 'atrium : floor', 'atrium : floor, one write a turn', '2 shards : 1 shard']];
  for (const { title, unit, results } of rows) {
    const at = (id) => results[id]?.median;
    const one = at('atrium-1');
    const others = ['node', 'floor-each', 'floor-turn'].map((id) => ratio(one, at(id)));
    lines.push([`${title}, ${unit}`, ...others, ratio(at('atrium-2'), one)]);
  }
  return table(lines);
}

function latencies(rows, ids, names) {
  const lines = [['work', ...ids.map((id) => names[id])]];
  for (const { title, results } of rows.filter(({ results }) => ids.some((id) => results[id]?.p99Ms !== undefined))) {
    const pair = (result) => (result ? `${short(result.p50Ms)} / ${short(result.p99Ms)}` : '-');
    lines.push([title, ...ids.map((id) => pair(results[id]))]);
  }
  return table(lines);
}

function spreads(rows, ids, names) {
  const lines = [['work', ...ids.map((id) => names[id])]];
  for (const { title, unit, results } of rows) {
    const spread = ids.map((id) => (results[id] ? `${short(results[id].least)} - ${short(results[id].most)}` : '-'));
    lines.push([`${title}, ${unit}`, ...spread]);
  }
  return table(lines);
}

/** For the chart: what Atrium takes of Node's, and the floor's where there is one. */
function besideNode(rows) {
  const shown = rows.filter(({ results }) => results.node && results['atrium-1']);
  const share = ({ results }, id) => results[id] && results[id].median / results.node.median;
  return {
    title: 'What Atrium takes (one shard), where Node takes 1',
    groups: shown.map((row) => ({ name: `${row.id}, ${row.unit}`, values: [share(row, 'atrium-1'), share(row, 'floor-each')] })),
    series: ['Atrium', 'floor: a bare epoll loop'],
  };
}

/** The report as Markdown; `all` as it stands in typing.json. */
export function markdown({ machine, settings, rows }, contestants) {
  const names = Object.fromEntries(contestants.map(({ id, name }) => [id, name]));
  const ids = contestants.map(({ id }) => id);
  const failures = rows.flatMap(({ title, failures: failed }) =>
    Object.entries(failed).map(([id, why]) => `- ${names[id]}, ${title}: ${why}`),
  );
  const { cpu, cores, memoryGiB, kernel, node, compiler } = machine;
  const [least, most] = [Math.min(...settings.load), Math.max(...settings.load)];
  return [
    '# What Atrium costs, beside others', '',
    `Machine: ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, ${compiler}.`,
    `Medians of ${settings.rounds} rounds of ${settings.seconds} s each, contestants in turn.`,
    `Load of the machine before each round, the bench itself included: ${least} to ${most}.`,
    ...(most > 3 ? [BUSY] : []),
    'How to read and repeat this: `bench/README.md`.', '',
    '![What Atrium takes, where Node takes 1](typing.svg)', '',
    figures(rows, ids, names), '',
    '## Ratios', '', ratios(rows), '',
    '## From sending an event to its last delivery: median / p99, ms', '', latencies(rows, ids, names), '',
    '## Least and most of the rounds', '', spreads(rows, ids, names), '',
    '## Not run', '', ...failures, ...notRun.map(([what, why]) => `- ${what}: ${why}`), '',
  ].join('\n');
}

const rounded = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);

/** Numbers with five digits; what holds no further object stands on one line. */
function compact(all) {
  const innermost = /([[{])\s+([^[\]{}]*?)\s+([\]}])/g;
  const join = (_, open, inside, close) => open + inside.replace(/,\s+/g, ', ') + close;
  const arraysJoined = JSON.stringify(all, rounded, 1).replace(innermost, join);
  return arraysJoined.replace(/\{\s+((?:"[^"]+": (?:[-\d.e]+|\[[^[\]{}]*\]),?\s+)+)\}/g, (_, inside) => {
    return `{${inside.trim().replace(/,\s+/g, ', ')}}`;
  });
}

/** Prints the tables; keeps them in results/ when asked. */
export function report(measured, contestants, settings, keep) {
  const all = { machine: describeMachine(), settings, rows: withTargets(measured.map(summarize)) };
  const text = markdown(all, contestants);
  console.log(`\n${text}`);
  if (!keep) return;
  writeFileSync(join(benchDirectory, 'results/typing.md'), text);
  writeFileSync(join(benchDirectory, 'results/typing.json'), compact(all) + '\n');
  writeFileSync(join(benchDirectory, 'results/typing.svg'), bars(besideNode(all.rows)));
}
