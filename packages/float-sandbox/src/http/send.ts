/** Writes responses, and applies faults to them. */
import type { Response } from 'express';
import { type ApiResponse, errorBody } from '../api-error.js';
import type { Fault } from './faults.js';

/** Sends a response, or the fault that was injected for it. */
export function send(response: Response, answer: ApiResponse): void {
  const fault: Fault | undefined = response.locals['fault'];
  if (fault === undefined) return write(response, answer);
  response.locals['fault'] = undefined;
  spoil(response, fault, answer);
}

/**
 * Applies a fault.
 *
 * @param answer the response that a slow fault delays
 */
export function spoil(response: Response, fault: Fault, answer: ApiResponse): void {
  switch (fault.does) {
    case 'drop':
      response.socket?.destroy();
      return;
    case 'cut':
      return cut(response, answer);
    case 'slow':
      return later(response, fault.ms, () => write(response, answer));
    case 'garble':
      return write(response, { status: 200, html: '<html><body>Please sign in to the network.</body></html>' });
    case 'status':
      return write(response, brokenAnswer(fault));
  }
}

/** Sends half of a body with the content length of the whole. */
function cut(response: Response, { status, headers = {}, body }: ApiResponse): void {
  if (body === undefined) return void response.socket?.destroy();
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text) + 1;
  response.status(status).set(headers).type('json').set('Content-Length', String(length));
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function brokenAnswer(fault: { status: number; retryAfter?: number | string }): ApiResponse {
  const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  return { status: fault.status, headers, body: errorBody(fault.status, 'Injected by the sandbox.') };
}

/** Runs work after a delay, unless the connection closes first. */
export function later(response: Response, ms: number, work: () => void): void {
  const timer = setTimeout(work, ms);
  response.once('close', () => clearTimeout(timer));
}

function write(response: Response, { status, headers = {}, body, html }: ApiResponse): void {
  response.status(status).set(headers);
  if (html !== undefined) response.type('html').send(html);
  else if (body === undefined) response.end();
  else response.json(body);
}
