/**
 * Middleware in front of the API: injected faults, an edge that requires an Authorization header, rate limit, token
 * check.
 */
import type { RequestHandler } from 'express';
import { errorBody } from '../api-error.js';
import type { FaultRegistry } from './faults.js';
import type { Meter } from './meter.js';
import { later, send, spoil } from './send.js';

const EDGE_PAGE = '<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>';

/** Applies injected faults. */
export function injectFaults(faults: FaultRegistry): RequestHandler {
  return function injectFault(request, response, next) {
    const { method, path, query } = request;
    const fault = faults.take({ method, path, page: Number(query['page'] ?? 1) });
    if (fault === undefined) return next();
    if (fault.moment === 'after' || fault.does === 'cut') response.locals['fault'] = fault;
    else if (fault.does !== 'slow') return spoil(response, fault, { status: 500 });
    else return later(response, fault.ms, next);
    next();
  };
}

/** Without the header a request does not reach Float: an edge server responds with HTML. */
export const requireHeader: RequestHandler = function requireHeader(request, response, next) {
  if (request.headers.authorization === undefined) send(response, { status: 403, html: EDGE_PAGE });
  else next();
};

/** Applies the rate limit. */
export function keepLimits(meter: Meter): RequestHandler {
  return function keepLimit(request, response, next) {
    const { allowed, headers } = meter(request.method, request.path);
    response.set(headers);
    if (allowed) return next();
    send(response, { status: 429, body: errorBody(429, 'Too many requests were made by this user.') });
  };
}

/** Checks the bearer token; any token is accepted if none is configured. */
export function checkToken(token: string | undefined): RequestHandler {
  return function checkBearer(request, response, next) {
    const [, given] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (given !== undefined && (token === undefined || given === token)) return next();
    send(response, { status: 401, body: errorBody(401, 'Your request was made with invalid credentials.') });
  };
}
