import type { Request } from 'express';

/** A `trust proxy` setting that yields wrong client addresses. Emitted as a process warning; the codes are stable. */
export interface ProxyWarning {
  readonly code: 'MCP_EXPRESS_TRUST_PROXY_OFF' | 'MCP_EXPRESS_TRUST_PROXY_ALL';
  readonly message: string;
}

const OFF: ProxyWarning = {
  code: 'MCP_EXPRESS_TRUST_PROXY_OFF',
  message:
    'A request has an X-Forwarded-For header, but the application trusts no proxy. Behind a proxy, all callers ' +
    'share its address and its rate limits. Set app.set("trust proxy", …) to your proxies',
};

const ALL: ProxyWarning = {
  code: 'MCP_EXPRESS_TRUST_PROXY_ALL',
  message:
    'The application trusts every proxy ("trust proxy" is true): callers can choose the address that rate limits count. ' +
    'Set it to the number of your proxies, or to their addresses',
};

/** The fields that are read. Without `app`, as under other frameworks, nothing is known about trusted proxies. */
type AnyRequest = Pick<Request, 'headers'> & {
  readonly app?: { readonly settings?: Readonly<Record<string, unknown>> };
};

/** Warns once when the `trust proxy` setting of the application makes the addresses of callers wrong. */
export class ProxyCheck {
  #warned = false;

  /** @param warn called at most once. */
  constructor(private readonly warn: (fault: ProxyWarning) => void) {}

  /** Checks one request. Only a request with `X-Forwarded-For` shows that there is a proxy. */
  look({ headers, app }: AnyRequest): void {
    if (this.#warned || headers['x-forwarded-for'] === undefined || app?.settings === undefined) return;
    const setting = app.settings['trust proxy'];
    if (setting !== true && isOn(setting)) return;
    this.#warned = true;
    this.warn(setting === true ? ALL : OFF);
  }
}

/** True when the setting trusts some proxy. Express takes `false`, 0, `undefined` and an empty list to mean none. */
function isOn(setting: unknown): boolean {
  return Array.isArray(setting) ? setting.length > 0 : Boolean(setting);
}
