import { assertExtension } from '../../protocol/client-capabilities.js';
import type { InputRequired } from '../../protocol/client-requests.js';
import { McpError } from '../../protocol/errors.js';
import type { Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';
import { cursorOf, objectParam, textParam } from '../../request/method.js';
import { runHandler } from '../../request/run-handler.js';
import type { RunningCall } from '../../request/running-call.js';
import { argumentsOf, assertParamHeaders } from '../../request/standard-headers.js';
import { isToolError, thrownText } from '../../request/thrown-result.js';
import type { Admission, Feature, FeatureDeps } from '../feature.js';
import { aroundHandler } from '../middleware/handler-middleware.js';
import { TASKS } from '../tasks/task-text.js';
import type { ResultOwner } from './kept-results.js';
import type { CompiledTool } from './tool.js';

/** Tools: `tools/list` and `tools/call` (MCP, Server Features, Tools). */
export const toolsFeature: Feature = {
  methods: {
    'tools/list': {
      handle: (call, { server }) =>
        server.catalog.listedTools.for(call.context).page(cursorOf(call.message), call.writer),
    },
    'tools/call': { handle: callTool, admit: admitToolCall },
  },
};

function admitToolCall({ request, context, headers }: Admission, { server, scopes }: FeatureDeps): void {
  const name = request.params?.['name'];
  const tool = typeof name === 'string' ? server.catalog.tools.find(name, context) : undefined;
  if (tool === undefined) return;
  scopes.assert(request, context);
  if (headers !== undefined) assertParamHeaders(headers, tool.headerParams, argumentsOf(request.params));
  if (tool.task?.required === true) assertExtension(context.client.capabilities, TASKS);
}

function callTool(call: Call, parts: FeatureDeps): Promise<string | undefined> {
  const { server, scopes } = parts;
  const name = textParam(call.message, 'name');
  const args = objectParam(call.message, 'arguments');
  const tool = server.catalog.tools.find(name, call.context);
  if (tool === undefined) throw new McpError('invalid-params', `Unknown tool: ${name}`);
  scopes.assert(call.message, call.context);
  const key = parts.idempotent.keyOf(call);
  if (key === undefined) return runTool(call, tool, args, parts);
  return parts.idempotent.runOnce(call, key, () => runTool(call, tool, args, parts));
}

async function runTool(
  call: Call,
  tool: CompiledTool,
  args: Params | undefined,
  { callTimeoutMs, kept, server, tasks }: FeatureDeps,
): Promise<string | undefined> {
  const timeoutMs = tool.timeoutMs ?? callTimeoutMs;
  const chain = server.middleware?.of('tools/call', 'handler');
  const run = (scope: RunningCall, whose: ResultOwner): Promise<string | InputRequired> =>
    tool.call(args, scope, { kept, whose, around: chain && aroundHandler(chain, call, scope) });
  try {
    if (tool.task !== undefined && tasks.serves(call)) {
      // Nothing else of the call is kept while the task runs.
      const { owner, holder, principal } = call.context;
      const whose = { owner, holder, principal };
      // With `start: 'handler'` it is a plain call until the handler starts the task.
      if (tool.task.start === 'handler' && timeoutMs > 0) call.limit(timeoutMs);
      return await tasks.call(call, { rules: tool.task, timeoutMs }, (scope) => run(scope, whose));
    }
    if (timeoutMs > 0) call.limit(timeoutMs);
    return await runHandler(call, () => run(call, call.context));
  } catch (thrown) {
    if (McpError.is(thrown) && !isToolError(thrown, call)) throw thrown;
    // Errors of a tool become a result, so that the model can correct itself (MCP, Tools, "Error Handling").
    return thrownText(thrown, call);
  }
}
