import { McpError } from '../../protocol/errors.js';
import { isLogLevel, LOG_LEVELS } from '../../protocol/mcp.js';
import type { Call } from '../../request/call.js';
import { textParam } from '../../request/method.js';
import type { Feature, FeatureDeps } from '../feature.js';

/**
 * Logging: `logging/setLevel` sets the least severe level that is sent in a session. Stateless requests name it in `_meta`
 * (MCP, Server Features, Logging).
 */
export const loggingFeature: Feature = {
  methods: { 'logging/setLevel': { handle: setLogLevel, only: 'sessions' } },
};

async function setLogLevel(call: Call, { sessions }: FeatureDeps): Promise<string> {
  const level = textParam(call.message, 'level');
  if (!isLogLevel(level)) throw new McpError('invalid-params', `"level" must be one of ${LOG_LEVELS.join(', ')}`);
  await sessions.setLogLevel(call.key, level);
  return '{}';
}
