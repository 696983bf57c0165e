import parseurl from 'parseurl';
import { McpError } from '../protocol/errors.js';
import type { Request, RequestHandler, ResourceMetadata, Response } from './authentication.js';
import { BARE_METADATA_PATH } from './resource.js';
import { sendRefusal, sendResponse } from './send-refusal.js';

/** The document is public and the same for everyone, so any page may read it and any cache may store it for an hour. */
const HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'public, max-age=3600',
};

const METHODS = 'GET, HEAD, OPTIONS';

/** MCP clients in browsers send headers of their own even here; the wildcard does not include `Authorization`. */
const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': METHODS,
  'Access-Control-Allow-Headers': '*, Authorization',
  'Access-Control-Max-Age': '86400',
};

/** Serves the metadata document at its paths, and passes every other request on. */
export function wellKnownHandler(metadata: ResourceMetadata | undefined): RequestHandler {
  if (metadata === undefined) return (_request, _response, next) => next();
  const paths = new Set([metadata.path, BARE_METADATA_PATH].map(withoutSlash));
  const body = JSON.stringify(metadata.document);
  return (request, response, next) => {
    // Under a mount path, the first is the remaining path and the second the original one.
    if (!paths.has(pathOf(parseurl, request)) && !paths.has(pathOf(parseurl.original, request))) return next();
    if (!response.headersSent) answerWith(request, response, body);
  };
}

function answerWith(request: Request, response: Response, body: string): void {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return sendResponse(response, 200, { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8' }, body);
    case 'OPTIONS':
      return sendResponse(response, 204, PREFLIGHT);
    default: {
      const headers = { Allow: METHODS, 'Access-Control-Allow-Origin': '*' };
      sendRefusal(response, new McpError('method-not-allowed', `Method not allowed: ${request.method}`, { headers }));
    }
  }
}

/** The path as Express reads it; empty if it cannot be parsed. */
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
