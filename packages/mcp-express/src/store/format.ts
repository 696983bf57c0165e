/**
 * The formats of the stored data that a release knows. The number of the format is kept in the store. How a format may
 * change, so that two consecutive releases can share a store, is described in docs/architecture.md, "Formats of
 * stores".
 */
export interface Format {
  /** The format that this release writes. It converts a store of an earlier readable format to this one. */
  readonly writes: number;
  /** The oldest and the newest format that it reads. */
  readonly reads: readonly [oldest: number, newest: number];
}

/**
 * Explains why this release cannot use a store.
 *
 * @param stored the format number found in the store.
 * @returns a predicate for an error message, such as "has format 3, and …"; `undefined` when the format is readable.
 */
export function misfitOf(stored: unknown, { reads: [oldest, newest] }: Format): string | undefined {
  if (typeof stored === 'number' && stored >= oldest && stored <= newest) return undefined;
  const known = oldest === newest ? `format ${newest}` : `formats ${oldest} to ${newest}`;
  return `has format ${String(stored)}, and this version reads ${known}`;
}
