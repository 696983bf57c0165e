import { parseArgs } from 'node:util';
import { EXTENTS, type Extent } from './extent.js';
import type { ProfileKind } from './profiles/profiler.js';
import { ROWS } from './rows/index.js';
import type { Row } from './rows/row.js';
import { SUBJECTS, type Subject } from './subjects.js';

/** The parsed command line. */
export interface Options {
  /** Prints the usage only. */
  readonly help: boolean;
  readonly rows: readonly Row[];
  readonly extent: Extent;
  /** Whether docs/performance.md is written. */
  readonly writes: boolean;
  /** A server to profile. Profiling distorts the figures, so they are not shown. */
  readonly profile: { readonly subject: Subject; readonly kind: ProfileKind } | undefined;
}

/** The text of `--help`. */
export const USAGE = `npm run bench -- [options]
  (nothing)              all rows, about 25 minutes; writes docs/performance.md and its chart
  --row=N,...            these rows alone: ${ROWS.map(({ name }) => name).join(', ')}
  --quick                a look, in less than four minutes: figures are rough
  --tiny                 shows that everything runs: figures say nothing
  --rounds=N             rounds of each server
  --seconds=S            length of a round
  --write                writes docs/performance.md although not all was measured at length
  --profile=NAME         where this server spends its time while its rows are measured, by function
  --allocations=NAME     where this server allocates memory meanwhile
servers: ${SUBJECTS.map(({ name }) => name).join(', ')}`;

/** Parses the command line. @throws Error naming the wrong argument. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      row: { type: 'string' },
      quick: { type: 'boolean', default: false },
      tiny: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
      allocations: { type: 'string' },
    },
  });
  const usual = EXTENTS[values.tiny ? 'tiny' : values.quick ? 'quick' : 'full'];
  const extent = {
    ...usual,
    rounds: wholeWithin('rounds', values.rounds ?? usual.rounds, 1, 100),
    seconds: within('seconds', values.seconds ?? usual.seconds, 0.1, 60),
  };
  const isWhole = values.row === undefined && extent.name === 'full';
  return {
    help: values.help,
    rows: values.row === undefined ? ROWS : values.row.split(',').map(rowNamed),
    extent,
    writes: values.write || isWhole,
    profile: profileOf(values.profile, 'cpu') ?? profileOf(values.allocations, 'allocations'),
  };
}

function profileOf(name: string | undefined, kind: ProfileKind): Options['profile'] {
  if (name === undefined) return undefined;
  const subject = SUBJECTS.find((candidate) => candidate.name === name);
  if (subject === undefined) throw new Error(`there is no server "${name}"`);
  return { subject, kind };
}

function rowNamed(name: string): Row {
  const row = ROWS.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`there is no row "${name}"`);
  return row;
}

function wholeWithin(name: string, given: string | number, least: number, most: number): number {
  const value = within(name, given, least, most);
  if (Number.isInteger(value)) return value;
  throw new Error(`--${name} must be a whole number; it is ${given}`);
}

function within(name: string, given: string | number, least: number, most: number): number {
  const value = Number(given);
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} must be from ${least} to ${most}; it is ${given}`);
}
