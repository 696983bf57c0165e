import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { send } from '../../support/raw-client.js';
import { specServer } from '../server.js';
import { ABLE, META, nextRound, requestAlone, type Started, start, WITH_TASKS } from './client.js';

const FORM = { message: 'Who?', requestedSchema: { type: 'object', properties: {} } };
const PROMPT = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 };
const TONE = { ref: { type: 'ref/prompt', name: 'greet' }, argument: { name: 'tone', value: 'w' } };

type Sent = readonly [method: string, params: object, id: string | number];

/** Every kind of request a client has, each with an id of its own. */
const GOOD: readonly Sent[] = [
  ['server/discover', {}, 'discover'],
  ['tools/list', {}, 'tools'],
  ['resources/list', {}, 2],
  ['resources/templates/list', {}, 0],
  ['resources/read', { uri: 'spec://text' }, 'read'],
  ['resources/read', { uri: 'spec://bytes' }, 'bytes'],
  ['resources/read', { uri: 'spec://notes/1' }, 'note'],
  ['prompts/list', {}, 3],
  ['prompts/get', { name: 'greet', arguments: { name: 'Ada' } }, 'prompt'],
  ['completion/complete', TONE, 'complete'],
  ['tools/call', { name: 'echo', arguments: { text: 'again' } }, 5],
  ['tools/call', { name: 'contents' }, -1],
  ['tools/call', { name: 'fail' }, 'fail'],
  ['tools/call', { name: 'elicit', arguments: { what: FORM } }, 'elicit'],
  ['tools/call', { name: 'sample', arguments: { what: PROMPT } }, 'sample'],
  ['tools/call', { name: 'roots', arguments: {} }, 'roots'],
  ['tools/call', { name: 'job' }, 'task'],
];

const BAD: readonly Sent[] = [
  ['no/such', {}, 'method'],
  ['tools/call', { name: 'no-such' }, 'tool'],
  ['resources/read', { uri: 'spec://none' }, 'resource'],
  ['resources/read', { uri: 'spec://broken' }, 'broken'],
  ['prompts/get', { name: 'none' }, 'no prompt'],
  ['prompts/get', { name: 'broken' }, 'broken prompt'],
  ['tools/list', { cursor: 'none' }, 'cursor'],
  ['tasks/get', { taskId: 'none' }, 'no task'],
];

/** The spec server with a task and a header of an argument, for a client that can do everything. */
export function startAll(): Promise<Started> {
  const mcp = specServer();
  mcp.registerTool('job', { task: {} }, () => 'done');
  const region = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } } as const;
  mcp.registerTool('region', { inputSchema: region }, () => 'x');
  mcp.registerTool('job-only', { task: { required: true } }, () => 'done');
  return start({ mcp, capabilities: { ...ABLE, ...WITH_TASKS } });
}

export interface Tour {
  /** What was sent, and the response it got. */
  readonly exchanges: readonly { readonly sent: JsonBody; readonly response: JsonBody }[];
  /** Everything the server said. */
  readonly messages: readonly JsonBody[];
}

/** Makes the server say every kind of thing it says. */
export async function tour(): Promise<Tour> {
  const { client, url, mcp, router } = await startAll();
  const exchanges: { sent: JsonBody; response: JsonBody }[] = [];
  const said: JsonBody[] = [];
  const usual = client.usual;
  for (const [method, params, id] of [...GOOD, ...BAD]) {
    const request = requestAlone(method, params, { ...usual, id });
    exchanges.push({ sent: request.body, response: (await send(url, request)).json });
  }
  const meta = { progressToken: 't', [META.level]: 'debug' };
  for (const [name, args] of [
    ['progress', { values: [1, 2] }],
    ['log', { levels: ['info', 'error'] }],
  ] as const) {
    said.push(...(await client.messagesOfCall(name, args, { id: name, meta })));
  }
  const stream = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['spec://text'] });
  mcp.registerTool('later', {}, () => 'x');
  await router.notify.resourceUpdated('spec://text');
  said.push(...(await stream.untilMessages(3)));
  return { exchanges, messages: [...exchanges.map(({ response }) => response), ...said] };
}

/** The result of every kind of request, rounds and tasks and all. */
export async function everyResult(): Promise<JsonBody[]> {
  const { client, router } = await startAll();
  const results: JsonBody[] = [];
  for (const [method, params, id] of GOOD) results.push((await client.ask(method, params, { id })).json.result);
  const params = { name: 'elicit', arguments: { what: FORM } };
  const first = await client.ask('tools/call', params);
  const [key] = Object.keys(first.json.result.inputRequests);
  const answers = { [String(key)]: { action: 'decline' } };
  results.push((await client.ask('tools/call', nextRound(params, first, answers))).json.result);
  const { taskId } = results.find(({ resultType }) => resultType === 'task');
  results.push((await client.ask('tasks/get', { taskId })).json.result);
  results.push((await client.ask('tasks/update', { taskId, inputResponses: {} })).json.result);
  results.push((await client.ask('tasks/cancel', { taskId })).json.result);
  const stream = await client.listen({});
  await router.close({ graceMs: 0 });
  await stream.untilClosed();
  results.push(stream.messages.at(-1)?.result);
  return results;
}

export interface Wrong {
  readonly json: JsonBody;
  /** What is wrong: something that MCP has a code for, or anything else. */
  readonly about: 'header' | 'capability' | 'version' | 'other';
}

/** What is answered to everything that can be wrong with a request. */
export async function everyError(): Promise<Wrong[]> {
  const { client, url } = await startAll();
  const of = async (about: Wrong['about'], answers: readonly Promise<RawAnswer>[]): Promise<Wrong[]> =>
    (await Promise.all(answers)).map(({ json }) => ({ about, json }));
  const call = { name: 'echo', arguments: { text: 'x' } };
  const unable = client.as({ capabilities: {} });
  const other = { 'mcp-protocol-version': '1900-01-01' };
  return [
    ...(await of(
      'other',
      BAD.map(([method, params, id]) => client.ask(method, params, { id })),
    )),
    ...(await of('other', [
      client.ask('tools/call', { ...call, inputResponses: 5 }),
      client.ask('tools/call', { ...call, requestState: 'x' }),
      client.ask('tools/call', call, { meta: { [META.capabilities]: undefined } }),
      client.ask('tools/call', call, { meta: { [META.level]: 'loud' } }),
      client.ask('prompts/get', { name: 'greet' }),
      client.ask('subscriptions/listen', {}, { headers: { accept: 'text/event-stream, application/json' } }),
      client.ask('initialize', {}),
      client.ask('ping', {}),
      client.ask('resources/subscribe', { uri: 'spec://text' }),
      client.ask('logging/setLevel', { level: 'debug' }),
      client.ask('tasks/result', { taskId: 'x' }),
      client.ask('tasks/list', {}),
      send(url, { ...requestAlone('tools/list'), body: [requestAlone('tools/list').body] }),
    ])),
    ...(await of('header', [
      client.ask('tools/call', call, { headers: { 'mcp-method': undefined } }),
      client.ask('tools/call', call, { headers: { 'mcp-name': 'other' } }),
      client.ask('tools/call', call, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
      client.call('region', { region: 'x' }),
    ])),
    ...(await of('capability', [
      unable.call('elicit', { what: FORM }),
      unable.call('job-only'),
      unable.ask('tasks/get', { taskId: 'x' }),
    ])),
    ...(await of('version', [
      client.ask('tools/list', {}, { headers: other, meta: { [META.version]: '1900-01-01' } }),
    ])),
  ];
}
