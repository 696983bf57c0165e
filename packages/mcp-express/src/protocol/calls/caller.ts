import type { Principal } from '../../auth/principal.js';
import type { Charge } from '../../ground/in-flight.js';
import type { LogLevel } from '../../ground/mcp.js';
import type { CallRequest, ClientInfo, RoundInputs } from '../../server/call-scope.js';
import type { SessionId } from '../../store/store.js';
import type { Revision } from '../revisions.js';

/** Who is calling, and through what. The same for all calls of one POST. */
export interface Caller {
  /** What its calls and streams are kept under: the id of the session, or one of its own for a request that stands alone. */
  readonly key: string;
  readonly sessionId: SessionId | undefined;
  /** The key of the principal: what is bound to one is useless to all others. */
  readonly owner: string;
  /** Replaced while a subscription is open, by what its token says when it is asked about again. */
  principal: Principal | undefined;
  /** Of a subscription: its principal was replaced. */
  onRenewed?: (() => void) | undefined;
  readonly revision: Revision;
  readonly client: ClientInfo;
  /** The least severe log messages that are sent; absent: none. */
  readonly logLevel: LogLevel | undefined;
  readonly request: CallRequest;
  /** What the arguments of its calls hold; absent for few. */
  readonly charge?: Charge | undefined;
  /** Whom it is counted for what its calls hold: the owner, or the address of an anonymous one. */
  readonly holder: string;
  /** It waits rather than runs, and is bounded as a listener. */
  readonly waits?: boolean;
  /** What the client has answered in earlier rounds; absent: nothing. */
  readonly inputs?: RoundInputs;
}
