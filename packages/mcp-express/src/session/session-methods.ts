import { FEATURE_METHODS } from '../features/feature-methods.js';
import { McpError } from '../protocol/errors.js';
import { MAX_LENGTH } from '../protocol/lengths.js';
import { isLogLevel, LOG_LEVELS } from '../protocol/mcp.js';
import { encodedUri, isUri, uriKey } from '../protocol/uri.js';
import type { Call } from '../request/call.js';
import { type Method, type MethodParts, textParam } from '../request/method.js';

const EMPTY = '{}';

/** The methods of a session after `initialize`. */
export const SESSION_METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...FEATURE_METHODS,
  ['ping', () => EMPTY],
  ['resources/subscribe', subscribe],
  ['resources/unsubscribe', unsubscribe],
  ['logging/setLevel', setLogLevel],
]);

async function subscribe(call: Call, parts: MethodParts): Promise<string> {
  const { subscriptions, subscriptionLimits: limits } = parts;
  const uri = textParam(call.message, 'uri', MAX_LENGTH.uri);
  if (!isUri(encodedUri(uri))) throw new McpError('invalid-params', '"uri" of resources/subscribe must be a URI');
  const bytes = call.caller.owner === '' ? limits.anonymousBytes : limits.ownedBytes;
  const { count } = limits;
  switch (await subscriptions.add(call.key, { uri, key: uriKey(uri) }, { count, bytes })) {
    case 'subscribed':
      return EMPTY;
    case 'too-many':
      throw new McpError('too-many-subscriptions', `A session may have ${count} subscriptions at most`);
    case 'too-long':
      throw new McpError('too-many-subscriptions', `The subscriptions of a session may take ${bytes} bytes together`);
    case 'no-session':
      throw new McpError('session-ended', 'The session has ended');
  }
}

async function unsubscribe(call: Call, { subscriptions }: MethodParts): Promise<string> {
  await subscriptions.remove(call.key, uriKey(textParam(call.message, 'uri', MAX_LENGTH.uri)));
  return EMPTY;
}

async function setLogLevel(call: Call, { sessions }: MethodParts): Promise<string> {
  const level = textParam(call.message, 'level');
  if (!isLogLevel(level)) throw new McpError('invalid-params', `"level" must be one of ${LOG_LEVELS.join(', ')}`);
  await sessions.setLogLevel(call.key, level);
  return EMPTY;
}
