// Measures what Atrium costs beside Node and beside the floor. See README.md.
//   node bench/typing.mjs [--rounds N] [--seconds S] [--rows ID,ID] [--only ID,ID] [--before ATRIUM]
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { build } from './support/build.mjs';
import { contestants } from './support/contestants.mjs';
import { report, short } from './support/report.mjs';
import { rows } from './support/rows.mjs';
import { trial } from './support/trial.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    rows: { type: 'string' },
    only: { type: 'string' },
    before: { type: 'string' },
  },
});
const chosen = (list, all) => (list ? all.filter(({ id }) => list.split(',').includes(id)) : all);
const settings = { rounds: Number(values.rounds), seconds: Number(values.seconds), load: [] };

async function measure(row, everybody) {
  const trials = Object.fromEntries(everybody.map(({ id }) => [id, []]));
  const failures = {};
  for (let round = 1; round <= settings.rounds; ++round) {
    settings.load.push(Number(loadavg()[0].toFixed(2)));
    for (const contestant of everybody) {
      if (failures[contestant.id]) continue;
      const where = `${row.id} ${round}/${settings.rounds}  ${contestant.name}`;
      try {
        if (contestant.missing) throw new Error(contestant.missing);
        const answer = await trial(row, contestant, settings.seconds * 1000);
        trials[contestant.id].push(answer);
        console.log(`${where}: ${short(row.figure(answer))} ${row.unit}`);
      } catch (error) {
        failures[contestant.id] = error.message;
        console.log(`${where}: not run, ${error.message}`);
      }
    }
  }
  return { row, trials, failures };
}

build();
const everybody = chosen(values.only, contestants(values.before));
const measured = [];
for (const row of chosen(values.rows, rows)) {
  if (!row.from) {
    const able = everybody.filter(({ id, nodeCommand }) => !row.without?.includes(id) && (!row.nodes || nodeCommand));
    measured.push(await measure(row, able));
    continue;
  }
  const source = measured.find((other) => other.row.id === row.from);
  if (!source) continue;
  const trials = Object.entries(source.trials).filter(([id]) => !row.without.includes(id));
  measured.push({ row, trials: Object.fromEntries(trials), failures: {} });
}
report(measured, everybody, settings, !values.rows && !values.only && !values.before);
