import { isSecretName } from '../observe/secret-names.js';
import type { CallRequest } from './running-call.js';

/** Headers with tokens of load balancers, whose names do not match the names of secrets. */
const OTHER_CREDENTIALS: ReadonlySet<string> = new Set(['x-amzn-oidc-data', 'x-ms-client-principal']);

/** Not secret: handlers have it as `ctx.sessionId`. */
const SESSION = 'mcp-session-id';

/**
 * The HTTP request as handlers see it, without headers that carry credentials, so that handlers cannot leak them by
 * forwarding or logging headers, nor tasks by keeping them for hours.
 */
export class HandlerRequest implements CallRequest {
  #headers: CallRequest['headers'] | undefined;

  /** @param shown lower-case names of headers with credentials that handlers may see */
  constructor(
    private readonly request: CallRequest,
    private readonly shown: ReadonlySet<string>,
  ) {}

  get headers(): CallRequest['headers'] {
    this.#headers ??= withoutCredentials(this.request.headers, this.shown);
    return this.#headers;
  }

  get ip(): string | undefined {
    return this.request.ip;
  }
}

function withoutCredentials(headers: CallRequest['headers'], shown: ReadonlySet<string>): CallRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => shown.has(name) || !isCredential(name)));
}

function isCredential(name: string): boolean {
  return name !== SESSION && (OTHER_CREDENTIALS.has(name) || isSecretName(name));
}
