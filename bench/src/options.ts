import { parseArgs } from 'node:util';
import { SUBJECTS, type Subject } from './subjects.js';

export interface Options {
  readonly subjects: readonly Subject[];
  readonly rounds: number;
  readonly seconds: number;
  /** Seconds before the rounds, so that what is measured is compiled code: a slow server needs them most. */
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** A subject to profile instead of measuring. */
  readonly profile: Subject | undefined;
}

export const USAGE = `npm run bench -- [options]
  --quick             a short run, under a minute: figures are rough
  --only=NAME,...     these servers alone: ${SUBJECTS.map(({ name }) => name).join(', ')}
  --rounds=N          rounds for each server (5)
  --seconds=S         length of a round (3)
  --connections=N     connections, each with one call under way (50)
  --profile=NAME      no table: where this server spends its time, by function`;

const THOROUGH = { rounds: 5, seconds: 3, warmUpSeconds: 5 };
const QUICK = { rounds: 3, seconds: 0.8, warmUpSeconds: 2 };

/** @throws Error saying what is wrong with the arguments. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string', default: '50' },
      profile: { type: 'string' },
    },
  });
  const extent = values.quick ? QUICK : THOROUGH;
  return {
    subjects: values.only === undefined ? SUBJECTS : values.only.split(',').map(subjectNamed),
    rounds: wholeWithin('rounds', values.rounds ?? extent.rounds, 1, 100),
    seconds: within('seconds', values.seconds ?? extent.seconds, 0.1, 60),
    warmUpSeconds: extent.warmUpSeconds,
    connections: wholeWithin('connections', values.connections, 1, 500),
    profile: values.profile === undefined ? undefined : subjectNamed(values.profile),
  };
}

function subjectNamed(name: string): Subject {
  const subject = SUBJECTS.find((candidate) => candidate.name === name);
  if (subject !== undefined) return subject;
  throw new Error(`there is no server "${name}"`);
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
