import type { IncomingMessage } from 'node:http';
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
