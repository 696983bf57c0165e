import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../auth/principal.js';

/** What a request brought as its body. */
export type InboundBody =
  | { readonly kind: 'text'; readonly text: string }
  /** A body parser that runs before us has made it a value already. */
  | { readonly kind: 'parsed'; readonly value: unknown };

/** One HTTP request, in words that no framework owns. */
export interface Inbound {
  readonly method: string;
  /** Lower-case names; a header sent twice is joined with `, `, as Node does. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly ip: string | undefined;
  /** @throws McpError `unauthorized` when authentication left something that names nobody. */
  principal(): Principal | undefined;
  /** Reads the body, once. @throws McpError `body-too-large`, `unsupported-encoding`, `body-unreadable`, `parse-error`. */
  body(): Promise<InboundBody>;
}
