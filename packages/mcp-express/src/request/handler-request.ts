import { withoutCredentials } from '../observe/credential-headers.js';
import type { CallRequest } from './running-call.js';

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
