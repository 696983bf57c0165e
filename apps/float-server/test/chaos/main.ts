/** `npm run chaos`: a chaos run with options from the command line. */
import { parseArgs } from 'node:util';
import { type ChaosOptions, chaos } from './chaos.js';
import { STORE_KINDS, type StoreKind } from './cluster/cluster.js';
import { readSchedule } from './faults/schedule.js';
import { report } from './report.js';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'redis' },
    faults: { type: 'string', default: 'all' },
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '36' },
    schedule: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const { faults, schedule } = values;
const store = STORE_KINDS.find((kind): kind is StoreKind => kind === values.store);
if (store === undefined) throw new Error(`--store is one of ${STORE_KINDS.join(', ')}; it is ${values.store}`);
if (faults !== 'all' && faults !== 'nodes') throw new Error(`--faults is all or nodes; it is ${faults}`);

const begun = performance.now();
const options: ChaosOptions = {
  store,
  faults,
  seconds: numberOf('seconds'),
  clients: numberOf('clients'),
  seed: numberOf('seed'),
  // In the form that a report prints: the steps of each track.
  ...(schedule === undefined ? {} : { schedule: schedule.split(';').map(readSchedule) }),
  log: (what) => process.stdout.write(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(7)} s  ${what}\n`),
};
process.stdout.write(`chaos with seed ${options.seed}\n`);
const outcome = await chaos(options);
process.stdout.write(report(options, outcome));
// Clients of the official SDK leave timers running.
process.exit(outcome.verdict.faults.length === 0 ? 0 : 1);

function numberOf(name: 'seconds' | 'clients' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} is a whole number; it is ${values[name]}`);
}
