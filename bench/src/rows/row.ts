import type { Bench } from '../bench.js';
import type { Contest, Standings } from '../comparison/comparison.js';

/** One row of the table of targets. */
export interface Row {
  /** What the command line calls it. */
  readonly name: string;
  /** What is measured. */
  readonly what: string;
  readonly against: string;
  /** The contest it is decided by, if it is one. */
  readonly contest?: Contest;
  /** Decides it; `standings` are those of its contest. @throws Error saying why it cannot be. */
  measure(bench: Bench, standings: Standings | undefined): Promise<Finding> | Finding;
}

export interface Finding {
  readonly verdicts: readonly Verdict[];
  /** What was measured beside the standings of a contest. */
  readonly figures: readonly Figure[];
  readonly notes?: readonly string[];
}

/** A target, and what was found in each round. */
export interface Verdict {
  readonly what: string;
  readonly found: readonly number[];
  readonly unit: Unit;
  /** The target, for the median of the rounds. */
  readonly target: { readonly least: number } | { readonly most: number };
}

export interface Figure {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: Unit;
}

export type Unit = 'times' | 'count' | 'bytes' | 'percent' | 'ms' | 'per second' | 'microseconds';

export function isMet({ target }: Verdict, value: number): boolean {
  return 'least' in target ? value >= target.least : value <= target.most;
}

/** A row that a contest decides. */
export function contestRow(
  row: Omit<Row, 'measure' | 'contest'> & {
    readonly contest: Contest;
    judge(standings: Standings): readonly Verdict[];
  },
): Row {
  const { name, what, against, contest, judge } = row;
  const measure = (_bench: Bench, standings: Standings | undefined): Finding => {
    if (standings === undefined) throw new Error('the contest was not held');
    return { verdicts: judge(standings), figures: [] };
  };
  return { name, what, against, contest, measure };
}
