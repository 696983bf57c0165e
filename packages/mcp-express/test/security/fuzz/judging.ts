import type { JsonBody } from '../../support/raw-client.js';
import type { FuzzRequest } from './requests.js';
import type { Answer } from './sending.js';
import type { Target } from './target.js';

/** The messages in an answer, in whichever form. Throws where they are no JSON. */
function messagesIn({ type, text }: Answer): JsonBody[] {
  if (text === '') return [];
  if (!type.startsWith('text/event-stream')) return [JSON.parse(text)].flat();
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
  return data.filter((line) => line !== '').map((line) => JSON.parse(line));
}

const isJsonRpc = (message: JsonBody): boolean =>
  message?.jsonrpc === '2.0' &&
  (message.method !== undefined || (message.result === undefined) !== (message.error === undefined));

const isError = ({ error }: JsonBody): boolean =>
  Number.isSafeInteger(error?.code) && typeof error.message === 'string' && error.message !== '';

/** Node refuses more headers than it reads, in its own words, before there is a request. */
const TOO_MANY_HEADERS = 431;

/** What is wrong with an answer, whatever the request was. */
export function faultIn(request: FuzzRequest, answer: Answer, { sessions }: Target): string | undefined {
  const { status, type, text, headers } = answer;
  if (status === 500) return '500 by the choice of a client';
  if (status === TOO_MANY_HEADERS || request.method === 'HEAD') return undefined;
  if (/\n {4}at |node_modules|\/src\//.test(text)) return 'a stack trace';
  const given = headers.find((_value, index) => /^mcp-session-id$/i.test(headers[index - 1] ?? ''));
  if (Object.values(sessions).includes(given ?? '')) return 'the id of a session that is there already';
  if (status === 202 || status === 204) return text === '' ? undefined : `${status} with a body`;
  if (status >= 400 && type !== 'application/json') return `${status} as ${type}`;
  const messages = messagesIn(answer);
  if (messages.some((message) => message?.error?.code === -32603)) return '-32603 by the choice of a client';
  if (!messages.every(isJsonRpc)) return 'no JSON-RPC';
  if (messages.some((message) => message.error !== undefined && !isError(message))) return 'an error that is none';
  if (status >= 400 && (messages.length !== 1 || messages[0].error === undefined)) return `${status} that is no error`;
  if (![200, 400, 401, 403, 404, 405, 406, 413, 415].includes(status)) return `${status} where nothing is wanting`;
  return undefined;
}
