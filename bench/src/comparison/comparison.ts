import type { Bench } from '../bench.js';
import { Contender, type Entrant, keyOf, type Measured, type Standing } from './contender.js';
import type { Workload } from './workload.js';

/** Servers that answer the same requests. The servers of all comparisons with one name are measured together. */
export interface Comparison {
  readonly name: string;
  /** The requests, in words for the report. */
  readonly asks: string;
  readonly workload: Workload;
  readonly entrants: readonly Entrant[];
}

/** The measurements of all servers of a comparison. */
export class ComparisonResults {
  readonly #byKey: ReadonlyMap<string, Standing>;

  constructor(
    readonly comparison: Comparison,
    readonly all: readonly Standing[],
  ) {
    this.#byKey = new Map(all.map((standing) => [keyOf(standing.entrant), standing]));
  }

  /** One figure of each round. @throws Error when the server failed. */
  of(entrant: Entrant, figure: (round: Measured) => number = rateOf): number[] {
    const standing = this.#byKey.get(keyOf(entrant));
    if (standing === undefined) throw new Error(`${entrant.subject.name} was not measured`);
    if (standing.failure !== undefined) throw new Error(`${entrant.subject.name} failed: ${standing.failure}`);
    return standing.rounds.map(figure);
  }

  /** The same for those of several that did not fail. */
  ofAll(entrants: readonly Entrant[], figure: (round: Measured) => number = rateOf): number[][] {
    const sound = entrants.filter((entrant) => this.#byKey.get(keyOf(entrant))?.failure === undefined);
    if (sound.length === 0) throw new Error('nothing to compare with');
    return sound.map((entrant) => this.of(entrant, figure));
  }
}

function rateOf({ rate }: Measured): number {
  return rate;
}

/** Runs all servers at once, measured in turns, so that noise of the machine affects all of them. */
export async function hold(comparison: Comparison, bench: Bench): Promise<ComparisonResults> {
  const contenders = comparison.entrants.map((entrant) => new Contender(bench, comparison.workload, entrant));
  try {
    for (const contender of contenders) await contender.start();
    for (const contender of contenders) await contender.warmUp();
    for (let round = 0; round < bench.extent.rounds; round += 1) {
      for (const contender of turned(contenders, round)) await contender.round();
    }
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
  return new ComparisonResults(
    comparison,
    contenders.map(({ standing }) => standing),
  );
}

/** Each round begins with another server, so that none always runs after the same one. */
function turned<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Merges comparisons of one name into one with the servers of all. */
export function merged(comparisons: readonly Comparison[]): Comparison[] {
  const byName = new Map<string, Comparison>();
  for (const comparison of comparisons) {
    const known = byName.get(comparison.name);
    const entrants = new Map(
      [...(known?.entrants ?? []), ...comparison.entrants].map((entry) => [keyOf(entry), entry]),
    );
    byName.set(comparison.name, { ...comparison, entrants: [...entrants.values()] });
  }
  return [...byName.values()];
}
