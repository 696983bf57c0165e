import type { McpServer } from '../features/mcp-server.js';
import type { WatchedResources } from '../features/subscriptions/watched-resources.js';
import type { Observer } from '../observe/observe.js';
import type { Calls } from '../request/calls.js';
import type { SessionLimits, Store } from '../store/store.js';
import type { Streams } from '../stream/streams.js';
import type { Activity } from './activity.js';
import type { ChangeNotifier } from './change-notifier.js';
import type { Dispatcher } from './dispatcher.js';

/** The limits of sessions. */
export interface SessionCeilings extends SessionLimits {
  /** Sessions of the anonymous callers of one address. */
  readonly perAddress: number;
}

/** Services and settings of sessions on this node. */
export interface SessionDeps {
  readonly server: McpServer;
  readonly store: Store;
  readonly streams: Streams;
  readonly dispatcher: Dispatcher;
  readonly calls: Calls;
  readonly activity: Activity;
  readonly changes: ChangeNotifier;
  readonly watched: WatchedResources;
  readonly limits: SessionCeilings;
  /** Milliseconds after which an idle session expires. */
  readonly idleMs: number;
  /** False if the option `jsonOnly` disables streams. */
  readonly streaming: boolean;
  /** Time limit of the middleware of `initialize`, in milliseconds. 0 disables it. */
  readonly callTimeoutMs: number;
  /** Names, in lower case, of headers with credentials that handlers and middleware may see. */
  readonly credentialHeaders: ReadonlySet<string>;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
}
