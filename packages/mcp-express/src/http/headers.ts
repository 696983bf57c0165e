import type { IncomingHttpHeaders } from 'node:http';
import { McpError } from '../protocol/errors.js';
import { type Revision, SUPPORTED_REVISIONS, sessionRevisionOf, statelessRevisionOf } from '../protocol/revisions.js';

/** The session id header of MCP Streamable HTTP, as Node spells it. */
export const SESSION_HEADER = 'mcp-session-id';
/** The header that names the revision. */
export const REVISION_HEADER = 'mcp-protocol-version';
/** The header of a resuming client. */
export const LAST_EVENT_HEADER = 'last-event-id';

type Headers = Readonly<IncomingHttpHeaders>;

/**
 * The session id of a request.
 *
 * @throws McpError `session-required` if there is none; `session-header-malformed` if the header was sent twice.
 */
export function sessionIdOf(headers: Headers): string {
  const value = single(headers, SESSION_HEADER);
  if (value === undefined || value === '') {
    throw new McpError('session-required', 'The Mcp-Session-Id header is required: send initialize first');
  }
  // Node joins repeated headers with a comma, which our ids never contain.
  if (value.includes(',')) {
    throw new McpError('session-header-malformed', 'The Mcp-Session-Id header must be sent once');
  }
  return value;
}

/** The revision header of a request, unvalidated. */
export function revisionText(headers: Headers): string | undefined {
  return single(headers, REVISION_HEADER);
}

/** True if the header names a revision of stateless requests. */
export function namesModernRevision(headers: Headers): boolean {
  const value = revisionText(headers);
  return value !== undefined && statelessRevisionOf(value) !== undefined;
}

/**
 * The revision that a request of a session names, or `undefined` if it names none.
 *
 * @throws McpError `unsupported-revision`, which lists the supported ones.
 */
export function namedRevision(headers: Headers): Revision | undefined {
  const value = revisionText(headers);
  if (value === undefined) return undefined;
  const revision = sessionRevisionOf(value);
  if (revision !== undefined) return revision;
  throw new McpError('unsupported-revision', `MCP-Protocol-Version is not supported: ${printable(value)}`, {
    data: { supported: SUPPORTED_REVISIONS, requested: printable(value) },
  });
}

/** The event id after which the client resumes, or `undefined` for a new stream. */
export function lastEventIdOf(headers: Headers): string | undefined {
  const value = single(headers, LAST_EVENT_HEADER);
  return value === '' ? undefined : value;
}

const MAX_ECHO = 64;

function printable(value: string): string {
  return value.slice(0, MAX_ECHO);
}

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
