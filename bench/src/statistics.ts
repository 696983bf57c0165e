/** The median; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The least and the greatest value. */
export function range(values: readonly number[]): readonly [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * `ours` divided by `theirs`, in each round. Measurements of one round share the conditions of the machine, so these ratios
 * vary less than the figures themselves.
 */
export function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, round) => value / theirs[round]!);
}

/** The greatest of several in each round. */
export function bestOf(several: readonly (readonly number[])[]): number[] {
  return (several[0] ?? []).map((_, round) => Math.max(...several.map((values) => values[round]!)));
}

/** The least of several in each round. */
export function leastOf(several: readonly (readonly number[])[]): number[] {
  return (several[0] ?? []).map((_, round) => Math.min(...several.map((values) => values[round]!)));
}

/** The value at this part (0 to 1) of the sorted values; NaN without values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
