import type { Observer } from '../ground/observe.js';
import type { Calls } from '../protocol/calls/calls.js';
import type { Dispatcher } from '../protocol/sessions/dispatcher.js';
import type { McpServer } from '../server/mcp-server.js';
import type { SessionLimits, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import type { Activity } from './activity.js';
import type { Changes } from './changes.js';

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
