/** Bounds of the stored events, for the memory store and LMDB. */
export interface StreamLimits {
  /** Bytes of all streams of one session. @default 8 MiB */
  readonly bytes: number;
  /** Events of all streams of one session. @default 10,000 */
  readonly events: number;
  /** Streams of one session, running and ended. @default 1,000 */
  readonly streams: number;
  /** Bytes of all streams of all sessions. @default 256 MiB */
  readonly totalBytes: number;
  /** Milliseconds that an ended stream is kept for clients that resume it. @default 5 minutes */
  readonly ageMs: number;
}

/** The defaults of `StreamLimits`. */
export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  bytes: 8 * 1024 * 1024,
  totalBytes: 256 * 1024 * 1024,
  events: 10_000,
  streams: 1_000,
  ageMs: 5 * 60_000,
};

/** Eviction goes down to this part of the limit, so that it does not run again at the next event. */
export const LOW_WATER = 7 / 8;

/**
 * Multiples of the limits for events that must be kept: undelivered responses, and events that an attached reader has
 * not read. The limits themselves bound events that may be dropped. Responses have the higher ceiling, so that a reader
 * that lags behind notifications leaves room for the responses of the other streams of its session.
 */
export const CEILINGS = { notification: 2, answer: 4 } as const;

/**
 * The quota of one holder: bytes of the events of all its sessions. It equals the most that a single session may have.
 */
export function holderQuota({ bytes }: Pick<StreamLimits, 'bytes'>): number {
  return bytes * CEILINGS.answer;
}

/** Bytes above which a holder is large. When all sessions together reach their limit, large holders make room first. */
export function largeHolderBytes({ totalBytes }: Pick<StreamLimits, 'totalBytes'>): number {
  return totalBytes / 16;
}

/**
 * The class of the first event of a stream, for the order of eviction: a delivered event, an undelivered notification,
 * or any other event (a response).
 */
export type EventClass = 'delivered' | 'notification' | 'anything';

/** The classes in the order of eviction. LMDB files contain the indexes. */
export const EVICTION_ORDER: readonly EventClass[] = ['delivered', 'notification', 'anything'];
