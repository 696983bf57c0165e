import type { Page } from '../store/store.js';

/**
 * The reason for closing a reader. `withheld`: this node has an answer that it may not deliver, because other nodes may
 * have declared it dead.
 */
export type CloseReason =
  | 'finished'
  | 'paused'
  | 'withheld'
  | 'superseded'
  | 'client-gone'
  | 'session-ended'
  | 'token-ended'
  | 'shutting-down';

/** True if the server closes a connection to which the client is still listening. */
export function isServerClose(reason: CloseReason): boolean {
  return reason === 'session-ended' || reason === 'shutting-down';
}

/** The destination of a reader: it writes pages to a client. */
export interface ReaderSink {
  /** Writes a page. Resolves when the client has taken it; the reader waits for that before it reads more. */
  write(page: Page): Promise<void> | undefined;
  /** The reader was closed: a client that takes nothing need not be waited for. */
  readerClosed(): void;
  /** Nothing follows. Called once, as the last method. @param cause the failure to read the stream, if any. */
  end(cause?: unknown): void;
}
