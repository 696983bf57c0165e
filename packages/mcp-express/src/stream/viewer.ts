import type { Page } from '../store/store.js';

/** Why a reader stopped. `withheld`: this node has an answer that it may not give, since it may be taken for gone. */
export type CloseReason =
  | 'finished'
  | 'paused'
  | 'withheld'
  | 'superseded'
  | 'client-gone'
  | 'session-ended'
  | 'token-ended'
  | 'shutting-down';

/** The reasons for which the server closes a connection that the client still listens to. */
export function isOurs(reason: CloseReason): boolean {
  return reason === 'session-ended' || reason === 'shutting-down';
}

/** Whoever shows a stream to a client. */
export interface Viewer {
  /** Resolves when the client has taken it: no more is read than it takes. */
  show(page: Page): Promise<void> | undefined;
  /** The reader was stopped: a client that takes nothing need not be waited for. */
  stopped(): void;
  /** Nothing more will be shown. Told once, and last. @param cause why the stream cannot be read, if it cannot. */
  over(cause?: unknown): void;
}
