/**
 * Which formats a release knows of what a kind of store holds. The number stands in the store. How it may change, so that two
 * releases in a row can share a store, is in docs/architecture.md, "Formats of stores".
 */
export interface Format {
  /** What this release writes. A store of an earlier one that it reads becomes one of this. */
  readonly writes: number;
  /** The oldest and the newest that it reads. */
  readonly reads: readonly [oldest: number, newest: number];
}

/** What is wrong with a store that says it has this format; nothing when this release can use it. */
export function misfitOf(stored: unknown, { reads: [oldest, newest] }: Format): string | undefined {
  if (typeof stored === 'number' && stored >= oldest && stored <= newest) return undefined;
  const known = oldest === newest ? `format ${newest}` : `formats ${oldest} to ${newest}`;
  return `has format ${String(stored)}, and this version reads ${known}`;
}
