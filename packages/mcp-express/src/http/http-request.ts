import type { Principal } from '../auth/principal.js';
import type { Charge } from '../request/in-flight.js';
import type { StatelessHttpRequest } from '../stateless/stateless-requests.js';
import type { Budget } from './security/rate-limits.js';

/** The body of a request: its text, or the value that an earlier body parser made of it. */
export type RequestBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parsed'; readonly value: unknown };

/** One HTTP request, independent of any framework. Handlers see part of it as `ctx.request`. */
export interface HttpRequest extends StatelessHttpRequest {
  readonly method: string;
  /** The request target as sent (RFC 9112, section 3.2). */
  readonly target: string;
  /** Authenticates the caller; `undefined` if anonymous. @throws McpError such as `unauthorized` if that fails. */
  principal(): Promise<Principal | undefined> | Principal | undefined;
  /** Counts the request for its owner, or for its address if the owner is anonymous. @throws McpError `rate-limited` */
  spend(budget: Budget, owner: string): Promise<void> | undefined;
  /** Reads the body, once. @throws McpError `body-too-large`, `unsupported-encoding`, `body-unreadable`, `parse-error`. */
  body(): Promise<RequestBody> | RequestBody;
  /** The memory charged for the body once it is read; its reader must release it. Absent for small bodies. */
  readonly charge: Charge | undefined;
}
