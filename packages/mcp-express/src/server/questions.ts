import { ConfigurationError } from '../ground/errors.js';
import { isObject, type Params } from '../ground/json-rpc.js';
import { isUri } from '../ground/uri.js';
import { assertToolBalance } from './tool-balance.js';

/**
 * What is going to be asked can be asked. The one check of all questions, whichever way a handler asks them.
 *
 * @throws ConfigurationError naming what is wrong.
 */
export function assertQuestion(method: string, params: Params): void {
  if (method === 'elicitation/create') assertElicitation(params);
  if (method === 'sampling/createMessage') assertSampling(params);
}

function assertElicitation({ mode, message, url }: Params): void {
  if (typeof message !== 'string') throw new ConfigurationError('elicit needs a "message"');
  if (mode !== 'url') return;
  if (typeof url !== 'string' || !isUri(url)) throw new ConfigurationError('elicit in URL mode needs a valid "url"');
}

function assertSampling({ messages }: Params): void {
  if (!Array.isArray(messages)) throw new ConfigurationError('sample needs "messages"');
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
  throw new ConfigurationError('A message of sample needs "content": one block with a "type", or a list of such');
}
