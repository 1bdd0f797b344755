// The same exchanges with Atrium and with the official server, answers compared field by field. What may differ stands in
// differences.mjs, each with its reason; what Atrium does not do yet stands in pending.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DIFFERENCES } from './differences.mjs';
import { PENDING } from './pending.mjs';
import { EXCHANGES } from './exchanges/index.mjs';
import { compare } from './support/compare.mjs';
import { Peer } from './support/peer.mjs';
import { startAtrium, startReference } from './support/programs.mjs';
import { atriumFlags, officialFlags, SERVERS } from './support/servers.mjs';

const SHARDS = [1, 2];
const running = new Map();  // of SERVERS, by name: {official, atrium: [one for each of SHARDS]}

before(async () => {
  await Promise.all(Object.entries(SERVERS).map(async ([name, server]) => {
    const [official, ...atrium] = await Promise.all([
      startReference(server.program, officialFlags(server)),
      ...SHARDS.map((shards) => startAtrium(server.program, ['--shards', String(shards), ...atriumFlags(server)])),
    ]);
    running.set(name, { official, atrium });
  }));
});

after(async () => {
  const all = [...running.values()].flatMap(({ official, atrium }) => [official, ...atrium]);
  await Promise.all(all.map((server) => server.stop()));
});

async function observe(server, exchange) {
  const peer = new Peer(server, SERVERS[exchange.server].path);
  try {
    return await exchange.run(peer);
  } catch (error) {
    error.message += `\n--- stderr of the server:\n${server.stderr.split('\n').slice(-20).join('\n')}`;
    throw error;
  } finally {
    peer.clear();
  }
}

test('every exchange has a name of its own', () => {
  const names = EXCHANGES.map(({ name }) => name);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
});

test('the lists name exchanges that there are', () => {
  const names = new Set(EXCHANGES.map(({ name }) => name));
  const listed = [...DIFFERENCES.map(({ exchange }) => exchange), ...PENDING.exchanges];
  assert.deepEqual(listed.filter((name) => !names.has(name)), []);
});

/** The differences with one shard and with two. */
async function differencesOf(exchange) {
  const { official, atrium } = running.get(exchange.server);
  const [wanted, ...found] = await Promise.all([official, ...atrium].map((server) => observe(server, exchange)));
  return found.map((observed) => compare(wanted, observed));
}

const isPending = ({ feature }) => PENDING.features.includes(feature);

function hold(exchange) {
  const { name } = exchange;
  test(name, async () => {
    const expected = DIFFERENCES.filter((difference) => difference.exchange === name)
      .map(({ field, official, atrium }) => ({ field, official, atrium }));
    for (const [i, differences] of (await differencesOf(exchange)).entries()) {
      if (PENDING.exchanges.includes(name)) {
        assert.notDeepEqual(differences, [], `${name} is as it should be: take it from pending.mjs`);
      } else {
        assert.deepEqual(differences, expected, `with ${SHARDS[i]} shard(s): what differs is not what differences.mjs says`);
      }
    }
  });
}

// What is about time is held by itself, so that nothing else of this process comes between.
const ready = EXCHANGES.filter((exchange) => !isPending(exchange));
const aboutTime = ({ server }) => ['beating', 'hasty'].includes(server);
describe('exchanges about time', () => ready.filter(aboutTime).forEach(hold));
describe('exchanges', { concurrency: 8 }, () => ready.filter((exchange) => !aboutTime(exchange)).forEach(hold));

for (const feature of new Set(EXCHANGES.filter(isPending).map((exchange) => exchange.feature))) {
  test(`${feature} is pending`, async () => {
    const found = [];
    for (const exchange of EXCHANGES.filter((one) => one.feature === feature)) {
      found.push(...await differencesOf(exchange).catch((error) => [[error.message]]));
    }
    assert.ok(found.some((differences) => differences.length > 0), `${feature} is as it should be: take it from pending.mjs`);
  });
}
