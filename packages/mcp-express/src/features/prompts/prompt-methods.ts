import { McpError } from '../../protocol/errors.js';
import type { Call } from '../../request/call.js';
import { cursorOf, objectParam, textParam } from '../../request/method.js';
import { runHandler } from '../../request/run-handler.js';
import { onlyIfAnnounced } from '../discovery/server-capabilities.js';
import type { Feature, FeatureDeps } from '../feature.js';
import { aroundHandler } from '../middleware/handler-middleware.js';

/** Prompts: `prompts/list` and `prompts/get` (MCP, Server Features, Prompts). */
export const promptsFeature: Feature = {
  methods: {
    'prompts/list': {
      handle: (call, { server }) => server.catalog.prompts.for(call.context).page(cursorOf(call.message), call.writer),
      admit: onlyIfAnnounced('prompts'),
    },
    'prompts/get': { handle: getPrompt },
  },
};

async function getPrompt(call: Call, { server }: FeatureDeps): Promise<string | undefined> {
  const name = textParam(call.message, 'name');
  const args = objectParam(call.message, 'arguments');
  const prompt = server.catalog.prompts.find(name, call.context);
  if (prompt === undefined) throw new McpError('invalid-params', `Unknown prompt: ${name}`);
  const chain = server.middleware?.of('prompts/get', 'handler');
  return runHandler(call, () => prompt.get(args, call, chain && aroundHandler(chain, call, call)));
}
