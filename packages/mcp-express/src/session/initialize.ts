import type { ServerDescription } from '../features/delegate.js';
import { serverCapabilities, withExtensions, withoutStreams } from '../features/discovery/server-capabilities.js';
import type { McpServer } from '../features/mcp-server.js';
import { McpError } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { type ClientCapabilities, type Implementation, isImplementation } from '../protocol/mcp.js';
import { negotiate, type Revision } from '../protocol/revisions.js';
import type { Viewer } from '../registry/visibility.js';
import { valuesIn } from '../request/in-flight.js';

/** The params of `initialize`, with the negotiated revision. */
export interface Handshake {
  readonly revision: Revision;
  readonly client: Implementation;
  readonly capabilities: ClientCapabilities;
}

/** Most bytes of `clientInfo` and `capabilities`, which are stored with every session. */
const MAX_HANDSHAKE_BYTES = 4 * 1024;

/** Most objects, arrays and members in them, which are short as text but not in memory. */
const MAX_HANDSHAKE_VALUES = 250;

/** @throws McpError `invalid-params` when a required member is missing or invalid, or both exceed the limits */
export function readHandshake(params: Params | undefined): Handshake {
  const requested = params?.['protocolVersion'];
  const client = params?.['clientInfo'];
  const capabilities = params?.['capabilities'];
  if (typeof requested !== 'string') throw invalid('"protocolVersion" must be a string');
  if (!isImplementation(client)) throw invalid('"clientInfo" must be an object with "name" and "version"');
  if (!isObject(capabilities)) throw invalid('"capabilities" must be an object');
  const kept = isSmall([client, capabilities]) ? client : withoutIcons(client);
  if (kept !== client && !isSmall([kept, capabilities])) {
    throw invalid(
      `"clientInfo" and "capabilities" together, but for icons, exceed ${MAX_HANDSHAKE_BYTES} bytes or ` +
        `${MAX_HANDSHAKE_VALUES} values`,
    );
  }
  return { revision: negotiate(requested), client: kept, capabilities };
}

/**
 * Drops the icons, which may be data URIs and make the client info of some clients large. The server does not use them.
 */
function withoutIcons(client: Implementation): Implementation {
  const { icons: _icons, ...rest } = client as Implementation & { icons?: unknown };
  return rest;
}

function isSmall(value: unknown): boolean {
  try {
    const text = Buffer.from(JSON.stringify(value));
    return text.length <= MAX_HANDSHAKE_BYTES && valuesIn(text) <= MAX_HANDSHAKE_VALUES;
  } catch {
    // The JSON is nested too deeply for `JSON.stringify`.
    return false;
  }
}

function invalid(what: string): McpError {
  return new McpError('invalid-params', `Invalid initialize request: ${what}`);
}

/** The result of `initialize` of a hosted server, as JSON text. */
export function delegateResult(
  { capabilities, serverInfo, instructions }: ServerDescription,
  revision: Revision,
  streaming: boolean,
): string {
  const announced = streaming ? capabilities : withoutStreams(capabilities);
  return JSON.stringify({ protocolVersion: revision.id, capabilities: announced, serverInfo, instructions });
}

/**
 * The result of `initialize` as JSON text.
 * @param streaming false when the server opens no streams; capabilities that need notifications are then not announced
 */
export function initializeResult(server: McpServer, revision: Revision, caller: Viewer, streaming: boolean): string {
  const extensions = server.extensions.announced(server, caller, 'sessions');
  return JSON.stringify({
    protocolVersion: revision.id,
    capabilities: withExtensions(serverCapabilities(server, streaming), extensions),
    serverInfo: server.info,
    instructions: server.options.instructions,
  });
}
