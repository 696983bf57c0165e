import { McpError } from '../ground/errors.js';
import { isObject, type Params } from '../ground/json-rpc.js';
import type { ClientCapabilities, Implementation } from '../ground/mcp.js';
import type { McpServer } from '../server/mcp-server.js';
import { negotiate, type Revision } from './revisions.js';

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
  if (JSON.stringify([client, capabilities]).length > MAX_HANDSHAKE_CHARACTERS) {
    throw invalid(`"clientInfo" and "capabilities" together exceed ${MAX_HANDSHAKE_CHARACTERS} characters`);
  }
  return { revision: negotiate(requested), client, capabilities };
}

function isImplementation(value: unknown): value is Implementation {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}

function invalid(what: string): McpError {
  return new McpError('invalid-params', `Invalid initialize request: ${what}`);
}

/** The result of `initialize` as JSON text. */
export function initializeResult(server: McpServer, revision: Revision): string {
  return JSON.stringify({
    protocolVersion: revision.id,
    capabilities: capabilitiesOf(server),
    serverInfo: server.info,
    instructions: server.options.instructions,
  });
}

/** What is served and nothing else: a client that finds a capability here may use it. */
function capabilitiesOf({ catalog, options }: McpServer): Record<string, unknown> {
  const announced = options.announce ?? [];
  const hasResources = catalog.resources.entries.size + catalog.templates.entries.size > 0;
  const hasPrompts = catalog.prompts.entries.size > 0;
  const completers = [
    ...catalog.prompts.all.map((prompt) => prompt.completers),
    ...catalog.templates.all.map(({ template }) => template.options.complete ?? {}),
  ];
  return {
    tools: { listChanged: true },
    ...(hasResources || announced.includes('resources') ? { resources: { subscribe: true, listChanged: true } } : {}),
    ...(hasPrompts || announced.includes('prompts') ? { prompts: { listChanged: true } } : {}),
    ...(completers.some((complete) => Object.keys(complete).length > 0) ? { completions: {} } : {}),
    logging: {},
  };
}
