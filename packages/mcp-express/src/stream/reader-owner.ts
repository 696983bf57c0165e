import type { StreamReader } from './reader.js';

/** The events of readers, for the streams of their node. */
export interface ReaderOwner {
  /** Called once, when the reader was closed for any reason. */
  onClosed(reader: StreamReader): void;
  /** The stream waits for pending responses of `node`. */
  onPending(reader: StreamReader, node: string): void;
  /** Called once, when the reader has delivered its first event. */
  onFirstEvent(reader: StreamReader): void;
  /** A page was handed to the client. */
  onRead(reader: StreamReader): void;
}
