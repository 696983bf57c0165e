import type { IncomingMessage } from 'node:http';
import { McpError } from '../protocol/errors.js';
import { brief } from '../util/brief.js';
import { type Outbound, refusal } from './outbound.js';
import { pathOf } from './request-target.js';

/** A router that is mounted below the very path that it adds, as by `app.use('/mcp', mcpRouter())`. */
export interface MountFault {
  readonly code: 'MCP_EXPRESS_MOUNTED_TWICE';
  readonly message: string;
}

/** What Express leaves on requests; other frameworks may leave nothing of it. */
type MountedRequest = IncomingMessage & {
  readonly baseUrl?: string;
  readonly app?: { readonly settings?: Readonly<Record<string, unknown>> };
};

/**
 * True for a request of an MCP client for the path a router is mounted at, where the endpoint is the same path once more
 * below it. In development only (`app.get('env')` of Express), because other routes may be there.
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

/** Looks where a router is mounted, and tells once when its path is there twice. */
export class MountCheck {
  #told = false;

  constructor(
    private readonly path: string,
    private readonly tell: (fault: MountFault) => void,
  ) {}

  /** @returns the refusal of a request that misses the endpoint. */
  look(request: MountedRequest): Outbound | undefined {
    if (!isMountedTwice(request, this.path)) return undefined;
    const message =
      `The MCP router is mounted at ${brief(String(request.baseUrl))} and adds ${this.path} itself: its endpoint is ` +
      `${brief(`${request.baseUrl}${this.path}`)}. Mount it by app.use(router), or give mcpRouter the option path: "/"`;
    if (!this.#told) this.tell({ code: 'MCP_EXPRESS_MOUNTED_TWICE', message });
    this.#told = true;
    return missesEndpoint(request, this.path) ? refusal(new McpError('endpoint-missed', message)) : undefined;
  }
}
