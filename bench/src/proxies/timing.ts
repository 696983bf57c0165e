/** Events of a stream, and milliseconds between them. */
export const EVENTS = 5;
export const GAP_MS = 300;

/** How often the server sends a comment on a quiet stream. */
export const KEEP_ALIVE_MS = 2_000;

/** A server that hears of it within this time has been told; later, it was a comment that could not be sent. */
export const TOLD_MS = 1_000;

/** How long anything is waited for. */
export const PATIENCE_MS = 20_000;
