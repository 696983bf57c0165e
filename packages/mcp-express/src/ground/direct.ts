import type { IncomingMessage, ServerResponse } from 'node:http';

/** The property by which middleware says which URLs it answers for certain: for those, nothing that comes after it is asked. */
export const ANSWERS = Symbol('answers');

/** Middleware that can be called without a framework around it, for what it answers. */
export interface Direct {
  (request: IncomingMessage, response: ServerResponse, next: () => void): void;
  [ANSWERS](url: string): boolean;
}

export function isDirect(handler: unknown): handler is Direct {
  return typeof handler === 'function' && ANSWERS in handler;
}
