import type { Bench } from './bench.js';
import { type Comparison, type ComparisonResults, hold, merged } from './comparison/comparison.js';
import type { Finding, Row } from './rows/row.js';

/** The finding of a row, or the reason why it has none. */
export interface Outcome {
  readonly row: Row;
  readonly finding: Finding | undefined;
  readonly failure: string | undefined;
}

/** All outcomes of a run. */
export interface Results {
  readonly outcomes: readonly Outcome[];
  /** The comparisons that were run, each once even if it decides several rows. */
  readonly results: readonly ComparisonResults[];
}

/** Measures the rows one after another. One that fails does not end the others. */
export async function run(rows: readonly Row[], bench: Bench): Promise<Results> {
  const comparisons = merged(rows.flatMap(({ comparison }) => comparison ?? []));
  const held = new Map<string, ComparisonResults>();
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    const beganAt = performance.now();
    outcomes.push(await measured(row, bench, () => resultsOf(row, comparisons, held, bench)));
    bench.say(`row ${row.name}: ${Math.round((performance.now() - beganAt) / 1000)} s`);
  }
  return { outcomes, results: [...held.values()] };
}

async function measured(
  row: Row,
  bench: Bench,
  results: () => Promise<ComparisonResults | undefined>,
): Promise<Outcome> {
  try {
    return { row, finding: await row.measure(bench, await results()), failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    bench.say(`row ${row.name} failed: ${failure}`);
    return { row, finding: undefined, failure };
  } finally {
    await bench.stopAll();
  }
}

async function resultsOf(
  { comparison }: Row,
  comparisons: readonly Comparison[],
  held: Map<string, ComparisonResults>,
  bench: Bench,
): Promise<ComparisonResults | undefined> {
  if (comparison === undefined) return undefined;
  const known = held.get(comparison.name);
  if (known !== undefined) return known;
  const results = await hold(comparisons.find(({ name }) => name === comparison.name)!, bench);
  held.set(comparison.name, results);
  return results;
}
