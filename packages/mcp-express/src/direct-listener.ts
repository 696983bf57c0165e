import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import { ANSWERS, type Direct, isDirect } from './ground/direct.js';

/** What of the layers of Express 5 is looked at. */
interface Layer {
  readonly handle: unknown;
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
 */
export function directListener(app: Express): RequestListener {
  const layers = layersOf(app);
  if (layers === undefined) return app as RequestListener;
  return (request: ExpressRequest, response: ExpressResponse) => {
    const url = request.url as string;
    const router = PLAIN_PATH.test(url) ? firstFor(url, layers()) : undefined;
    if (router === undefined) return (app as RequestListener)(request, response);
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

/** A layer that cannot be asked may be for anything. */
function isFor(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return true;
  }
}

/** Express 4 has middleware of its own in front, and nothing that is public to see it by. */
function layersOf(app: Express): (() => readonly Layer[]) | undefined {
  try {
    const { router } = app as unknown as { router?: { stack?: unknown } };
    if (router === undefined || !Array.isArray(router.stack)) return undefined;
    return () => router.stack as readonly Layer[];
  } catch {
    return undefined;
  }
}
