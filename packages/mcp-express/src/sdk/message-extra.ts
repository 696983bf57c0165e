import type { Principal } from '../auth/principal.js';
import type { HostedContext } from '../hosting/upstream.js';
import type { CallRequest } from '../request/running-call.js';

/** The caller in the form of the SDK. */
interface AuthInfo {
  /** Empty, unless the option `credentialHeaders` of the router names `authorization`. */
  readonly token: string;
  readonly clientId: string;
  readonly scopes: string[];
  readonly expiresAt?: number;
  readonly extra: Record<string, unknown>;
}

/** The address of requests in the standard form, which has to be absolute. Servers use the headers. */
const URL_OF_REQUESTS = 'http://localhost/mcp';

/** What the SDK passes to handlers beside a message: `authInfo`, `requestInfo` (1.x) and `request` (2.x). */
export class MessageExtra {
  readonly authInfo: AuthInfo | undefined;
  readonly #request: CallRequest;

  constructor(principal: Principal | undefined, request: CallRequest) {
    this.#request = request;
    this.authInfo = principal && authInfoOf(principal, request);
  }

  get requestInfo(): { readonly headers: CallRequest['headers'] } {
    return { headers: this.#request.headers };
  }

  get request(): Request {
    const headers = new Headers();
    for (const [name, value] of Object.entries(this.#request.headers)) {
      for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
    }
    return new Request(URL_OF_REQUESTS, { headers });
  }
}

/** `undefined` outside requests. */
export function extraOf({ call, context: { principal } }: HostedContext): MessageExtra | undefined {
  return call === undefined ? undefined : new MessageExtra(principal, call.request);
}

function authInfoOf(principal: Principal, { headers }: CallRequest): AuthInfo {
  const { issuer, subject, clientId = subject, scopes = [], expiresAt, extra } = principal;
  return {
    token: /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '',
    clientId,
    scopes: [...scopes],
    ...(expiresAt === undefined ? {} : { expiresAt }),
    extra: { ...extra, sub: subject, ...(issuer === undefined ? {} : { iss: issuer }) },
  };
}
