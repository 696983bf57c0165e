import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { McpError } from '../protocol/errors.js';
import { brief } from '../util/brief.js';
import { type HttpResponse, refusal } from './http-response.js';
import { pathOf } from './request-target.js';

/** A router mounted below the path that it adds itself, as by `app.use('/mcp', mcpRouter())`. */
export interface MountWarning {
  readonly code: 'MCP_EXPRESS_MOUNTED_TWICE';
  readonly message: string;
}

/** Fields that Express sets on requests; other frameworks may set none of them. */
type MountedRequest = IncomingMessage & {
  readonly baseUrl?: string;
  readonly app?: { readonly settings?: Readonly<Record<string, unknown>> };
};

/**
 * True for a request of an MCP client for the mount path of a router whose endpoint repeats that path below it. Only in
 * development (Express's `env` setting), because other routes may exist there.
 */
export function missesEndpoint(request: MountedRequest, path: string): boolean {
  if (!isMountedTwice(request, path)) return false;
  const pathname = pathOf(request);
  return (pathname === '/' || pathname === '') && isOfClient(request);
}

function isMountedTwice({ baseUrl, app }: MountedRequest, path: string): boolean {
  if (baseUrl === undefined || baseUrl === '' || app?.settings?.['env'] !== 'development') return false;
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare !== '' && baseUrl.toLowerCase().endsWith(bare.toLowerCase());
}

function isOfClient({ method, headers }: IncomingMessage): boolean {
  if (method === 'POST') return /^application\/json\b/i.test(headers['content-type'] ?? '');
  return method === 'GET' && /\btext\/event-stream\b/i.test(headers.accept ?? '');
}

/** Warns once if a router is mounted below its own path. */
export class MountCheck {
  #warned = false;

  /**
   * @param path the option `path`.
   * @param warn called at most once.
   */
  constructor(
    private readonly path: string,
    private readonly warn: (fault: MountWarning) => void,
  ) {}

  /** @returns the refusal of a request that misses the endpoint; otherwise `undefined`. */
  look(request: MountedRequest): HttpResponse | undefined {
    if (!isMountedTwice(request, this.path)) return undefined;
    const message =
      `The MCP router is mounted at ${brief(String(request.baseUrl))} and adds ${this.path} itself: its endpoint is ` +
      `${brief(`${request.baseUrl}${this.path}`)}. Mount it by app.use(router), or give mcpRouter the option path: "/"`;
    if (!this.#warned) this.warn({ code: 'MCP_EXPRESS_MOUNTED_TWICE', message });
    this.#warned = true;
    return missesEndpoint(request, this.path) ? refusal(new McpError('endpoint-missed', message)) : undefined;
  }
}

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
