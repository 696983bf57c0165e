import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isRegExp } from 'node:util/types';
import type { Express, Response } from 'express';
import { sendRefusal } from '../auth/send-refusal.js';
import { absoluteForm, hostOf, isRelative } from '../http/request-target.js';
import { McpError } from '../protocol/errors.js';
import { CLAIMS, type DirectMiddleware, isDirect } from '../util/direct.js';

/** The inspected part of a layer of Express 5. */
interface Layer {
  readonly handle: unknown;
  /** The path given to `use` or `get`. Older versions do not store it. */
  readonly rawPath?: unknown;
  /** The layer is mounted at the root, for all methods. */
  readonly slash: boolean;
  match(path: string): boolean;
}

/** The properties that Express sets on requests and responses. */
type ExpressRequest = IncomingMessage & { originalUrl?: string; baseUrl?: string; res?: ServerResponse };
type ExpressResponse = ServerResponse & { locals?: object };

/** A URL that equals its path; Express parses all others. */
const PLAIN_PATH = /^\/[\w./~-]*$/;

/**
 * Creates a request listener for an app. Requests that an MCP router would handle before any other middleware of the app go
 * to that router directly, with the properties that Express sets: walking through Express costs as much as serving the
 * call.
 *
 * A request target that names no host is refused, as Node refuses a malformed request line: Express would map some of them
 * to other paths, and fail to parse others.
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
      return sendRefusal(response as Response, new McpError('target-not-allowed', 'The request target names no host'));
    }
    request.originalUrl = url;
    request.baseUrl = '';
    request.res = response;
    response.locals = Object.create(null) as object;
    router(request, response, () => (app as RequestListener)(request, response));
  };
}

/** The router for this path, unless earlier middleware of the app applies to the path. */
function firstFor(path: string, layers: readonly Layer[]): DirectMiddleware | undefined {
  for (const layer of layers) {
    const { handle, slash } = layer;
    if (!slash) {
      if (isFor(layer, path)) return undefined;
    } else if (!isDirect(handle)) return undefined;
    else if (handle[CLAIMS](path)) return handle;
  }
  return undefined;
}

/**
 * Whether a layer applies to a path. True for layers that cannot be inspected, and for regular expressions: one with the
 * flag `g` or `y` keeps state, and would not match again for Express.
 */
function isFor(layer: Layer, path: string): boolean {
  try {
    return [layer.rawPath].flat(Number.POSITIVE_INFINITY).some(isRegExp) || layer.match(path);
  } catch {
    return true;
  }
}

/** The layers of an app; none for Express 4, whose own middleware precedes them and has no public interface. */
function layersOf(app: Express): () => readonly Layer[] {
  try {
    const { router } = app as unknown as { router?: { stack?: unknown } };
    if (router !== undefined && Array.isArray(router.stack)) return () => router.stack as readonly Layer[];
  } catch {
    // Express 4 throws on access to `router`.
  }
  return () => [];
}
