import { isObject, type Params } from '../protocol/json-rpc.js';
import { isUri } from '../protocol/uri.js';
import { contentIssue, firstIssue } from '../registry/content.js';
import { memberIssue } from '../registry/optional-members.js';

/** The reason why a value is not a valid root (MCP 2025-11-25, schema, Root: the URI "must start with file://"). */
export function rootIssue(root: unknown): string | undefined {
  if (!isObject(root)) return 'a root that is not an object';
  const { uri, name } = root;
  if (typeof uri !== 'string' || !uri.startsWith('file://') || !isUri(uri))
    return 'a root whose "uri" is not a file URI';
  if (name !== undefined && typeof name !== 'string') return 'a root whose "name" is not a string';
  const fault = memberIssue(root);
  return fault === undefined ? undefined : `a root whose ${fault}`;
}

/** The reason why a response is not a valid sampling result. */
export function samplingIssue(answer: Params): string | undefined {
  const { role, model, stopReason, content } = answer;
  if (role !== 'user' && role !== 'assistant') return '"role" is neither user nor assistant';
  if (typeof model !== 'string') return '"model" is not a string';
  if (stopReason !== undefined && typeof stopReason !== 'string') return '"stopReason" is not a string';
  if (!isObject(content) && !Array.isArray(content)) return '"content" is neither a block nor an array of blocks';
  return memberIssue(answer) ?? firstIssue([content].flat(), samplingContentIssue);
}

/** The reason why a value is not valid sampling content: text, media, or tool use. */
function samplingContentIssue(block: unknown): string | undefined {
  const type = isObject(block) ? block['type'] : undefined;
  if (isObject(block) && type === 'tool_use') {
    const { id, name, input } = block;
    const sound = typeof id === 'string' && typeof name === 'string' && isObject(input);
    return sound ? undefined : 'a block of type tool_use without "id", "name" and "input"';
  }
  if (isObject(block) && type === 'tool_result') {
    const sound = typeof block['toolUseId'] === 'string' && Array.isArray(block['content']);
    return sound ? undefined : 'a block of type tool_result without "toolUseId" and "content"';
  }
  return contentIssue(block);
}
