import type { IncomingMessage, ServerResponse } from 'node:http';

/** Method by which middleware claims URLs. For those it always answers, and never calls `next`. */
export const ANSWERS = Symbol('answers');

/** Middleware that can be called without Express for the URLs that it claims. */
export interface Direct {
  (request: IncomingMessage, response: ServerResponse, next: () => void): void;
  [ANSWERS](url: string): boolean;
}

/** Whether a handler is such middleware. */
export function isDirect(handler: unknown): handler is Direct {
  return typeof handler === 'function' && ANSWERS in handler;
}
