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

/**
 * The limits bound what may be dropped. What must be kept, which is answers that were not delivered and everything that an
 * attached reader has not read, may go up to this many times the limits. Answers have the higher ceiling, so that a reader
 * that lags behind notifications leaves room for the answers of the other streams of its session.
 */
export const CEILINGS = { notification: 2, answer: 4 } as const;

/** What the sessions of one holder may hold together: as much as one session may by itself, at most. Bytes. */
export function shareOf({ bytes }: Pick<StreamLimits, 'bytes'>): number {
  return bytes * CEILINGS.answer;
}

/** Holders of more than this make room before others do, where all sessions together have none. Bytes. */
export function largeFrom({ totalBytes }: Pick<StreamLimits, 'totalBytes'>): number {
  return totalBytes / 16;
}

/** What the first event of a stream is worth keeping for. */
export type Worth = 'delivered' | 'notification' | 'anything';

export const LEAST_FIRST: readonly Worth[] = ['delivered', 'notification', 'anything'];
