import * as core from '@modelcontextprotocol/core';
import type { z } from 'zod';
import { modernFault, requestAlone } from '../spec/schemas/modern.js';
import { currentEnding } from './cleanup.js';
import type { JsonBody } from './raw-client.js';

/** What the official schemas say the result of each method is. */
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

/** What a server may say of itself. Anything else is a fault: the union of them all would only say it at more length. */
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

/** What a server may ask. */
const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  ping: core.PingRequestSchema,
  'elicitation/create': core.ElicitRequestSchema,
  'sampling/createMessage': core.CreateMessageRequestSchema,
  'roots/list': core.ListRootsRequestSchema,
};

type Methods = ReadonlyMap<string | number, string>;

/** What is wrong with a message of a server, by the official schemas; `undefined` when nothing is. */
export function wireFault(message: JsonBody, methods: Methods): string | undefined {
  const envelope = faultBy(core.JSONRPCMessageSchema, withoutNullId(message), 'JSON-RPC message');
  if (envelope !== undefined) return envelope;
  const { method, id, result } = message;
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

/** JSON-RPC 2.0 asks for `null` where the id could not be read; MCP's schema has the member absent instead. */
function withoutNullId(message: JsonBody): unknown {
  if (message?.id !== null || message.error === undefined) return message;
  const { id: _null, ...rest } = message;
  return rest;
}

/** Looks at what has arrived and says what is wrong with it. */
type Look = () => readonly string[];

/** By the end of the test that they belong to. */
const looksAt = new WeakMap<ReturnType<typeof currentEnding>, Look[]>();
const MAX_SHOWN = 5;

/** Has messages looked at when the test is over: a fault in any of them fails it. */
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

/** What was asked, as far as it tells what may be answered. */
interface Asked {
  /** The method of each request, by id. */
  readonly methods: Methods;
  /** The request, if it stands alone: what answers it is held against the schema of 2026-07-28. */
  readonly alone: JsonBody | undefined;
}

export function methodsIn(body: unknown): Asked {
  const messages = (Array.isArray(body) ? body : [body]) as JsonBody[];
  const requests = messages.filter((message) => message?.id !== undefined && typeof message.method === 'string');
  return { methods: new Map(requests.map(({ id, method }) => [id, method])), alone: requestAlone(body) };
}

/** Has whatever of JSON-RPC is in a body or on a stream looked at when the test is over. */
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
