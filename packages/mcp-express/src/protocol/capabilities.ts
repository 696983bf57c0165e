import { McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { ClientCapabilities } from '../ground/mcp.js';
import type { SessionRecord } from '../store/store.js';
import { revisionOf } from './revisions.js';

/**
 * @param needs a path such as `sampling.tools`.
 * @throws McpError `capability-missing` when the client did not declare it, or its revision does not know it.
 */
export function assertCapability({ revision, capabilities }: SessionRecord, needs: string): void {
  const row = revisionOf(revision);
  if (row?.implied.includes(needs) === true) return;
  if (row?.declared.includes(needs) === true && has(capabilities, needs)) return;
  throw new McpError('capability-missing', `The client does not have the capability "${needs}"`, {
    data: { requiredCapability: needs },
  });
}

function has(capabilities: ClientCapabilities, needs: string): boolean {
  // "an empty capabilities object is equivalent to declaring support for form mode only" (MCP 2025-11-25, Elicitation).
  const elicitation = capabilities['elicitation'];
  if (needs === 'elicitation.form' && isObject(elicitation) && !('url' in elicitation)) return true;
  let value: unknown = capabilities;
  for (const step of needs.split('.')) value = isObject(value) ? value[step] : undefined;
  return isObject(value) || value === true;
}
