import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';
import type { Visible } from '../registry/visibility.js';
import type { Call } from '../request/call.js';
import type { RequestContext } from '../request/request-context.js';
import type { HeaderSource } from '../request/standard-headers.js';
import type { ValidationResult } from '../schema/compiled-schema.js';
import type { SessionStore, Subscriptions } from '../store/store.js';
import type { Discovery } from './discovery/server-capabilities.js';
import type { NotificationSender } from './extensions/extension.js';
import type { IdempotentCalls } from './idempotency/idempotent-calls.js';
import type { McpServer } from './mcp-server.js';
import type { ScopeChecker } from './scope-checker.js';
import type { Listeners } from './subscriptions/listeners.js';
import type { WatchedResources } from './subscriptions/watched-resources.js';
import type { Tasks } from './tasks/tasks.js';
import type { KeptResults } from './tools/kept-results.js';

/** Limits on the resource subscriptions of one session. */
export interface SessionSubscriptionLimits {
  readonly count: number;
  /** Total characters of the URIs, for a session of a principal. */
  readonly ownedBytes: number;
  /** The same for an anonymous session. */
  readonly anonymousBytes: number;
}

/** The parts of a node that the methods of features need, besides the call. */
export interface FeatureDeps {
  readonly server: McpServer;
  readonly sessions: SessionStore;
  readonly subscriptions: Subscriptions;
  readonly subscriptionLimits: SessionSubscriptionLimits;
  /** The parts of large results. */
  readonly kept: KeptResults;
  /** Follows the subscriptions to resources with hooks. */
  readonly watched: WatchedResources;
  /** Milliseconds. 0 disables the limit. */
  readonly callTimeoutMs: number;
  /** The open `subscriptions/listen` requests. */
  readonly listeners: Listeners;
  readonly tasks: Tasks;
  readonly idempotent: IdempotentCalls;
  readonly discovery: Discovery;
  readonly scopes: ScopeChecker;
}

/** A stateless request that is about to be accepted. */
export interface Admission {
  readonly request: JsonRpcRequest;
  readonly context: RequestContext;
  /** Absent: the transport has no headers, as stdio. */
  readonly headers: HeaderSource | undefined;
  /** The client accepts a stream. */
  readonly streaming: boolean;
}

/** One method of a feature. */
export interface FeatureMethod {
  /**
   * Answers a request with its result as JSON text, or with `undefined` if the call has ended otherwise. Errors that it
   * throws become JSON-RPC errors.
   */
  handle(call: Call, deps: FeatureDeps): string | Promise<string | undefined>;
  /** Where the method exists. @default in sessions and in stateless requests */
  readonly only?: 'sessions' | 'stateless';
  /** Checks a stateless request before it runs. A thrown `McpError` refuses the whole HTTP request. */
  admit?(admission: Admission, deps: FeatureDeps): void;
  /** The request may stay open forever, so it is limited separately from other calls. @default false */
  readonly waits?: boolean;
}

/** The declaration of a feature that client and server negotiate. */
export interface FeatureExtension {
  readonly id: string;
  /** The settings to announce. `undefined`: the server does not use the extension, and does not announce it. */
  settings(server: McpServer): Readonly<Record<string, unknown>> | undefined;
  /** Absent: it exists for all callers. */
  readonly visible?: Visible | undefined;
}

/** A notification of an extension. */
export interface FeatureNotification {
  /** The id of the extension. */
  readonly extension: string;
  readonly visible: Visible | undefined;
  check(params: Params): ValidationResult | Promise<ValidationResult>;
  /** Receives it from clients. Absent: it is only sent. */
  readonly receive: ((params: unknown, sender: NotificationSender) => unknown) | undefined;
}

/** A feature of MCP, or an extension: its methods by their names. */
export interface Feature {
  /** Absent for the features of MCP itself. */
  readonly extension?: FeatureExtension;
  readonly notifications?: Readonly<Record<string, FeatureNotification>>;
  readonly methods: Readonly<Record<string, FeatureMethod>>;
}
