import type { Request } from 'express';

/** What is wrong with how an application takes addresses from proxies. The codes are stable. */
export interface ProxyFault {
  readonly code: 'MCP_EXPRESS_TRUST_PROXY_OFF' | 'MCP_EXPRESS_TRUST_PROXY_ALL';
  readonly message: string;
}

const OFF: ProxyFault = {
  code: 'MCP_EXPRESS_TRUST_PROXY_OFF',
  message:
    'A request has an X-Forwarded-For header, but the application does not trust a proxy: behind one, all callers ' +
    'share its address, and what is limited by address. Set app.set("trust proxy", …) to your proxies',
};

const ALL: ProxyFault = {
  code: 'MCP_EXPRESS_TRUST_PROXY_ALL',
  message:
    'The application trusts every proxy ("trust proxy" is true): callers can choose the address they are counted by. ' +
    'Set it to the number of your proxies, or to their addresses',
};

/** Express leaves its application on requests; other frameworks have settings of their own, which are not known here. */
type AnyRequest = Pick<Request, 'headers'> & {
  readonly app?: { readonly settings?: Readonly<Record<string, unknown>> };
};

/** Looks whether callers' addresses can be right, and tells once when they cannot. */
export class ProxyCheck {
  #told = false;

  constructor(private readonly tell: (fault: ProxyFault) => void) {}

  look({ headers, app }: AnyRequest): void {
    if (this.#told || headers['x-forwarded-for'] === undefined || app?.settings === undefined) return;
    const setting = app.settings['trust proxy'];
    if (setting !== true && isOn(setting)) return;
    this.#told = true;
    this.tell(setting === true ? ALL : OFF);
  }
}

/** Express takes `false`, 0, nothing and an empty list for "trust nobody". */
function isOn(setting: unknown): boolean {
  return Array.isArray(setting) ? setting.length > 0 : Boolean(setting);
}
