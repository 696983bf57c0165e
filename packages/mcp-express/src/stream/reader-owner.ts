import type { StreamReader } from './reader.js';

/** What readers tell the streams of their node. */
export interface ReaderOwner {
  /** Told once, when it has stopped for whatever reason. */
  onClosed(reader: StreamReader): void;
  /** It waits for what this node owes. */
  onOwed(reader: StreamReader, node: string): void;
  /** Told once, when it has shown its first event. */
  onSaid(reader: StreamReader): void;
  /** What it read was handed to its client. */
  onRead(reader: StreamReader): void;
}
