import { randomUUID } from 'node:crypto';
import type { ElicitUrlParams } from '../protocol/client-requests.js';
import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { assertQuestion } from './questions-of-handlers.js';

/** An elicitation as it is sent: every one has an id in sessions (MCP 2025-11-25, Elicitation). */
export type PageRequest = Required<ElicitUrlParams>;

/**
 * An error for a handler to throw when it cannot go on before the user was at a web page, such as to connect an account
 * (MCP 2025-11-25, "URL Elicitation Required Error"). The client sends the user there and calls again. A request of
 * 2026-07-28, which has no such error, is answered with the elicitations as `input_required`.
 *
 * @param elicitations what the user is sent to. Each is given a random `elicitationId` where it has none.
 * @param message for people. @default 'This request requires more information.'
 * @throws ConfigurationError when there is none, or one has no message or no valid URL.
 */
export function urlElicitationRequired(
  elicitations: readonly Omit<ElicitUrlParams, 'mode'>[],
  message = 'This request requires more information.',
): McpError {
  return new McpError('url-elicitation-required', message, { data: { elicitations: pagesOf(elicitations) } });
}

function pagesOf(elicitations: unknown): readonly PageRequest[] {
  if (Array.isArray(elicitations) && elicitations.length > 0 && elicitations.every(isObject)) {
    return elicitations.map((each) => pageRequest(each as unknown as ElicitUrlParams));
  }
  throw new ConfigurationError('urlElicitationRequired needs a list of "elicitations" with at least one');
}

function pageRequest({ message, url, elicitationId = randomUUID() }: Omit<ElicitUrlParams, 'mode'>): PageRequest {
  if (typeof elicitationId !== 'string') throw new ConfigurationError('"elicitationId" must be a text');
  const params = { mode: 'url', elicitationId, url, message } as const;
  assertQuestion('elicitation/create', params);
  return params;
}

/**
 * What the user must be sent to, of such an error, however it was made.
 *
 * @throws ConfigurationError when it names no elicitation, or what is none.
 */
export function requiredPages({ data }: McpError): readonly PageRequest[] {
  return pagesOf(data?.['elicitations']);
}
