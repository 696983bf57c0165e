import { McpError } from '../ground/errors.js';
import { isObject, type Params } from '../ground/json-rpc.js';
import { LOG_LEVELS, type LogLevel } from '../ground/mcp.js';
import { isUri } from '../ground/uri.js';
import type { Catalog } from '../server/catalog.js';
import { type Completers, completionResult } from '../server/completion.js';
import { CallContext } from '../server/context.js';
import type { McpServer } from '../server/mcp-server.js';
import { failureText, messageOf } from '../server/tool-result.js';
import type { SessionStore, Subscriptions } from '../store/store.js';
import type { Call } from './call.js';
import { listResources, readResource } from './resource-methods.js';

/** What methods may use beside the call. */
export interface MethodParts {
  readonly server: McpServer;
  readonly sessions: SessionStore;
  readonly subscriptions: Subscriptions;
  readonly subscriptionsPerSession: number;
  /** Milliseconds; 0 for no limit. */
  readonly callTimeoutMs: number;
}

/** Answers one request with its result as JSON text, at once or later. What it throws becomes a JSON-RPC error. */
export type Method = (call: Call, parts: MethodParts) => string | Promise<string>;

const EMPTY = '{}';

/** The requests a session understands after `initialize`. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['ping', () => EMPTY],
  ['tools/list', (call, { server }) => server.catalog.tools.page(cursorOf(call))],
  ['tools/call', callTool],
  ['resources/list', (call, { server }) => listResources(call, server.catalog, cursorOf(call))],
  ['resources/templates/list', (call, { server }) => server.catalog.templates.page(cursorOf(call))],
  ['resources/read', (call, { server }) => readResource(call, server.catalog, textParam(call, 'uri'))],
  ['resources/subscribe', subscribe],
  ['resources/unsubscribe', unsubscribe],
  ['prompts/list', (call, { server }) => server.catalog.prompts.page(cursorOf(call))],
  ['prompts/get', getPrompt],
  ['completion/complete', complete],
  ['logging/setLevel', setLogLevel],
]);

async function callTool(call: Call, { server, callTimeoutMs }: MethodParts): Promise<string> {
  const name = textParam(call, 'name');
  const args = objectParam(call, 'arguments');
  const tool = server.catalog.tools.entries.get(name);
  if (tool === undefined) throw new McpError('invalid-params', `Unknown tool: ${name}`);
  const timeoutMs = tool.timeoutMs ?? callTimeoutMs;
  if (timeoutMs > 0) call.limit(timeoutMs);
  try {
    return await tool.call(args, new CallContext(call));
  } catch (thrown) {
    if (McpError.is(thrown) && !isAboutTheClient(thrown)) throw thrown;
    // What a tool throws is for the model to see and mend (MCP, Tools, "Error Handling").
    return failureText(messageOf(thrown));
  }
}

/** The tool was called well; what it asked of the client went wrong. */
function isAboutTheClient({ code }: McpError): boolean {
  return code === 'capability-missing' || code === 'no-channel' || code.startsWith('client-');
}

async function subscribe(call: Call, parts: MethodParts): Promise<string> {
  const { subscriptions, subscriptionsPerSession: limit } = parts;
  const uri = textParam(call, 'uri');
  if (!isUri(uri)) throw new McpError('invalid-params', '"uri" of resources/subscribe must be a URI');
  if (await subscriptions.add(call.sessionId, uri, limit)) return EMPTY;
  throw new McpError('too-many-subscriptions', `A session may have ${limit} subscriptions at most`);
}

async function unsubscribe(call: Call, { subscriptions }: MethodParts): Promise<string> {
  await subscriptions.remove(call.sessionId, textParam(call, 'uri'));
  return EMPTY;
}

async function getPrompt(call: Call, { server }: MethodParts): Promise<string> {
  const name = textParam(call, 'name');
  const prompt = server.catalog.prompts.entries.get(name);
  if (prompt === undefined) throw new McpError('invalid-params', `Unknown prompt: ${name}`);
  return prompt.get(objectParam(call, 'arguments'), new CallContext(call));
}

async function complete(call: Call, { server }: MethodParts): Promise<string> {
  if (!server.catalog.hasCompleters) throw new McpError('method-not-found', 'This server completes nothing');
  const argument = objectParam(call, 'argument') ?? {};
  const context = objectParam(call, 'context') ?? {};
  const { name, value } = argument;
  if (typeof name !== 'string' || typeof value !== 'string') {
    throw new McpError('invalid-params', '"argument" must have a string "name" and a string "value"');
  }
  const completers = completersFor(objectParam(call, 'ref') ?? {}, server.catalog);
  const completer = Object.hasOwn(completers, name) ? completers[name] : undefined;
  return completionResult(completer, value, { context, ctx: new CallContext(call) });
}

function completersFor(ref: Params, { prompts, templates }: Catalog): Completers {
  const { type, name, uri } = ref;
  const found =
    type === 'ref/prompt'
      ? prompts.entries.get(String(name))?.completers
      : type === 'ref/resource'
        ? (templates.entries.get(String(uri))?.template.options.complete ??
          (templates.entries.has(String(uri)) ? {} : undefined))
        : undefined;
  if (found === undefined) throw new McpError('invalid-params', '"ref" names no prompt and no resource template');
  return found;
}

async function setLogLevel(call: Call, { sessions }: MethodParts): Promise<string> {
  const level = textParam(call, 'level');
  if (!LOG_LEVELS.includes(level as LogLevel)) {
    throw new McpError('invalid-params', `"level" must be one of ${LOG_LEVELS.join(', ')}`);
  }
  await sessions.setLogLevel(call.sessionId, level);
  return EMPTY;
}

function cursorOf(call: Call): string | undefined {
  return call.message.params?.['cursor'] === undefined ? undefined : textParam(call, 'cursor');
}

function textParam(call: Call, name: string): string {
  const value = call.message.params?.[name];
  if (typeof value === 'string') return value;
  throw new McpError('invalid-params', `${call.message.method} needs a string "${name}"`);
}

function objectParam(call: Call, name: string): Record<string, unknown> | undefined {
  const value = call.message.params?.[name];
  if (value === undefined || isObject(value)) return value;
  throw new McpError('invalid-params', `"${name}" of ${call.message.method} must be an object`);
}
