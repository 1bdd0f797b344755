// How the costs grow with connections and rooms, on one shard and on two: a chart and a table in results/. See README.md.
//   node bench/growth.mjs [--rounds N] [--seconds S]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { benchDirectory, build } from './support/build.mjs';
import { chart } from './support/chart.mjs';
import { contestants } from './support/contestants.mjs';
import { median, short } from './support/report.mjs';
import { trial } from './support/trial.mjs';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, seconds: { type: 'string', default: '2' } },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1000;

const perDelivery = ({ cpuUs, deliveries }) => cpuUs / deliveries;
const curves = [
  {
    id: 'connections',
    title: 'Typing in rooms of 10, 4 events in flight',
    x: 'connections',
    y: 'us of server CPU per delivery',
    at: [100, 1000, 10_000],
    row: (connections) => ({ sockets: connections, load: ['relay', 'typing', connections / 10, 4] }),
    figure: perDelivery,
  },
  {
    id: 'rooms',
    title: 'Typing among 1 000 connections, 4 events in flight',
    x: 'rooms (of 1 000 to 2 members)',
    y: 'us of server CPU per delivery',
    at: [1, 10, 100, 500],
    row: (rooms) => ({ sockets: 1000, load: ['relay', 'typing', rooms, 4] }),
    figure: perDelivery,
  },
  {
    id: 'entering',
    title: 'Users of one workspace connect, 32 at a time',
    x: 'users',
    y: 'us of server CPU per user',
    at: [1000, 3000, 10_000],
    row: (users) => ({ sockets: users, load: ['enter'], window: 32 }),
    figure: ({ enterCpuUs, users }) => enterCpuUs / users,
  },
  {
    id: 'idle',
    title: 'Idle connections, 10 in each channel',
    x: 'connections',
    y: 'bytes of RSS per connection',
    at: [1000, 10_000, 19_000],
    row: (connections) => ({ sockets: connections + 100, load: ['idle', connections / 10], onDisk: true }),
    figure: ({ rssBytes, connections }) => rssBytes / connections,
  },
];

build();
const shards = contestants().filter(({ id }) => id.startsWith('atrium-'));
const report = ['# How the costs grow', '', `Medians of ${rounds} rounds, in turn. How to repeat this: \`node bench/growth.mjs\`.`, ''];
for (const curve of curves) {
  const figures = new Map(shards.map(({ id }) => [id, new Map(curve.at.map((at) => [at, []]))]));
  for (let round = 0; round < rounds; ++round) {
    for (const at of curve.at) {
      for (const contestant of shards) {
        const row = { id: curve.id, ...curve.row(at) };
        figures.get(contestant.id).get(at).push(curve.figure(await trial(row, contestant, milliseconds)));
      }
    }
  }
  const lines = shards.map(({ id, name }) => ({
    name,
    points: [...figures.get(id)].map(([at, measured]) => [at, median(measured)]),
  }));
  writeFileSync(join(benchDirectory, `results/growth-${curve.id}.svg`), chart({ ...curve, lines }));
  report.push(`## ${curve.title}`, '', `${curve.y}:`, '', `| ${curve.x} | ${lines.map(({ name }) => name).join(' | ')} |`);
  report.push(`| --- | ${lines.map(() => '---').join(' | ')} |`);
  curve.at.forEach((at, index) => {
    report.push(`| ${short(at)} | ${lines.map(({ points }) => short(points[index][1])).join(' | ')} |`);
  });
  report.push('', `![${curve.title}](growth-${curve.id}.svg)`, '');
  console.log(`${curve.title}: ${JSON.stringify(lines)}`);
}
report.push('Not run: 30 000 connections, which take more file descriptors than usual limits allow (`ulimit -n`), and more than one', 'address to come from.', '');
writeFileSync(join(benchDirectory, 'results/growth.md'), report.join('\n'));
console.log(report.join('\n'));
