import type { RouterOptions } from 'mcp-express';
import { type JsonBody, openStream, type RawAnswer, type SseStream, send } from '../../support/raw-client.js';
import type { Headers } from '../../support/session.js';
import { type StartOptions, startServer, type TestServer, USER_HEADER } from '../../support/start-server.js';
import { ABLE as ABLE_IN_SESSIONS } from '../client.js';
import { specServer } from '../server.js';

export const REVISION = '2026-07-28';

export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  client: 'io.modelcontextprotocol/clientInfo',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  level: 'io.modelcontextprotocol/logLevel',
  server: 'io.modelcontextprotocol/serverInfo',
  subscription: 'io.modelcontextprotocol/subscriptionId',
} as const;

export const TASKS = 'io.modelcontextprotocol/tasks';
export const WITH_TASKS = { extensions: { [TASKS]: {} } };

/** What a client declares that can do everything. */
export const ABLE = ABLE_IN_SESSIONS;

export const SSE_ONLY: Headers = { accept: 'text/event-stream' };

/** How a request is asked, beside what it asks. */
export interface Asking {
  readonly id?: string | number;
  readonly capabilities?: object;
  /** Further members of `_meta`; `undefined` leaves one out that would be sent otherwise. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** `undefined` leaves out a header that would be sent otherwise. */
  readonly headers?: Headers;
  /** Who asks, where the server authenticates by a header. */
  readonly user?: string;
}

/** What `Mcp-Name` repeats of the parameters. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** A value as it is sent in a header. */
export function inHeader(value: string): string {
  const isPlain = /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return isPlain ? value : encoded(value);
}

export function encoded(value: string): string {
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

export function metaOf({ capabilities = {}, meta = {} }: Asking): JsonBody {
  return {
    [META.version]: REVISION,
    [META.client]: { name: 'raw', version: '1' },
    [META.capabilities]: capabilities,
    ...meta,
  };
}

export interface Alone {
  readonly headers: Headers;
  readonly body: JsonBody;
}

/** A request that stands alone, with all its headers. */
export function requestAlone(method: string, params: JsonBody = {}, asking: Asking = {}): Alone {
  const { id = 1, headers = {}, user } = asking;
  const body = { jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...metaOf(asking), ...params._meta } } };
  const name = params[NAMED_BY[method] ?? ''];
  return {
    body,
    headers: {
      'mcp-protocol-version': REVISION,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': inHeader(name) } : {}),
      ...(user === undefined ? {} : { [USER_HEADER]: user }),
      ...headers,
    },
  };
}

/** A client whose requests stand alone. */
export class Modern {
  constructor(
    readonly url: string,
    readonly usual: Asking = {},
  ) {}

  ask(method: string, params: JsonBody = {}, asking: Asking = {}): Promise<RawAnswer> {
    return send(this.url, requestAlone(method, params, { ...this.usual, ...asking }));
  }

  call(name: string, args: object = {}, asking: Asking = {}): Promise<RawAnswer> {
    return this.ask('tools/call', { name, arguments: args }, asking);
  }

  /** The same answered by a stream. */
  stream(method: string, params: JsonBody = {}, asking: Asking = {}): Promise<SseStream> {
    const headers = { ...SSE_ONLY, ...this.usual.headers, ...asking.headers };
    return openStream(this.url, requestAlone(method, params, { ...this.usual, ...asking, headers }));
  }

  callStream(name: string, args: object = {}, asking: Asking = {}): Promise<SseStream> {
    return this.stream('tools/call', { name, arguments: args }, asking);
  }

  /** Everything a tool call is answered with. */
  async messagesOfCall(name: string, args: object = {}, asking: Asking = {}): Promise<readonly JsonBody[]> {
    const stream = await this.callStream(name, args, asking);
    await stream.untilClosed();
    return stream.messages;
  }

  /** A subscription, once it is acknowledged. */
  async listen(notifications: object, asking: Asking = {}): Promise<SseStream> {
    const stream = await this.stream('subscriptions/listen', { notifications }, asking);
    await stream.untilMessages(1);
    return stream;
  }

  /** The same client, asking otherwise. */
  as(asking: Asking): Modern {
    return new Modern(this.url, { ...this.usual, ...asking });
  }
}

export interface Started extends TestServer {
  readonly client: Modern;
}

export interface StartGiven extends StartOptions, Asking {
  readonly options?: RouterOptions;
}

/** The spec server and a client of it. */
export async function start(given: StartGiven = {}): Promise<Started> {
  const { mcp = specServer(), options = {}, before = [], id, capabilities, meta, headers, user } = given;
  const server = await startServer({ mcp, options, before });
  const asking = Object.entries({ id, capabilities, meta, headers, user }).filter(([, value]) => value !== undefined);
  return { ...server, client: new Modern(server.url, Object.fromEntries(asking)) };
}

/** A refusal, as it is compared: status and code. */
export function refusalOf({ status, json }: RawAnswer): [number, number | undefined] {
  return [status, json.error?.code];
}

export const textOf = ({ json }: RawAnswer): string => json.result.content[0].text;

/** What comes back with what a client was asked: the parameters of the second round. */
export function nextRound(params: object, { json }: RawAnswer, inputResponses: object): JsonBody {
  const { requestState } = json.result;
  return { ...params, inputResponses, ...(requestState === undefined ? {} : { requestState }) };
}

export interface Dialogue {
  /** The questions of the first round, by key. */
  readonly asked: Readonly<Record<string, JsonBody>>;
  /** How the second round was answered. */
  readonly answer: RawAnswer;
}

/** A call of one of the asking tools whose questions are all answered with `result`. */
export async function dialogue(client: Modern, tool: string, args: object, result: object): Promise<Dialogue> {
  const params = { name: tool, arguments: args };
  const first = await client.ask('tools/call', params);
  const asked = first.json.result?.inputRequests;
  if (asked === undefined) throw new Error(`nothing was asked: ${first.status} ${first.text}`);
  const responses = Object.fromEntries(Object.keys(asked).map((key) => [key, result]));
  return { asked, answer: await client.ask('tools/call', nextRound(params, first, responses), { id: 2 }) };
}

/** What a client was asked, if it was. */
export function questionsOf({ json }: RawAnswer): JsonBody[] {
  return Object.values(json.result?.inputRequests ?? {});
}
