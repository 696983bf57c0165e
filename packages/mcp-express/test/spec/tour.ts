import type { RouterOptions } from 'mcp-express';
import type { JsonBody } from '../support/raw-client.js';
import { send } from '../support/raw-client.js';
import { ping, toolCall } from '../support/session.js';
import { ABLE, answerTo, initializeWith, isRequest, open, request } from './client.js';

/** Every kind of request a client has, good and bad, each with an id of its own. */
const REQUESTS = [
  ping('ping'),
  request('tools/list', {}, 'tools'),
  request('resources/list', {}, 2),
  request('resources/templates/list', {}, 3),
  request('resources/read', { uri: 'spec://text' }, 'read'),
  request('resources/subscribe', { uri: 'spec://text' }, 'subscribe'),
  request('prompts/list', {}, 4),
  request('prompts/get', { name: 'greet', arguments: { name: 'Ada' } }, 'prompt'),
  request(
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'tone', value: 'w' } },
    'complete',
  ),
  request('logging/setLevel', { level: 'debug' }, 'level'),
  toolCall('echo', { text: 'again' }, 5),
  toolCall('contents', {}, 0),
  toolCall('fail', {}, 'fail'),
  request('no/such', {}, 'unknown method'),
  toolCall('no-such', {}, 'unknown tool'),
  request('resources/read', { uri: 'spec://none' }, 'unknown resource'),
  request('resources/read', { uri: 'spec://broken' }, 'broken'),
  request('prompts/get', { name: 'none' }, 'unknown prompt'),
  request('tools/list', { cursor: 'none' }, 'bad cursor'),
] as const;

const STREAMED = [
  toolCall('progress', { values: [1, 2] }, 'progress', 'token'),
  toolCall('log', { levels: ['info', 'error'] }, 'log'),
] as const;

const ASKING: readonly (readonly [JsonBody, object])[] = [
  [
    toolCall('elicit', { what: { message: 'Who?', requestedSchema: { type: 'object', properties: {} } } }, 'elicit'),
    { action: 'decline' },
  ],
  [toolCall('roots', {}, 'roots'), { roots: [] }],
  [
    toolCall('sample', { what: { messages: [], maxTokens: 1 } }, 'sample'),
    { role: 'assistant', model: 'm', content: { type: 'text', text: 'x' } },
  ],
];

export interface Tour {
  /** What was sent, and the response it got. */
  readonly exchanges: readonly { readonly sent: JsonBody; readonly response: JsonBody }[];
  /** Everything the server said. */
  readonly messages: readonly JsonBody[];
}

/** One session that makes the server say every kind of thing it says. */
export async function tour(revision: string, options: RouterOptions = {}): Promise<Tour> {
  const opened = await open({ revision, capabilities: ABLE, options });
  const { session, url, mcp, router } = opened;
  const exchanges: { sent: JsonBody; response: JsonBody }[] = [];
  const messages: JsonBody[] = [];
  const initialize = initializeWith(revision);
  const first = await send(url, { body: initialize });
  exchanges.push({ sent: initialize, response: first.json });
  for (const sent of REQUESTS) exchanges.push({ sent, response: (await session.post(sent)).json });
  messages.push(...exchanges.map(({ response }) => response));
  for (const sent of STREAMED) {
    const stream = await session.stream(sent);
    await stream.untilClosed();
    messages.push(...stream.messages);
    exchanges.push({ sent, response: stream.messages.at(-1) });
  }
  for (const [sent, result] of ASKING) {
    if (revision === '2025-03-26' && sent.id === 'elicit') continue;
    const stream = await session.stream(sent);
    await stream.until('a request', () => stream.messages.some(isRequest));
    await answerTo(session, stream.messages.find(isRequest), result);
    await stream.untilClosed();
    messages.push(...stream.messages);
    exchanges.push({ sent, response: stream.messages.at(-1) });
  }
  const own = await session.listen();
  mcp.registerTool('later', {}, () => 'x');
  await router.notify.resourceUpdated('spec://text');
  messages.push(...(await own.untilMessages(2)));
  return { exchanges, messages };
}
