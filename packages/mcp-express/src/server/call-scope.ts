import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';
import type { Params } from '../ground/json-rpc.js';
import type { ClientCapabilities, Implementation } from '../ground/mcp.js';

/** The HTTP request that carried a call. */
export interface CallRequest {
  /** As Node gives them: lower-case names. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The caller's address, as Express sees it (`trust proxy`). */
  readonly ip: string | undefined;
}

/** What a running call can reach. The protocol room provides it; `HandlerContext` is the face of it users see. */
export interface CallScope {
  readonly signal: AbortSignal;
  readonly principal: Principal | undefined;
  readonly sessionId: string | undefined;
  readonly revision: string;
  readonly client: { readonly info: Implementation | undefined; readonly capabilities: ClientCapabilities };
  readonly request: CallRequest;
  readonly progressToken: string | number | undefined;
  /** Sends a notification that belongs to this call. Resolves when it is stored. */
  notify(method: string, params: Params): Promise<void>;
}
