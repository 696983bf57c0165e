import type { JsonRpcNotification } from '../protocol/json-rpc.js';
import type { Implementation } from '../protocol/mcp.js';
import type { RequestContext } from '../request/request-context.js';
import type { ClientInfo, Notifier } from '../request/running-call.js';
import type { SessionMessages } from '../request/session-messages.js';
import type { SessionStore } from '../store/store.js';
import type { FeatureMethod } from './feature.js';

/** The client and the caller of an `initialize` request, whose session has an id but is not stored yet. */
export type OpeningContext = Pick<
  RequestContext,
  'key' | 'sessionId' | 'owner' | 'holder' | 'principal' | 'revision'
> & {
  readonly client: Pick<ClientInfo, 'info' | 'capabilities'>;
};

/** The description of a server in `initialize` and in `server/discover`. */
export interface ServerDescription {
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly serverInfo: Implementation;
  readonly instructions?: string | undefined;
}

/** The services of a node for messages outside calls. */
export interface DelegateServices {
  readonly messages: SessionMessages;
  readonly notifier: Notifier;
  readonly sessions: SessionStore;
  readonly failed: (where: string, cause: unknown) => void;
}

/**
 * Answers in place of registrations: the server of another library, or another process. The sessions, streams and limits of
 * the router apply to it all the same.
 */
export interface Delegate {
  /** The methods that replace those of the features, by name. Methods of features that are not among them do not exist. */
  readonly methods: Readonly<Record<string, FeatureMethod>>;
  /** Answers requests of all other methods. */
  readonly otherMethod: FeatureMethod;
  /** Name and version for the results of 2026-07-28. */
  readonly info: Implementation;
  /** Receives the services of each node that serves it. */
  attach(services: DelegateServices): void;
  /** The part of the result of `initialize` that is the server's own. */
  initialize(opening: OpeningContext): Promise<ServerDescription>;
  /** Receives the notifications of sessions, except cancellations. */
  notified(notification: JsonRpcNotification, context: RequestContext): void;
  /** The scopes that a call of the tool needs. */
  scopesOf(tool: string): readonly string[];
}
