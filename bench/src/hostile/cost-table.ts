import { table } from '../report/table.js';
import type { Cost } from './measure.js';
import { STORE_NAMES } from './target-stores.js';

/** The table of `docs/security.md`: a row for each attack, a column for each store. */
export function costTable(costs: readonly Cost[]): string {
  const bounds = [...new Set(costs.map(({ attack }) => attack.bound))];
  const cellOf = (bound: string, store: string): string => {
    const cost = costs.find((each) => each.attack.bound === bound && each.store === store);
    return cost === undefined ? '' : cell(cost);
  };
  const rows = bounds.map((bound) => [bound, ...STORE_NAMES.map((store) => cellOf(bound, store))]);
  return table([['one client sends', ...STORE_NAMES], ...rows]).join('\n');
}

/** Bytes held by the node and by the store, the peak of the process, and the factor by which the p99 of others grows. */
function cell({ held, beside, peak, ratio }: Cost): string {
  const megabytes = (bytes: number): string => (Math.max(0, bytes) / 1_000_000).toFixed(0);
  return `${megabytes(Math.max(0, held) + Math.max(0, beside))} / ${megabytes(peak)} MB, ${ratio.toFixed(1)}`;
}
