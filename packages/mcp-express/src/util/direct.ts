import type { IncomingMessage, ServerResponse } from 'node:http';

/** Method by which middleware claims URLs. For those it always answers, and never calls `next`. */
export const CLAIMS = Symbol('answers');

/** Middleware that can be called without Express for the URLs that it claims. */
export interface DirectMiddleware {
  (request: IncomingMessage, response: ServerResponse, next: () => void): void;
  [CLAIMS](url: string): boolean;
}

/** Whether a handler is such middleware. */
export function isDirect(handler: unknown): handler is DirectMiddleware {
  return typeof handler === 'function' && CLAIMS in handler;
}
