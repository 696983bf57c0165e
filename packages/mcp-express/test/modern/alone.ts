import { type McpServer, ResourceTemplate } from 'mcp-express';
import { type JsonBody, openStream, type RawAnswer, type SseStream, send } from '../support/raw-client.js';
import type { Headers } from '../support/session.js';
import { type StartOptions, startServer, type TestServer, USER_HEADER } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

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

/** A client that can be asked everything. */
export const ABLE = { elicitation: { form: {}, url: {} }, sampling: { tools: {}, context: {} }, roots: {} };

/** How a request is asked, beside what it asks. */
export interface Manner {
  readonly id?: string | number;
  readonly capabilities?: object;
  /** Further members of `_meta`. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** `undefined` leaves out a header that would be sent otherwise. */
  readonly headers?: Headers;
  /** By `authenticateByHeader`. */
  readonly user?: string;
}

/** What `Mcp-Name` repeats. */
function nameIn(method: string, params: JsonBody): unknown {
  if (method.startsWith('tasks/')) return params.taskId;
  return method === 'resources/read' ? params.uri : ['tools/call', 'prompts/get'].includes(method) && params.name;
}

/** A text as the Base64 of a header, whatever it is. */
export function base64(text: string): string {
  return `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}

export function inHeader(text: string): string {
  return /^[!-~]([ -~]*[!-~])?$/.test(text) && !text.startsWith('=?') ? text : base64(text);
}

/** Body and headers of a request that stands alone. */
export function request(
  method: string,
  params: JsonBody = {},
  manner: Manner = {},
): { body: JsonBody; headers: Headers } {
  const { id = 1, capabilities = {}, meta = {}, headers = {}, user } = manner;
  const name = nameIn(method, params);
  const _meta = { [META.version]: REVISION, [META.capabilities]: capabilities, ...meta };
  return {
    body: { jsonrpc: '2.0', id, method, params: { ...params, _meta } },
    headers: {
      'mcp-protocol-version': REVISION,
      'mcp-method': method,
      ...(typeof name === 'string' ? { 'mcp-name': inHeader(name) } : {}),
      ...(user === undefined ? {} : { [USER_HEADER]: user }),
      ...headers,
    },
  };
}

/** A client that keeps nothing. */
export class Client {
  constructor(
    readonly url: string,
    readonly usual: Manner = {},
  ) {}

  /** The same client, asking otherwise. */
  as(manner: Manner): Client {
    return new Client(this.url, { ...this.usual, ...manner });
  }

  ask(method: string, params: JsonBody = {}, manner: Manner = {}): Promise<RawAnswer> {
    return send(this.url, request(method, params, { ...this.usual, ...manner }));
  }

  call(name: string, args: object = {}, manner: Manner = {}): Promise<RawAnswer> {
    return this.ask('tools/call', { name, arguments: args }, manner);
  }

  /** Answered by a stream. */
  stream(method: string, params: JsonBody = {}, manner: Manner = {}): Promise<SseStream> {
    const given = { ...this.usual, ...manner };
    const headers = { accept: 'text/event-stream', ...given.headers };
    return openStream(this.url, request(method, params, { ...given, headers }));
  }

  callStream(name: string, args: object = {}, manner: Manner = {}): Promise<SseStream> {
    return this.stream('tools/call', { name, arguments: args }, manner);
  }

  /** A subscription, acknowledged. */
  async listen(notifications: object, manner: Manner = {}): Promise<SseStream> {
    const stream = await this.stream('subscriptions/listen', { notifications }, manner);
    await stream.untilMessages(1);
    return stream;
  }

  /** The next round of a call: the same parameters, with answers, and the state of the last round unless `more` has another. */
  again(
    params: JsonBody,
    { json }: RawAnswer,
    answers?: object,
    more: Manner & { state?: unknown } = {},
  ): Promise<RawAnswer> {
    const { state = json.result.requestState, ...manner } = more;
    const inputResponses = answers === undefined ? {} : { inputResponses: answers };
    const method =
      params.uri !== undefined ? 'resources/read' : params.arguments === undefined ? 'prompts/get' : 'tools/call';
    return this.ask(method, { ...params, ...inputResponses, requestState: state }, manner);
  }
}

export interface Started extends TestServer {
  readonly client: Client;
}

/** A server and a client of it that can be asked everything. */
export async function start(given: StartOptions = {}, usual: Manner = { capabilities: ABLE }): Promise<Started> {
  const server = await startServer(given);
  return { ...server, client: new Client(server.url, usual) };
}

export const textOf = ({ json }: RawAnswer): string => json.result.content[0].text;

/** Status and JSON-RPC code, as refusals are compared. */
export const codeOf = ({ status, json }: RawAnswer): [number, number | undefined] => [status, json?.error?.code];

export const accepted = (content: object): object => ({ action: 'accept', content });

/** Counts how often a handler was entered. */
export interface Count {
  entered: number;
}

export const ASK_NAME = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
} as const;

/** A tool, a prompt and two resources that ask for a name; each entry is counted. */
export function askingServer(count: Count = { entered: 0 }): McpServer {
  const mcp = testServer();
  mcp.registerTool('greet', { inputSchema: { type: 'object' } }, async (args, ctx) => {
    count.entered += 1;
    const { content } = await ctx.elicit(ASK_NAME);
    return `Hello ${content?.['name']} ${JSON.stringify(args)}`;
  });
  mcp.registerTool('other', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    count.entered += 1;
    return String((await ctx.elicit(ASK_NAME)).content?.['name']);
  });
  mcp.registerPrompt('greet', {}, async (ctx) => {
    count.entered += 1;
    return String((await ctx.elicit(ASK_NAME)).content?.['name']);
  });
  mcp.registerResource('asks', new ResourceTemplate('asks://{what}'), {}, async (_uri, { what }, ctx) => {
    count.entered += 1;
    return `${what} ${(await ctx.elicit(ASK_NAME)).content?.['name']}`;
  });
  return mcp;
}
