import type {
  SamplingContent,
  SamplingMessage,
  ToolResultContent,
  ToolUseContent,
} from '../protocol/client-requests.js';
import { ConfigurationError } from '../protocol/errors.js';

/**
 * Checks that tool uses and results are balanced: the message after a tool use must contain its results and nothing
 * else (MCP 2025-11-25, Sampling, "Message Content Constraints").
 * @throws ConfigurationError when they are not
 */
export function assertToolBalance(messages: readonly SamplingMessage[]): void {
  let open: readonly string[] = [];
  for (const message of messages) {
    const content = Array.isArray(message.content) ? message.content : [message.content];
    const results = content.filter(isResult);
    if (results.length > 0 && results.length < content.length) {
      throw new ConfigurationError('sample: a message with tool results must hold nothing else');
    }
    if (
      !sameIds(
        open,
        results.map((result) => result.toolUseId),
      )
    ) {
      throw new ConfigurationError('sample: every tool use must be answered by a result in the next message');
    }
    open = content.filter(isUse).map((use) => use.id);
  }
  if (open.length > 0) throw new ConfigurationError('sample: the last message must not leave a tool use unanswered');
}

function isUse(content: SamplingContent): content is ToolUseContent {
  return content.type === 'tool_use';
}

function isResult(content: SamplingContent): content is ToolResultContent {
  return content.type === 'tool_result';
}

function sameIds(wanted: readonly string[], given: readonly string[]): boolean {
  return wanted.length === given.length && wanted.every((id) => given.includes(id));
}
