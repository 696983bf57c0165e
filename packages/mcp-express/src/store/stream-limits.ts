export interface StreamLimits {
  /** Bytes of all streams of one session. @default 8 MiB */
  readonly bytes: number;
  /** Events of all streams of one session. @default 10,000 */
  readonly events: number;
  /** Streams of one session, running and ended. @default 1,000 */
  readonly streams: number;
  /** Bytes of all streams of all sessions. @default 256 MiB */
  readonly totalBytes: number;
  /** Milliseconds an ended stream is kept for clients that come back for it. @default 5 minutes */
  readonly ageMs: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  bytes: 8 * 1024 * 1024,
  totalBytes: 256 * 1024 * 1024,
  events: 10_000,
  streams: 1_000,
  ageMs: 5 * 60_000,
};

/** Making room goes down to this part of the limit, so that it is not done again at the very next event. */
export const LOW_WATER = 7 / 8;

/** What the first event of a stream is worth keeping for. */
export type Worth = 'delivered' | 'notification' | 'anything';

export const LEAST_FIRST: readonly Worth[] = ['delivered', 'notification', 'anything'];
