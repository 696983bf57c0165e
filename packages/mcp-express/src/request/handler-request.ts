import { isSecretName } from '../observe/secret-names.js';
import type { CallRequest } from './call-scope.js';

/** Credentials under names that do not say so: tokens that load balancers add. */
const OTHER_CREDENTIALS: ReadonlySet<string> = new Set(['x-amzn-oidc-data', 'x-ms-client-principal']);

/** Handlers have it as `ctx.sessionId`. */
const SESSION = 'mcp-session-id';

/**
 * The HTTP request of a call as its handler sees it: without the headers that carry credentials. A handler that passes
 * headers on, or logs them, or a task that keeps them for hours, has none to lose.
 */
export class HandlerRequest implements CallRequest {
  #headers: CallRequest['headers'] | undefined;

  /** @param shown names, in lower case, of headers with credentials that handlers are given all the same. */
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
