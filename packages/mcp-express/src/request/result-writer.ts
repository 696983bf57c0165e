/** How long, and in which caches, clients may keep a result (MCP 2026-07-28, Caching). */
export interface CacheHints {
  /** How long the result is fresh, in milliseconds. 0: not at all. */
  readonly ttlMs: number;
  /** `public`: identical for all callers. `private`: for this caller only. */
  readonly cacheScope: 'public' | 'private';
}

/** For results that may depend on the caller or change at any time. */
export const NO_CACHE: CacheHints = { ttlMs: 0, cacheScope: 'private' };

/** Serialises results in the form of a revision. Lists cache their pages by writer, so there is one object per form. */
export interface ResultWriter {
  /** Type of structured content: objects in sessions, any JSON value later (SEP-2106). */
  readonly structured: 'object' | 'any';
  /**
   * Returns `undefined` if the result has no JSON form.
   * @throws the errors of `JSON.stringify`
   */
  write(result: Readonly<Record<string, unknown>>, hints?: CacheHints): string;
  /** Writes a result that had been written before, and was read and changed. It keeps its type and its cache hints. */
  rewrite(result: object): string;
}

/** Results in sessions, which need no additional members. */
export const SESSION_RESULTS: ResultWriter = {
  structured: 'object',
  write: (result) => JSON.stringify(result),
  rewrite: (result) => JSON.stringify(result),
};
