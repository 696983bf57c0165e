import type { McpServer } from '../features/mcp-server.js';
import type { Observer } from '../observe/observe.js';
import type { Calls } from '../request/calls.js';
import type { SessionLimits, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import type { Activity } from './activity.js';
import type { Changes } from './changes.js';
import type { Dispatcher } from './dispatcher.js';

/** How many sessions there may be. */
export interface SessionCeilings extends SessionLimits {
  /** Sessions of the anonymous callers of one address. */
  readonly perAddress: number;
}

/** What sessions are made of on this node. */
export interface SessionParts {
  readonly server: McpServer;
  readonly store: Store;
  readonly streams: Streams;
  readonly dispatcher: Dispatcher;
  readonly calls: Calls;
  readonly activity: Activity;
  readonly changes: Changes;
  readonly limits: SessionCeilings;
  readonly idleMs: number;
  /** Clients can be shown streams. */
  readonly streaming: boolean;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}
