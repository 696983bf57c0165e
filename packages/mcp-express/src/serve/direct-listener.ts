import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isRegExp } from 'node:util/types';
import type { Express, Response } from 'express';
import { refuse } from '../auth/refuse.js';
import { absoluteForm, hostOf, isRelative } from '../http/request-target.js';
import { McpError } from '../protocol/errors.js';
import { ANSWERS, type Direct, isDirect } from '../util/direct.js';

/** What of the layers of Express 5 is looked at. */
interface Layer {
  readonly handle: unknown;
  /** As it was given to `use` or `get`. Older versions do not keep it. */
  readonly rawPath?: unknown;
  /** It is mounted at the root, for all methods. */
  readonly slash: boolean;
  match(path: string): boolean;
}

/** What Express leaves on requests and responses for whoever comes after it. */
type ExpressRequest = IncomingMessage & { originalUrl?: string; baseUrl?: string; res?: ServerResponse };
type ExpressResponse = ServerResponse & { locals?: object };

/** A URL that is its own path: others are read by Express. */
const PLAIN_PATH = /^\/[\w./~-]*$/;

/**
 * Calls an app, but for requests that would come to an MCP router before anything else of the app: those are handed to the
 * router as Express would. Walking through Express costs as much as serving the call.
 *
 * A request target that names no host is refused, as Node refuses a request line that is none: Express would read some of
 * them as other paths than they have, and others not at all.
 */
export function directListener(app: Express): RequestListener {
  const layers = layersOf(app);
  return (request: ExpressRequest, response: ExpressResponse) => {
    const url = request.url as string;
    const router = PLAIN_PATH.test(url) ? firstFor(url, layers()) : undefined;
    if (router === undefined) {
      if (isRelative(url) || hostOf(absoluteForm(url).authority) !== undefined) {
        return (app as RequestListener)(request, response);
      }
      return refuse(response as Response, new McpError('target-not-allowed', 'The request target names no host'));
    }
    request.originalUrl = url;
    request.baseUrl = '';
    request.res = response;
    response.locals = Object.create(null) as object;
    router(request, response, () => (app as RequestListener)(request, response));
  };
}

/** The router that answers this path, if nothing before it in the app has to do with the path. */
function firstFor(path: string, layers: readonly Layer[]): Direct | undefined {
  for (const layer of layers) {
    const { handle, slash } = layer;
    if (!slash) {
      if (isFor(layer, path)) return undefined;
    } else if (!isDirect(handle)) return undefined;
    else if (handle[ANSWERS](path)) return handle;
  }
  return undefined;
}

/**
 * A layer that cannot be asked may be for anything. So may one with a regular expression: one with the flag `g` or `y` takes
 * up where it was last asked, and would not match again for Express.
 */
function isFor(layer: Layer, path: string): boolean {
  try {
    return [layer.rawPath].flat(Number.POSITIVE_INFINITY).some(isRegExp) || layer.match(path);
  } catch {
    return true;
  }
}

/** Express 4 has middleware of its own in front, and nothing that is public to see it by: there is nothing to look at. */
function layersOf(app: Express): () => readonly Layer[] {
  try {
    const { router } = app as unknown as { router?: { stack?: unknown } };
    if (router !== undefined && Array.isArray(router.stack)) return () => router.stack as readonly Layer[];
  } catch {
    // Express 4 throws when its application is asked for a router.
  }
  return () => [];
}
