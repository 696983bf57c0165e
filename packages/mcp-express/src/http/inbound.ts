import type { Principal } from '../auth/principal.js';
import type { Charge } from '../request/in-flight.js';
import type { ExchangeRequest } from '../stateless/exchanges.js';
import type { Budget } from './rate-limits.js';

/** What a request brought as its body. */
export type InboundBody =
  | { readonly kind: 'text'; readonly text: string }
  /** A body parser that runs before us has made it a value already. */
  | { readonly kind: 'parsed'; readonly value: unknown };

/** One HTTP request, in words that no framework owns. It is also what handlers see of the request (`ctx.request`). */
export interface Inbound extends ExchangeRequest {
  readonly method: string;
  /** The request target as it was sent (RFC 9112, section 3.2). */
  readonly target: string;
  /** Who is calling. @throws McpError `unauthorized` and its kin when authentication refused, or named nobody. */
  principal(): Promise<Principal | undefined> | Principal | undefined;
  /** Counts the request in a budget, of the owner or else of the address. @throws McpError `rate-limited` */
  spend(budget: Budget, owner: string): Promise<void> | undefined;
  /** Reads the body, once. @throws McpError `body-too-large`, `unsupported-encoding`, `body-unreadable`, `parse-error`. */
  body(): Promise<InboundBody> | InboundBody;
  /** What its body holds once it is read. Who reads it releases it. Absent for a small one. */
  readonly charge: Charge | undefined;
}
