import { randomUUID } from 'node:crypto';
import type { ElicitUrlParams } from '../protocol/client-requests.js';
import { ConfigurationError, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { assertClientRequest } from './client-request-params.js';

/** A URL elicitation. In sessions each has an id (MCP 2025-11-25, Elicitation). */
export type UrlElicitation = Required<ElicitUrlParams>;

/**
 * Creates an error for handlers that need the user to visit a web page first, for example to connect an account (MCP
 * 2025-11-25, "URL Elicitation Required Error"). The client opens the page and calls again. In 2026-07-28, which
 * removed this error, the client gets the elicitations as `input_required`.
 * @param elicitations the pages; each without an `elicitationId` gets a random one
 * @param message shown to users.
 * @default 'This request requires more information.'
 * @throws ConfigurationError when there is no elicitation, or one lacks a message or a valid URL
 */
export function urlElicitationRequired(
  elicitations: readonly Omit<ElicitUrlParams, 'mode'>[],
  message = 'This request requires more information.',
): McpError {
  return new McpError('url-elicitation-required', message, { data: { elicitations: pagesOf(elicitations) } });
}

function pagesOf(elicitations: unknown): readonly UrlElicitation[] {
  if (Array.isArray(elicitations) && elicitations.length > 0 && elicitations.every(isObject)) {
    return elicitations.map((each) => pageRequest(each as unknown as ElicitUrlParams));
  }
  throw new ConfigurationError('urlElicitationRequired needs at least one elicitation in "elicitations"');
}

function pageRequest({ message, url, elicitationId = randomUUID() }: Omit<ElicitUrlParams, 'mode'>): UrlElicitation {
  if (typeof elicitationId !== 'string') throw new ConfigurationError('"elicitationId" must be a string');
  const params = { mode: 'url', elicitationId, url, message } as const;
  assertClientRequest('elicitation/create', params);
  return params;
}

/**
 * The elicitations of such an error, however it was created.
 * @throws ConfigurationError when there are none, or one is invalid
 */
export function requiredUrlElicitations({ data }: McpError): readonly UrlElicitation[] {
  return pagesOf(data?.['elicitations']);
}
