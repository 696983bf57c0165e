import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonBody } from '../../support/raw-client.js';
import { CREATED, DETAILED, GOT, TOLD } from './tasks.js';

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const LEVEL_KEY = 'io.modelcontextprotocol/logLevel';
const SUBSCRIPTION_KEY = 'io.modelcontextprotocol/subscriptionId';
const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';

/** What a completed request has for its result, by the official schema; for tasks, by their extension. */
const RESULTS: Readonly<Record<string, string>> = {
  'server/discover': 'DiscoverResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
  'resources/list': 'ListResourcesResult',
  'resources/templates/list': 'ListResourceTemplatesResult',
  'resources/read': 'ReadResourceResult',
  'prompts/list': 'ListPromptsResult',
  'prompts/get': 'GetPromptResult',
  'completion/complete': 'CompleteResult',
  'subscriptions/listen': 'SubscriptionsListenResult',
  'tasks/get': 'got',
  'tasks/update': 'EmptyResult',
  'tasks/cancel': 'EmptyResult',
};

/** What may be said while a request is served. */
const RELATED: Readonly<Record<string, string>> = {
  'notifications/progress': 'ProgressNotification',
  'notifications/message': 'LoggingMessageNotification',
};

/** What may be said on the stream of a subscription. */
const SUBSCRIBED: Readonly<Record<string, string>> = {
  'notifications/subscriptions/acknowledged': 'SubscriptionsAcknowledgedNotification',
  'notifications/tools/list_changed': 'ToolListChangedNotification',
  'notifications/prompts/list_changed': 'PromptListChangedNotification',
  'notifications/resources/list_changed': 'ResourceListChangedNotification',
  'notifications/resources/updated': 'ResourceUpdatedNotification',
  'notifications/tasks': 'told',
};

const ERRORS: Readonly<Record<number, string>> = {
  [-32020]: 'HeaderMismatchError',
  [-32021]: 'MissingRequiredClientCapabilityError',
  [-32022]: 'UnsupportedProtocolVersionError',
};

/** Codes that this revision gives no meaning any more, or not yet. */
const isForbidden = (code: number): boolean =>
  code === -32002 || code === -32042 || (code <= -32020 && code >= -32099 && !(code in ERRORS));

/** The request of a body that stands alone: one that says itself which revision it is of. */
export function requestAlone(body: unknown): JsonBody | undefined {
  const request = body as JsonBody;
  const meta = request?.params?._meta;
  return typeof meta === 'object' && meta !== null && VERSION_KEY in meta ? request : undefined;
}

/** Whether a method belongs to the extension of the tests of extensions, which the official schemas do not have. */
export function isOfTestExtension(method: unknown): boolean {
  return /^(notifications\/)?orders\//.test(String(method));
}

/** What is wrong with a message that answers a request which stands alone; `undefined` when nothing is. */
export function modernFault(message: JsonBody, request: JsonBody): string | undefined {
  const { method, id, error, result } = message;
  if (method !== undefined) return id === undefined ? notificationFault(message, request) : `a request: ${method}`;
  if (error !== undefined) return errorFault(message, request);
  if (id !== request.id) return `a response to ${JSON.stringify(id)} where ${JSON.stringify(request.id)} was asked`;
  return faultBy('JSONRPCResultResponse', message) ?? resultFault(result, request);
}

function notificationFault(message: JsonBody, { id, method: asked, params: given }: JsonBody): string | undefined {
  const { method, params } = message;
  const listens = asked === 'subscriptions/listen';
  if (!listens && isOfTestExtension(method)) return undefined;
  const schema = (listens ? SUBSCRIBED : RELATED)[method];
  if (schema === undefined) return `${method} in answer to ${asked}`;
  const fault = faultBy(schema, message);
  if (fault !== undefined) return fault;
  const subscription = params._meta?.[SUBSCRIPTION_KEY];
  if (subscription !== (listens ? id : undefined)) return `${method} of the subscription ${subscription}`;
  if (method === 'notifications/message' && given._meta[LEVEL_KEY] === undefined) return 'an unasked log message';
  if (method === 'notifications/progress' && params.progressToken !== given._meta.progressToken) {
    return `progress of ${params.progressToken}`;
  }
  return undefined;
}

function errorFault(message: JsonBody, request: JsonBody): string | undefined {
  const { id, ...rest } = message;
  if (id !== undefined && id !== null && id !== request.id) return `an error for ${JSON.stringify(id)}`;
  const { code } = message.error;
  if (isForbidden(code)) return `an error with the code ${code}`;
  return faultBy(ERRORS[code] ?? 'JSONRPCErrorResponse', id === null ? rest : message);
}

function resultFault(result: JsonBody, { method, params }: JsonBody): string | undefined {
  if (result.resultType === 'complete') return RESULTS[method] && faultBy(RESULTS[method], result);
  const asksMore = ['tools/call', 'prompts/get', 'resources/read'].includes(method);
  if (result.resultType === 'input_required' && asksMore) return requiredFault(result);
  const { extensions } = params._meta[CAPABILITIES_KEY] ?? {};
  const knowsTasks = extensions !== undefined && 'io.modelcontextprotocol/tasks' in extensions;
  if (result.resultType === 'task' && method === 'tools/call' && knowsTasks) return faultBy('created', result);
  return `a result of the type ${JSON.stringify(result.resultType)} for ${method}`;
}

function requiredFault(result: JsonBody): string | undefined {
  if (result.inputRequests === undefined && result.requestState === undefined) return 'nothing that is required';
  if ('ttlMs' in result || 'cacheScope' in result) return 'cache hints of a result that is not complete';
  return faultBy('InputRequiredResult', result);
}

/** Made when first needed: most tests have no use for it. */
let ajv: Ajv2020 | undefined;

function validators(): Ajv2020 {
  if (ajv !== undefined) return ajv;
  const made = new Ajv2020({ strict: false, allErrors: true });
  const formats = createRequire(import.meta.url)('ajv-formats') as { default: (ajv: Ajv2020) => void };
  formats.default(made);
  made.addSchema(JSON.parse(readFileSync(join(import.meta.dirname, '2026-07-28.json'), 'utf8')));
  made.addSchema(DETAILED, 'detailed').addSchema(CREATED, 'created').addSchema(GOT, 'got').addSchema(TOLD, 'told');
  ajv = made;
  return made;
}

const OURS = ['created', 'got', 'told'];

function faultBy(name: string, value: unknown): string | undefined {
  const made = validators();
  const validate = made.getSchema(OURS.includes(name) ? name : `mcp-2026-07-28#/$defs/${name}`);
  if (validate === undefined) throw new Error(`there is no schema ${name}`);
  if (validate(value) === true) return undefined;
  return `not a ${name} (${made.errorsText(validate.errors)}): ${JSON.stringify(value)}`;
}
