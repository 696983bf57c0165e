import type { McpServer, RouterOptions } from 'mcp-express';
import { type JsonBody, type RawAnswer, type SseStream, send } from '../support/raw-client.js';
import {
  type Headers,
  INITIALIZED,
  initializeRequest,
  messagesOf,
  NEWEST,
  TestSession,
  toolCall,
} from '../support/session.js';
import { type StartOptions, startServer, type TestServer } from '../support/start-server.js';
import { specServer } from './server.js';

export interface OpenOptions {
  readonly revision?: string;
  /** What the client declares. */
  readonly capabilities?: object;
  readonly mcp?: McpServer;
  readonly options?: RouterOptions;
  readonly before?: StartOptions['before'];
  readonly headers?: Headers;
}

export interface Opened extends TestServer {
  readonly session: TestSession;
}

/** The spec server and a session on it. */
export async function open(given: OpenOptions = {}): Promise<Opened> {
  const { mcp = specServer(), options = {}, before = [] } = given;
  const server = await startServer({ mcp, options, before });
  return { ...server, session: await join(server.url, given) };
}

/** One more session. */
export async function join(url: string, given: OpenOptions = {}): Promise<TestSession> {
  const session = await joinSilently(url, given);
  await session.post(INITIALIZED);
  return session;
}

/** A session whose client has not said yet that it is initialized. */
export async function joinSilently(url: string, given: OpenOptions = {}): Promise<TestSession> {
  const { revision = NEWEST, capabilities, headers = {} } = given;
  const answer = await send(url, { body: initializeWith(revision, capabilities), headers });
  if (answer.status !== 200) throw new Error(`initialize: ${answer.status} ${answer.text}`);
  return new TestSession(url, String(answer.headers['mcp-session-id']), revision, headers);
}

export function initializeWith(revision: string, capabilities: object = {}): JsonBody {
  const request = initializeRequest(revision);
  return { ...request, params: { ...request.params, capabilities } };
}

export function request(method: string, params?: object, id: string | number = 1): JsonBody {
  return { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) };
}

export function ask(session: TestSession, method: string, params?: object): Promise<RawAnswer> {
  return session.post(request(method, params));
}

/** All messages a tool call was answered with, in whatever form. */
export function messagesOfCall(session: TestSession, tool: string, args: object): Promise<readonly JsonBody[]> {
  return messagesOf(session.url, { body: toolCall(tool, args), headers: session.headers });
}

/** What a client declares that can do everything. */
export const ABLE = {
  roots: { listChanged: true },
  sampling: { tools: {}, context: {} },
  elicitation: { form: {}, url: {} },
};

/** For tests whose client is not to be asked: if it is, nobody answers, and it shows soon. */
export const IMPATIENT: RouterOptions = { clientRequestTimeoutMs: 200 };

export const isRequest = (message: JsonBody): boolean => 'method' in message && 'id' in message;
export const isNotification = (message: JsonBody): boolean => 'method' in message && !('id' in message);
export const isResponse = (message: JsonBody): boolean => !('method' in message);

export interface Dialogue {
  readonly stream: SseStream;
  /** The request that was put to the client. */
  readonly asked: JsonBody;
}

/** Calls a tool up to where it asks the client. */
export async function untilAsked(session: TestSession, tool: string, args: object): Promise<Dialogue> {
  const stream = await session.callStream(tool, args);
  await stream.until('a request', () => stream.messages.some(isRequest));
  return { stream, asked: stream.messages.find(isRequest) };
}

export function answerTo(session: TestSession, asked: JsonBody, result: object): Promise<RawAnswer> {
  return session.post({ jsonrpc: '2.0', id: asked.id, result });
}

/** A tool call whose one request to the client is answered with `result`: what was asked, and how the call ended. */
export async function dialogue(session: TestSession, tool: string, args: object, result: object): Promise<Ended> {
  const { stream, asked } = await untilAsked(session, tool, args);
  await answerTo(session, asked, result);
  await stream.untilClosed();
  return { asked, result: stream.messages.find(isResponse)?.result, messages: stream.messages };
}

export interface Ended {
  readonly asked: JsonBody;
  readonly result: JsonBody;
  readonly messages: readonly JsonBody[];
}
