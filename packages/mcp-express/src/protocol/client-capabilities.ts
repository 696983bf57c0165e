import { McpError } from './errors.js';
import { isObject, type Params } from './json-rpc.js';
import type { ClientCapabilities } from './mcp.js';
import type { Revision } from './revisions.js';

/** The properties of a client that decide which client requests it accepts. */
export interface CapableClient {
  readonly revision: Revision;
  readonly client: { readonly capabilities: ClientCapabilities };
}

/** The capabilities that a client request needs, as paths such as `sampling.tools`. */
function needsOf(method: string, params: Params): readonly string[] {
  switch (method) {
    case 'elicitation/create':
      return [params['mode'] === 'url' ? 'elicitation.url' : 'elicitation.form'];
    case 'sampling/createMessage':
      return samplingNeeds(params);
    default:
      return ['roots'];
  }
}

function samplingNeeds({ tools, toolChoice, includeContext }: Params): readonly string[] {
  const usesTools = tools !== undefined || toolChoice !== undefined;
  const usesContext = includeContext !== undefined && includeContext !== 'none';
  return ['sampling', ...(usesTools ? ['sampling.tools'] : []), ...(usesContext ? ['sampling.context'] : [])];
}

/** @throws McpError `capability-missing` when the client does not accept this client request */
export function assertAccepts(client: CapableClient, method: string, params: Params): void {
  for (const need of needsOf(method, params)) assertCapability(client, need);
}

/**
 * @param needs a path such as `sampling.tools`
 * @throws McpError `capability-missing` when the client did not declare it, or its revision does not define it
 */
function assertCapability({ revision, client }: CapableClient, needs: string): void {
  if (revision.implied.includes(needs)) return;
  if (revision.declared.includes(needs) && has(client.capabilities, needs)) return;
  throw missing(needs, asCapabilities(needs.split('.')));
}

/** @throws McpError `capability-missing` when the client did not declare the extension */
export function assertExtension(capabilities: ClientCapabilities, extension: string): void {
  if (hasExtension(capabilities, extension)) return;
  throw missing(extension, { extensions: { [extension]: {} } });
}

/** Whether the client declared an extension. The value of the declaration must be an object. */
export function hasExtension(capabilities: ClientCapabilities, extension: string): boolean {
  return extensionOf(capabilities, extension) !== undefined;
}

/** The settings with which the client declared an extension. `undefined` if it did not. */
export function extensionOf(
  capabilities: ClientCapabilities,
  extension: string,
): Readonly<Record<string, unknown>> | undefined {
  const extensions = capabilities['extensions'];
  if (!isObject(extensions) || !Object.hasOwn(extensions, extension)) return undefined;
  const settings = extensions[extension];
  return isObject(settings) ? settings : undefined;
}

function missing(what: string, requiredCapabilities: object): McpError {
  return new McpError('capability-missing', `The client does not have the capability "${what}"`, {
    data: { requiredCapabilities },
  });
}

/** The capability object of a path: `sampling.tools` becomes `{ sampling: { tools: {} } }`. */
function asCapabilities([name, ...rest]: readonly string[]): object {
  return name === undefined ? {} : { [name]: asCapabilities(rest) };
}

function has(capabilities: ClientCapabilities, needs: string): boolean {
  // "an empty capabilities object is equivalent to declaring support for form mode only" (MCP 2025-11-25, Elicitation).
  const elicitation = capabilities['elicitation'];
  if (needs === 'elicitation.form' && isObject(elicitation) && !('url' in elicitation)) return true;
  let value: unknown = capabilities;
  for (const step of needs.split('.')) value = isObject(value) ? value[step] : undefined;
  return isObject(value) || value === true;
}
