import type { Principal } from '../auth/principal.js';
import type { LogLevel } from '../protocol/mcp.js';
import type { Revision } from '../protocol/revisions.js';
import type { SessionId } from '../store/store.js';
import type { Charge } from './in-flight.js';
import type { CallRequest, DeclaredClient, MrtrInputs } from './running-call.js';

/** The client and the principal behind the requests of one POST. */
export interface RequestContext {
  /** Groups calls and streams: the session id, or a unique id for a stateless request. */
  readonly key: string;
  readonly sessionId: SessionId | undefined;
  /** The key of the principal. Sessions, tasks and states are bound to it. */
  readonly owner: string;
  /** Replaced by a newer token's principal while a subscription is open. */
  principal: Principal | undefined;
  /** For subscriptions: called after `principal` was replaced. */
  onRenewed?: (() => void) | undefined;
  readonly revision: Revision;
  readonly client: DeclaredClient;
  /** The least severe level of log messages to send. Absent: send none. */
  readonly logLevel: LogLevel | undefined;
  readonly request: CallRequest;
  /** Memory that the arguments of its calls occupy. Absent for small bodies. */
  readonly charge?: Charge | undefined;
  /** The account for limits on memory and calls: the owner, or the address of an anonymous caller. */
  readonly holder: string;
  /** For subscriptions, which are limited as listeners and not as running calls. */
  readonly isSubscription?: boolean;
  /** Responses from earlier round trips. Absent: there are none. */
  readonly inputs?: MrtrInputs;
}
