import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { errorBody } from '../api-error.js';
import type { World } from '../world.js';
import type { FaultRegistry } from './faults.js';
import type { Meter } from './meter.js';
import { checkToken, injectFaults, keepLimits, requireHeader } from './middleware.js';
import { routesOf } from './routes.js';
import { send } from './send.js';

/** The parts of the sandbox's Express application. */
export interface AppParts {
  readonly world: World;
  readonly faults: FaultRegistry;
  readonly meter: Meter;
  readonly token: string | undefined;
  readonly onRequest: (method: string, path: string) => void;
  readonly onWritten: () => void;
}

/** Float's longest notes have 64 KiB, so no valid body approaches a megabyte. */
const BODY_LIMIT = '1mb';

/** Creates the sandbox's Express application. */
export function createApp({ world, faults, meter, token, onRequest, onWritten }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // Float sends no ETag, so its clients never see a 304.
  app.disable('etag');
  const observe: RequestHandler = function observe(request, response, next) {
    onRequest(request.method, request.path);
    if (request.method !== 'GET') response.once('finish', () => response.statusCode < 400 && onWritten());
    next();
  };
  const gate = [observe, injectFaults(faults), requireHeader, keepLimits(meter), checkToken(token)];
  app.use('/v3', ...gate, express.json({ limit: BODY_LIMIT }), routesOf(world));
  app.use(pageNotFound, failed);
  return app;
}

/** Message for an unknown path, which differs from that for a missing record. */
const pageNotFound: RequestHandler = function pageNotFound(_request, response) {
  send(response, { status: 404, body: errorBody(404, 'Page not found.') });
};

const failed: ErrorRequestHandler = function failed(error: unknown, _request, response, next) {
  if (response.headersSent) return next(error);
  const status = statusOf(error);
  const message = status === 400 ? 'Invalid JSON data in request body.' : 'An internal server error occurred.';
  send(response, { status, body: errorBody(status, message) });
};

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
