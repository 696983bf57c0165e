import type { Bench } from '../bench.js';
import type { Comparison, ComparisonResults } from '../comparison/comparison.js';

/** One row of the table of targets. */
export interface Row {
  /** What the command line calls it. */
  readonly name: string;
  /** What is measured. */
  readonly what: string;
  readonly against: string;
  /** The comparison it is decided by, if it is one. */
  readonly comparison?: Comparison;
  /** Decides it; `results` are those of its comparison. @throws Error saying why it cannot be. */
  measure(bench: Bench, results: ComparisonResults | undefined): Promise<Finding> | Finding;
}

export interface Finding {
  readonly verdicts: readonly Verdict[];
  /** What was measured beside the results of a comparison. */
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

/** A row that a comparison decides. */
export function comparisonRow(
  row: Omit<Row, 'measure' | 'comparison'> & {
    readonly comparison: Comparison;
    judge(results: ComparisonResults): readonly Verdict[];
  },
): Row {
  const { name, what, against, comparison, judge } = row;
  const measure = (_bench: Bench, results: ComparisonResults | undefined): Finding => {
    if (results === undefined) throw new Error('the comparison was not run');
    return { verdicts: judge(results), figures: [] };
  };
  return { name, what, against, comparison: comparison, measure };
}
