import type { Bench } from '../bench.js';
import type { Comparison, ComparisonResults } from '../comparison/comparison.js';

/** One row of the table of targets. */
export interface Row {
  /** Its name on the command line. */
  readonly name: string;
  /** The measured quantity, in words. */
  readonly what: string;
  readonly against: string;
  /** The comparison that decides it, if any. */
  readonly comparison?: Comparison;
  /** Measures and judges the row. @param results of its comparison. @throws Error with the reason if it cannot be judged. */
  measure(bench: Bench, results: ComparisonResults | undefined): Promise<Finding> | Finding;
}

/** The outcome of a row. */
export interface Finding {
  readonly verdicts: readonly Verdict[];
  /** Measurements in addition to the results of a comparison. */
  readonly figures: readonly Figure[];
  readonly notes?: readonly string[];
}

/** A target, and the value of each round. */
export interface Verdict {
  readonly what: string;
  readonly found: readonly number[];
  readonly unit: Unit;
  /** The target, for the median of the rounds. */
  readonly target: { readonly least: number } | { readonly most: number };
}

/** A measured quantity without a target. */
export interface Figure {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: Unit;
}

/** The unit of a value. */
export type Unit = 'times' | 'count' | 'bytes' | 'percent' | 'ms' | 'per second' | 'microseconds';

/** Whether a value meets the target. */
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
