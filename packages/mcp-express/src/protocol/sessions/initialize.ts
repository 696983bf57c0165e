import { McpError } from '../../ground/errors.js';
import { isObject, type Params } from '../../ground/json-rpc.js';
import type { ClientCapabilities, Implementation } from '../../ground/mcp.js';
import type { McpServer } from '../../server/mcp-server.js';
import { isImplementation } from '../exchanges/envelope.js';
import { capabilitiesOf } from '../offer.js';
import { negotiate, type Revision } from '../revisions.js';

/** What a client says when it opens a session. */
export interface Handshake {
  readonly revision: Revision;
  readonly client: Implementation;
  readonly capabilities: ClientCapabilities;
}

/** The record of a session is stored for every client, so what a client may put into it is bounded. */
const MAX_HANDSHAKE_CHARACTERS = 16 * 1024;

/** @throws McpError `invalid-params` when a required member is missing or of the wrong type. */
export function readHandshake(params: Params | undefined): Handshake {
  const requested = params?.['protocolVersion'];
  const client = params?.['clientInfo'];
  const capabilities = params?.['capabilities'];
  if (typeof requested !== 'string') throw invalid('"protocolVersion" must be a string');
  if (!isImplementation(client)) throw invalid('"clientInfo" must be an object with "name" and "version"');
  if (!isObject(capabilities)) throw invalid('"capabilities" must be an object');
  if (!isSmall([client, capabilities])) {
    throw invalid(`"clientInfo" and "capabilities" together exceed ${MAX_HANDSHAKE_CHARACTERS} characters`);
  }
  return { revision: negotiate(requested), client, capabilities };
}

function isSmall(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= MAX_HANDSHAKE_CHARACTERS;
  } catch {
    // JSON may be nested deeper than it can be written again.
    return false;
  }
}

function invalid(what: string): McpError {
  return new McpError('invalid-params', `Invalid initialize request: ${what}`);
}

/**
 * The result of `initialize` as JSON text.
 *
 * @param streaming clients can be told things; without it, nothing is offered that would need telling.
 */
export function initializeResult(server: McpServer, revision: Revision, streaming: boolean): string {
  return JSON.stringify({
    protocolVersion: revision.id,
    capabilities: capabilitiesOf(server, streaming),
    serverInfo: server.info,
    instructions: server.options.instructions,
  });
}
