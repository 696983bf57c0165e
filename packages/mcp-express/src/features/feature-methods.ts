import { McpError } from '../protocol/errors.js';
import type { Params } from '../protocol/json-rpc.js';
import { MAX_LENGTH } from '../protocol/lengths.js';
import type { Call } from '../request/call.js';
import { CallContext } from '../request/context.js';
import { cursorOf, type Method, type MethodParts, objectParam, textParam } from '../request/method.js';
import { runInRounds } from '../request/run-in-rounds.js';
import { isForTheModel, thrownText } from '../request/thrown-result.js';
import type { Catalog } from './catalog.js';
import { complete } from './completion/completion-method.js';
import { listResources, readResource } from './resources/resource-methods.js';
import type { CompiledTool } from './tools/tool.js';

/** The methods of all revisions: tools, resources, prompts and completion. */
export const FEATURE_METHODS: readonly (readonly [string, Method])[] = [
  [
    'tools/list',
    (call, { server }) => server.catalog.tools.for(call.principal).page(cursorOf(call.message), call.writer),
  ],
  ['tools/call', callTool],
  ['resources/list', (call, parts) => listResources(call, catalogOf(call, parts), cursorOf(call.message))],
  [
    'resources/templates/list',
    (call, { server }) => server.catalog.templates.for(call.principal).page(cursorOf(call.message), call.writer),
  ],
  [
    'resources/read',
    (call, parts) => readResource(call, catalogOf(call, parts), textParam(call.message, 'uri', MAX_LENGTH.uri)),
  ],
  [
    'prompts/list',
    (call, { server }) => server.catalog.prompts.for(call.principal).page(cursorOf(call.message), call.writer),
  ],
  ['prompts/get', getPrompt],
  ['completion/complete', complete],
];

/** The part of the catalog that the principal may see. */
function catalogOf(call: Call, { server }: MethodParts): Catalog {
  return server.catalog.for(call.principal);
}

function callTool(call: Call, parts: MethodParts): Promise<string | undefined> {
  const { server, scopes } = parts;
  const name = textParam(call.message, 'name');
  const args = objectParam(call.message, 'arguments');
  const tool = server.catalog.tools.find(name, call.principal);
  if (tool === undefined) throw new McpError('invalid-params', `Unknown tool: ${name}`);
  scopes.assert(call.message, call.principal);
  const key = parts.keyed.keyOf(call);
  if (key === undefined) return runTool(call, tool, args, parts);
  return parts.keyed.runOnce(call, key, () => runTool(call, tool, args, parts));
}

async function runTool(
  call: Call,
  tool: CompiledTool,
  args: Params | undefined,
  { callTimeoutMs, tasks }: MethodParts,
): Promise<string | undefined> {
  const timeoutMs = tool.timeoutMs ?? callTimeoutMs;
  try {
    if (tool.task !== undefined && tasks.serves(call)) {
      // With `start: 'handler'` it is a plain call until the handler starts the task.
      if (tool.task.start === 'handler' && timeoutMs > 0) call.limit(timeoutMs);
      return await tasks.call(call, { rules: tool.task, timeoutMs }, (scope) => tool.call(args, scope));
    }
    if (timeoutMs > 0) call.limit(timeoutMs);
    return await runInRounds(call, () => tool.call(args, call));
  } catch (thrown) {
    if (McpError.is(thrown) && !isForTheModel(thrown, call)) throw thrown;
    // Errors of a tool become a result, so that the model can correct itself (MCP, Tools, "Error Handling").
    return thrownText(thrown, call);
  }
}

async function getPrompt(call: Call, { server }: MethodParts): Promise<string | undefined> {
  const name = textParam(call.message, 'name');
  const args = objectParam(call.message, 'arguments');
  const prompt = server.catalog.prompts.find(name, call.principal);
  if (prompt === undefined) throw new McpError('invalid-params', `Unknown prompt: ${name}`);
  return runInRounds(call, () => prompt.get(args, new CallContext(call), call.writer));
}
