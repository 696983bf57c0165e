import { createHash } from 'node:crypto';
import type { ErrorCode } from './errors.js';

/**
 * What happened, told once. Audit, metrics, traces and logs are built on these events and on nothing else. Session ids
 * are hashed and tokens never appear.
 */
export type Observation =
  | { readonly type: 'session-opened'; readonly session: string; readonly revision: string; readonly client: string }
  | { readonly type: 'session-ended'; readonly session: string; readonly reason: 'deleted' | 'evicted' }
  | { readonly type: 'call-begun'; readonly session?: string; readonly method: string; readonly name?: string }
  | {
      readonly type: 'call-ended';
      /** Absent for a request that stands alone. */
      readonly session?: string;
      readonly method: string;
      readonly name?: string;
      readonly outcome: 'result' | 'input-required' | 'error' | 'cancelled';
      readonly error?: ErrorCode;
      readonly durationMs: number;
    }
  | { readonly type: 'stream-opened'; readonly session?: string; readonly kind: 'standalone' | 'reply' | 'resumed' }
  | { readonly type: 'stream-superseded'; readonly session: string }
  | { readonly type: 'notification-dropped'; readonly session?: string; readonly method: string }
  | { readonly type: 'refused'; readonly error: ErrorCode; readonly status: number; readonly cause?: unknown }
  | { readonly type: 'failure'; readonly where: string; readonly cause: unknown };

/** Called synchronously. What it throws is ignored: watching must not change what is watched. */
export type Observer = (event: Observation) => void;

/** A session id as it may appear in logs: the same for the same session, and useless to a reader. */
export function hashedId(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 16);
}

/** Wraps the user's observer so that it cannot throw into our code; `undefined` stays so, and then nothing is built. */
export function guardedObserver(observer: Observer | undefined): Observer | undefined {
  if (observer === undefined) return undefined;
  return (event) => {
    try {
      observer(event);
    } catch {
      // An observer's failure is its own: there is nobody left to tell.
    }
  };
}
