import { McpError } from '../ground/errors.js';
import { isObject } from '../ground/json-rpc.js';
import type { Catalog } from '../server/catalog.js';
import { CallContext } from '../server/context.js';
import { failed } from '../server/tool.js';
import type { Call } from './call.js';

/** Answers one request with its result as JSON text, at once or later. What it throws becomes a JSON-RPC error. */
export type Method = (call: Call, catalog: Catalog) => string | Promise<string>;

/** The requests a session understands after `initialize`. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['ping', () => '{}'],
  ['tools/list', (_call, catalog) => catalog.toolsList],
  ['tools/call', callTool],
]);

async function callTool(call: Call, catalog: Catalog): Promise<string> {
  const params = call.message.params;
  const name = params?.['name'];
  const args = params?.['arguments'];
  if (typeof name !== 'string') throw new McpError('invalid-params', 'tools/call needs a string "name"');
  if (args !== undefined && !isObject(args)) throw new McpError('invalid-params', '"arguments" must be an object');
  const tool = catalog.tools.get(name);
  if (tool === undefined) throw new McpError('invalid-params', `Unknown tool: ${name}`);
  try {
    return JSON.stringify(await tool.call(args, new CallContext(call)));
  } catch (thrown) {
    if (thrown instanceof McpError) throw thrown;
    // What a tool throws is for the model to see and mend (MCP, Tools, "Error Handling").
    return JSON.stringify(failed(thrown instanceof Error ? thrown.message : String(thrown)));
  }
}
