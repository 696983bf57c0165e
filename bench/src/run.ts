import type { Bench } from './bench.js';
import { type Contest, hold, merged, type Standings } from './comparison/comparison.js';
import type { Finding, Row } from './rows/row.js';

/** What came of a row, or why nothing did. */
export interface Outcome {
  readonly row: Row;
  readonly finding: Finding | undefined;
  readonly failure: string | undefined;
}

export interface Results {
  readonly outcomes: readonly Outcome[];
  /** The contests that were held, each once, however many rows it decided. */
  readonly standings: readonly Standings[];
}

/** Measures the rows one after another. One that fails does not end the others. */
export async function run(rows: readonly Row[], bench: Bench): Promise<Results> {
  const contests = merged(rows.flatMap(({ contest }) => contest ?? []));
  const held = new Map<string, Standings>();
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    const beganAt = performance.now();
    outcomes.push(await measured(row, bench, () => standingsOf(row, contests, held, bench)));
    bench.say(`row ${row.name}: ${Math.round((performance.now() - beganAt) / 1000)} s`);
  }
  return { outcomes, standings: [...held.values()] };
}

async function measured(row: Row, bench: Bench, standings: () => Promise<Standings | undefined>): Promise<Outcome> {
  try {
    return { row, finding: await row.measure(bench, await standings()), failure: undefined };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    bench.say(`row ${row.name} failed: ${failure}`);
    return { row, finding: undefined, failure };
  } finally {
    await bench.stopAll();
  }
}

async function standingsOf(
  { contest }: Row,
  contests: readonly Contest[],
  held: Map<string, Standings>,
  bench: Bench,
): Promise<Standings | undefined> {
  if (contest === undefined) return undefined;
  const known = held.get(contest.name);
  if (known !== undefined) return known;
  const standings = await hold(contests.find(({ name }) => name === contest.name)!, bench);
  held.set(contest.name, standings);
  return standings;
}
