import type { IncomingHttpHeaders } from 'node:http';
import { isSecretName } from './secret-names.js';

/** Headers with tokens of load balancers, whose names do not match the names of secrets. */
const OTHER_CREDENTIALS: ReadonlySet<string> = new Set(['x-amzn-oidc-data', 'x-ms-client-principal']);

/** Not secret: handlers have it as `ctx.sessionId`. */
const SESSION = 'mcp-session-id';

const NONE: ReadonlySet<string> = new Set();

/** The headers without those that carry credentials. @param shown lower-case names of credential headers to keep */
export function withoutCredentials(
  headers: Readonly<IncomingHttpHeaders>,
  shown: ReadonlySet<string> = NONE,
): Readonly<IncomingHttpHeaders> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => shown.has(name) || !isCredential(name)));
}

function isCredential(name: string): boolean {
  return name !== SESSION && (OTHER_CREDENTIALS.has(name) || isSecretName(name));
}
