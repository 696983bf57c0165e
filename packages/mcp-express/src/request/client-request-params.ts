import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { isObject, type Params } from '../protocol/json-rpc.js';
import { isUri } from '../protocol/uri.js';
import { assertToolBalance } from './tool-balance.js';

/**
 * Validates the params of a client request, regardless of how a handler sends it.
 * @throws ConfigurationError when they are invalid
 */
export function assertClientRequest(method: string, params: Params): void {
  if (method === 'elicitation/create') assertElicitation(params);
  if (method === 'sampling/createMessage') assertSampling(params);
}

function assertElicitation({ mode, message, url }: Params): void {
  if (typeof message !== 'string') throw new ConfigurationError('elicit needs a "message"');
  if (mode !== 'url') return;
  if (typeof url !== 'string' || !isUri(url)) throw new ConfigurationError('elicit in URL mode needs a valid "url"');
}

/** The optional members of a sampling request that have a simple type (MCP 2025-11-25, schema, CreateMessageRequest). */
const SAMPLING: ReadonlyMap<string, readonly [string, (value: unknown) => boolean]> = new Map([
  ['systemPrompt', ['a text', (value) => typeof value === 'string']],
  ['temperature', ['a number', Number.isFinite]],
  [
    'stopSequences',
    ['a list of texts', (value) => Array.isArray(value) && value.every((text) => typeof text === 'string')],
  ],
  ['includeContext', ['none, thisServer or allServers', (value) => CONTEXTS.includes(value)]],
  ['modelPreferences', ['an object', isObject]],
  ['metadata', ['an object', isObject]],
  ['tools', ['a list', Array.isArray]],
  ['toolChoice', ['an object', isObject]],
  ['_meta', ['an object', isObject]],
]);

const CONTEXTS: readonly unknown[] = ['none', 'thisServer', 'allServers'];

function assertSampling(params: Params): void {
  const { messages, maxTokens } = params;
  if (!Array.isArray(messages)) throw new ConfigurationError('sample needs "messages"');
  assertKnown(params, ['messages', 'maxTokens', ...SAMPLING.keys()], 'sample');
  if (!Number.isSafeInteger(maxTokens)) {
    throw new ConfigurationError(`sample needs "maxTokens", a whole number; it is ${kindOf(maxTokens)}`);
  }
  for (const [name, [wanted, isRight]] of SAMPLING) {
    const value = params[name];
    if (value === undefined || isRight(value)) continue;
    throw new ConfigurationError(`sample: "${name}" must be ${wanted}; it is ${kindOf(value)}`);
  }
  for (const message of messages) assertMessage(message);
  assertToolBalance(messages);
}

function assertMessage(message: unknown): void {
  const role = isObject(message) ? message['role'] : undefined;
  if (role !== 'user' && role !== 'assistant') {
    throw new ConfigurationError('A message of sample needs the "role" user or assistant');
  }
  const content = (message as Params)['content'];
  const blocks: unknown[] = Array.isArray(content) ? content : [content];
  if (blocks.every((block) => isObject(block) && typeof block['type'] === 'string')) return;
  throw new ConfigurationError('A message of sample needs "content": one block with a "type", or an array of blocks');
}
