export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function range(values: readonly number[]): readonly [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}

/**
 * How many times `ours` is `theirs`, in each round. What was measured in one round was measured in the same minute of the
 * machine, so these ratios are steadier than the figures they are made of.
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

/** The value that this part of all values is not above. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
