import parseurl from 'parseurl';
import { McpError } from '../protocol/errors.js';
import type { Request, RequestHandler, ResourceMetadata, Response } from './authentication.js';
import { answer, refuse } from './refuse.js';
import { BARE_METADATA_PATH } from './resource.js';

/** The document is public and says nothing about who asks, so any page may read it and any cache may keep it an hour. */
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'public, max-age=3600',
};

const METHODS = 'GET, HEAD, OPTIONS';

/** MCP clients in browsers send headers of their own even here; the wildcard does not stand for `Authorization`. */
const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': METHODS,
  'Access-Control-Allow-Headers': '*, Authorization',
  'Access-Control-Max-Age': '86400',
};

/** Serves the metadata document where it belongs, and passes on every other request. */
export function wellKnownHandler(metadata: ResourceMetadata | undefined): RequestHandler {
  if (metadata === undefined) return (_request, _response, next) => next();
  const paths = new Set([metadata.path, BARE_METADATA_PATH].map(withoutSlash));
  const body = JSON.stringify(metadata.document);
  return (request, response, next) => {
    // Mounted under a prefix, the first is what Express has left, and the second what was asked for.
    if (!paths.has(pathOf(parseurl, request)) && !paths.has(pathOf(parseurl.original, request))) return next();
    if (!response.headersSent) answerWith(request, response, body);
  };
}

function answerWith(request: Request, response: Response, body: string): void {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answer(response, 200, { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8' }, body);
    case 'OPTIONS':
      return answer(response, 204, PREFLIGHT);
    default: {
      const headers = { Allow: METHODS, 'Access-Control-Allow-Origin': '*' };
      refuse(response, new McpError('method-not-allowed', `Method not allowed: ${request.method}`, { headers }));
    }
  }
}

/** As Express reads it. Empty where it cannot be read. */
function pathOf(read: typeof parseurl.original, request: Request): string {
  try {
    return withoutSlash(read(request)?.pathname ?? '');
  } catch {
    return '';
  }
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
