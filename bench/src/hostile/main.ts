import { parseArgs } from 'node:util';
import { writeCosts } from '../report/document.js';
import { table } from '../report/table.js';
import { ATTACKS, type Attack } from './attacks.js';
import { costTable } from './cost-table.js';
import { type Cost, measure } from './measure.js';
import { openTarget, STORE_NAMES, type StoreName } from './target-stores.js';

/*
 * Measures the cost of one hostile client for a server with default options: `npm run hostile`, or a part of it with
 * `npm run hostile -- --attack sessions,tasks --store memory`. Each measurement has a fresh server and a fresh store, an
 * attacker with an address of its own, and a bystander whose calls are timed before and during the attack. Linux only.
 * The whole run writes its table into docs/security.md.
 */

const { values } = parseArgs({
  options: { attack: { type: 'string' }, store: { type: 'string' } },
});
const attacks = chosen(values.attack, ATTACKS, ({ name }) => name);
const stores = chosen(values.store, STORE_NAMES, (name) => name);

const HEAD = ['attack', 'store', 'responses', 'held', 'peak', 'beside', 'p99 before', 'during', 'ratio', 'failed'];

const costs: Cost[] = [];
for (const attack of attacks) for (const name of stores) costs.push(await costOf(attack, name));
console.log(['', ...table([HEAD, ...costs.map(row)], 3)].join('\n'));
if (attacks === ATTACKS && stores === STORE_NAMES) writeCosts(costTable(costs));

async function costOf(attack: Attack, name: StoreName): Promise<Cost> {
  const store = await openTarget(name);
  try {
    const cost = await measure(attack, store);
    console.log(row(cost).join(' | '));
    return cost;
  } finally {
    await store.close();
  }
}

function row({ attack, store, statuses, held, peak, beside, before, during, ratio }: Cost): string[] {
  const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
  const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
  const responses = statuses.map(([status, count]) => `${count} x ${status === 0 ? 'broken' : status}`).join(', ');
  return [
    `${attack.name}: ${attack.bound}`,
    store,
    responses,
    megabytes(held),
    megabytes(peak),
    megabytes(beside),
    milliseconds(before.p99),
    milliseconds(during.p99),
    ratio.toFixed(1),
    `${during.failed} of ${during.calls}`,
  ];
}

function chosen<T>(names: string | undefined, all: readonly T[], nameOf: (item: T) => string): readonly T[] {
  if (names === undefined) return all;
  return names.split(',').map((name) => {
    const found = all.find((item) => nameOf(item) === name);
    if (found === undefined) throw new Error(`there is no ${name}: there are ${all.map(nameOf).join(', ')}`);
    return found;
  });
}
