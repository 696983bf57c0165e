import * as core from '@modelcontextprotocol/core';
import type { z } from 'zod';
import { isOfTestExtension, modernFault, requestAlone } from '../spec/schemas/modern.js';
import { currentEnding } from './cleanup.js';
import type { JsonBody } from './raw-client.js';

/** The official schemas of results, by method. */
const RESULTS: Readonly<Record<string, z.ZodType>> = {
  initialize: core.InitializeResultSchema,
  ping: core.EmptyResultSchema,
  'tools/list': core.ListToolsResultSchema,
  'tools/call': core.CallToolResultSchema,
  'resources/list': core.ListResourcesResultSchema,
  'resources/templates/list': core.ListResourceTemplatesResultSchema,
  'resources/read': core.ReadResourceResultSchema,
  'resources/subscribe': core.EmptyResultSchema,
  'resources/unsubscribe': core.EmptyResultSchema,
  'prompts/list': core.ListPromptsResultSchema,
  'prompts/get': core.GetPromptResultSchema,
  'completion/complete': core.CompleteResultSchema,
  'logging/setLevel': core.EmptyResultSchema,
};

/** Notifications that a server may send. Anything else is an error; validation against the union would only be more verbose. */
const NOTIFICATIONS: Readonly<Record<string, z.ZodType>> = {
  'notifications/cancelled': core.CancelledNotificationSchema,
  'notifications/elicitation/complete': core.ElicitationCompleteNotificationSchema,
  'notifications/progress': core.ProgressNotificationSchema,
  'notifications/message': core.LoggingMessageNotificationSchema,
  'notifications/resources/updated': core.ResourceUpdatedNotificationSchema,
  'notifications/resources/list_changed': core.ResourceListChangedNotificationSchema,
  'notifications/tools/list_changed': core.ToolListChangedNotificationSchema,
  'notifications/prompts/list_changed': core.PromptListChangedNotificationSchema,
};

/** Requests that a server may send. */
const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  ping: core.PingRequestSchema,
  'elicitation/create': core.ElicitRequestSchema,
  'sampling/createMessage': core.CreateMessageRequestSchema,
  'roots/list': core.ListRootsRequestSchema,
};

type Methods = ReadonlyMap<string | number, string>;

/** Validates a message of a server against the official schemas. Returns the error, or `undefined`. */
export function wireFault(message: JsonBody, methods: Methods): string | undefined {
  const envelope = faultBy(core.JSONRPCMessageSchema, withoutNullId(message), 'JSON-RPC message');
  if (envelope !== undefined) return envelope;
  const { method, id, result } = message;
  if (isOfTestExtension(method ?? methods.get(id))) return undefined;
  if (method !== undefined) return faultBy((id === undefined ? NOTIFICATIONS : REQUESTS)[method], message, method);
  const asked = methods.get(id);
  return result === undefined || asked === undefined
    ? undefined
    : faultBy(RESULTS[asked], result, `result of ${asked}`);
}

function faultBy(schema: z.ZodType | undefined, value: unknown, what: string): string | undefined {
  if (schema === undefined) return `a server never sends ${what}`;
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return `not a ${what} (${issues}): ${JSON.stringify(value)}`;
}

/** JSON-RPC 2.0 requires `null` if the id could not be read; in MCP's schema the member is absent instead. */
function withoutNullId(message: JsonBody): unknown {
  if (message?.id !== null || message.error === undefined) return message;
  const { id: _null, ...rest } = message;
  return rest;
}

/** Validates the received messages and returns the errors. */
type Look = () => readonly string[];

/** The pending validations of each test. */
const looksAt = new WeakMap<ReturnType<typeof currentEnding>, Look[]>();
const MAX_SHOWN = 5;

/** Validates messages at the end of the test, which fails on any error. */
export function watchWire(look: Look): void {
  const ending = currentEnding();
  const looks = looksAt.get(ending);
  if (looks !== undefined) return void looks.push(look);
  const all = [look];
  looksAt.set(ending, all);
  ending.afterCleanup(() => {
    looksAt.delete(ending);
    failOnFaults(all.flatMap((one) => one()));
  });
}

/** The parts of requests that determine the valid responses. */
interface Asked {
  /** The method of each request, by id. */
  readonly methods: Methods;
  /** The stateless request, if it is one: its responses are validated against the schema of 2026-07-28. */
  readonly alone: JsonBody | undefined;
}

/** The methods of the requests in a body. */
export function methodsIn(body: unknown): Asked {
  const messages = (Array.isArray(body) ? body : [body]) as JsonBody[];
  const requests = messages.filter((message) => message?.id !== undefined && typeof message.method === 'string');
  return { methods: new Map(requests.map(({ id, method }) => [id, method])), alone: requestAlone(body) };
}

/** Validates all JSON-RPC messages of a body or stream at the end of the test. */
export function watchMessages(take: () => JsonBody, { methods, alone }: Asked): void {
  const faultOf = (message: JsonBody): string | undefined =>
    alone === undefined ? wireFault(message, methods) : modernFault(message, alone);
  watchWire(() => {
    const came = take();
    const messages = (Array.isArray(came) ? came : [came]) as JsonBody[];
    return messages.flatMap((message) => (message?.jsonrpc === undefined ? [] : (faultOf(message) ?? [])));
  });
}

function failOnFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const shown = faults.slice(0, MAX_SHOWN).join('\n');
  throw new Error(`the server sent ${faults.length} messages that the official schemas do not allow:\n${shown}`);
}
