/** How long, and for whom, a client may keep a result (MCP 2026-07-28, Caching). */
export interface CacheHints {
  /** Milliseconds for which it may be taken for fresh; 0 for not at all. */
  readonly ttlMs: number;
  /** `public`: the same for everybody. `private`: for this caller alone. */
  readonly cacheScope: 'public' | 'private';
}

/** For what may depend on who asks, and may have changed by the next time. */
export const NOT_KEPT: CacheHints = { ttlMs: 0, cacheScope: 'private' };

/** Writes results as JSON text, in the shape of one era. The same object for the same shape, so that it can be a key. */
export interface ResultWriter {
  /** What a tool's structured content may be: in sessions an object, later any JSON value (SEP-2106). */
  readonly structured: 'object' | 'any';
  /** `undefined` where there is no JSON for it. Throws what `JSON.stringify` throws. */
  write(result: Readonly<Record<string, unknown>>, hints?: CacheHints): string;
}

/** Results as sessions have them: nothing is added. */
export const PLAIN_RESULTS: ResultWriter = { structured: 'object', write: (result) => JSON.stringify(result) };
