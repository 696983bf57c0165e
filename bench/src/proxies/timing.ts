/** Events of a stream. */
export const EVENTS = 5;

/** Time between two events of a stream. Milliseconds. */
export const GAP_MS = 300;

/** How often the server sends a comment on a quiet stream. */
export const KEEP_ALIVE_MS = 2_000;

/** A server that notices the end of a connection later than this noticed a failed write of a comment. Milliseconds. */
export const TOLD_MS = 1_000;

/** Timeout of all waits. Milliseconds. */
export const PATIENCE_MS = 20_000;
