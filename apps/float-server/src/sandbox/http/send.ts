/** The only place where an answer becomes HTTP, and where a fault may spoil it. */
import type { Response } from 'express';
import { type Answer, errorBody } from '../refusal.js';
import type { Fault } from './faults.js';

export function send(response: Response, answer: Answer): void {
  const fault: Fault | undefined = response.locals['fault'];
  if (fault === undefined) return write(response, answer);
  response.locals['fault'] = undefined;
  spoil(response, fault, answer);
}

/** `answer` is what a slow answer says in the end. */
export function spoil(response: Response, fault: Fault, answer: Answer): void {
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

/** Half of a body that was announced whole. */
function cut(response: Response, { status, headers = {}, body }: Answer): void {
  if (body === undefined) return void response.socket?.destroy();
  const text = JSON.stringify(body);
  const length = Buffer.byteLength(text) + 1;
  response.status(status).set(headers).type('json').set('Content-Length', String(length));
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function brokenAnswer(fault: { status: number; retryAfter?: number | string }): Answer {
  const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  return { status: fault.status, headers, body: errorBody(fault.status, 'Injected by the sandbox.') };
}

/** A caller that gave up must not leave a timer behind. */
export function later(response: Response, ms: number, work: () => void): void {
  const timer = setTimeout(work, ms);
  response.once('close', () => clearTimeout(timer));
}

function write(response: Response, { status, headers = {}, body, html }: Answer): void {
  response.status(status).set(headers);
  if (html !== undefined) response.type('html').send(html);
  else if (body === undefined) response.end();
  else response.json(body);
}
