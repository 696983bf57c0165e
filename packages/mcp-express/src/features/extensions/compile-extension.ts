import { assertExtension } from '../../protocol/client-capabilities.js';
import { assertKnown, ConfigurationError, kindOf, McpError } from '../../protocol/errors.js';
import { isObject, type Params } from '../../protocol/json-rpc.js';
import { isScope } from '../../protocol/scope.js';
import { assertVisible } from '../../registry/registration.js';
import { isVisible } from '../../registry/visibility.js';
import { CallContext } from '../../request/context.js';
import { isInputRequired } from '../../request/input-required.js';
import { methodNotFound } from '../../request/method.js';
import type { RequestContext } from '../../request/request-context.js';
import { changedByJson } from '../../schema/changed-by-json.js';
import { type CompiledSchema, issuesText } from '../../schema/compiled-schema.js';
import { compileOptional, compileSchema } from '../../schema/schema.js';
import type { Feature, FeatureDeps, FeatureMethod, FeatureNotification } from '../feature.js';
import type { Extension, ExtensionMethod, ExtensionNotification } from './extension.js';
import { assertId, assertMethodName, assertNotificationName } from './extension-names.js';

const MEMBERS = ['id', 'version', 'settings', 'visible', 'methods', 'notifications'];

/** A feature that clients and servers negotiate. */
export type CompiledExtension = Feature & Required<Pick<Feature, 'extension'>>;

/** @throws ConfigurationError when the id, a name, a schema or a handler is invalid */
export function compileExtension(given: Extension): CompiledExtension {
  assertKnown(given, MEMBERS, 'registerExtension');
  const { id, visible, methods = {}, notifications = {} } = given;
  assertId(id);
  const what = `Extension "${id}"`;
  assertVisible(visible, what);
  const settings = settingsOf(given, what);
  assertObject(methods, `"methods" of ${what}`);
  assertObject(notifications, `"notifications" of ${what}`);
  return {
    extension: { id, visible, settings: () => settings },
    methods: mapped(methods, (name, method) => compileMethod(name, method, given)),
    notifications: mapped(notifications, (name, notification) => compileNotification(name, notification, given)),
  };
}

function mapped<A, B>(from: Readonly<Record<string, A>>, to: (name: string, value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(name, value)]));
}

function assertObject(given: unknown, what: string): void {
  if (!isObject(given)) throw new ConfigurationError(`${what} must be an object; it is ${kindOf(given)}`);
}

/** The announced settings: a copy, so that later changes of the object do not matter. */
function settingsOf({ settings = {}, version }: Extension, what: string): Readonly<Record<string, unknown>> {
  assertObject(settings, `"settings" of ${what}`);
  if (version !== undefined && (typeof version !== 'string' || version === '')) {
    throw new ConfigurationError(`"version" of ${what} must be a non-empty string; it is ${kindOf(version)}`);
  }
  const announced = { ...(version === undefined ? {} : { version }), ...settings };
  let text: string;
  try {
    text = JSON.stringify(announced);
  } catch (cause) {
    throw new ConfigurationError(`"settings" of ${what} have no JSON form`, { cause });
  }
  const changed = changedByJson(announced);
  if (changed !== undefined) throw new ConfigurationError(`"settings" of ${what} have ${changed}`);
  return Object.freeze(JSON.parse(text) as Record<string, unknown>);
}

function compileMethod(name: string, method: ExtensionMethod, { id, visible }: Extension): FeatureMethod {
  const what = `Method "${name}" of extension "${id}"`;
  assertMethodName(name, id);
  assertKnown(method, ['paramsSchema', 'resultSchema', 'scopes', 'handler'], what);
  assertHandler(method.handler, what);
  const params = requiredSchema(method.paramsSchema, what);
  const result = compileOptional(method.resultSchema, `resultSchema of ${what}`, 'output');
  const scopes = scopesOf(method.scopes, what);
  const assertAllowed = (call: RequestContext, deps: FeatureDeps): void => {
    if (!isVisible(visible, call)) throw methodNotFound(name);
    assertExtension(call.client.capabilities, id);
    deps.scopes.assertScopes(scopes, call.principal);
  };
  return {
    admit: ({ context }, deps) => assertAllowed(context, deps),
    handle: async (call, deps) => {
      assertAllowed(call.context, deps);
      if (deps.callTimeoutMs > 0) call.limit(deps.callTimeoutMs);
      const checked = await params.check(withoutMeta(call.message.params));
      if (!('value' in checked)) {
        throw new McpError('invalid-params', `Invalid params of ${name}: ${issuesText(checked)}`);
      }
      const returned = await method.handler(checked.value as Record<string, unknown>, new CallContext(call));
      return call.writer.write(await resultOf(what, returned, result));
    },
  };
}

function compileNotification(
  name: string,
  notification: ExtensionNotification,
  { id, visible }: Extension,
): FeatureNotification {
  const what = `Notification "${name}" of extension "${id}"`;
  assertNotificationName(name, id);
  assertKnown(notification, ['paramsSchema', 'handler'], what);
  if (notification.handler !== undefined) assertHandler(notification.handler, what);
  const params = requiredSchema(notification.paramsSchema, what);
  return {
    extension: id,
    visible,
    check: (given) => params.check(withoutMeta(given)),
    receive:
      notification.handler && ((value, sender) => notification.handler?.(value as Record<string, unknown>, sender)),
  };
}

function requiredSchema(source: unknown, what: string): CompiledSchema {
  if (source === undefined || source === null) {
    throw new ConfigurationError(
      `${what} needs a "paramsSchema". Without params it is { type: 'object', properties: {} }`,
    );
  }
  return compileSchema(source as ExtensionMethod['paramsSchema'], `paramsSchema of ${what}`, 'input');
}

function assertHandler(handler: unknown, what: string): void {
  if (typeof handler === 'function') return;
  throw new ConfigurationError(`${what} needs a handler, a function; it was given ${kindOf(handler)}`);
}

function scopesOf(scopes: readonly string[] = [], what: string): readonly string[] {
  if (Array.isArray(scopes) && scopes.every(isScope)) return scopes;
  throw new ConfigurationError(`"scopes" of ${what} must be an array of OAuth scopes`);
}

function withoutMeta(params: Params = {}): Params {
  const { _meta, ...rest } = params;
  return rest;
}

/** @throws TypeError when the handler returned a value that cannot be the result */
async function resultOf(what: string, returned: unknown, schema: CompiledSchema | undefined): Promise<Params> {
  if (isInputRequired(returned)) {
    throw new TypeError(
      `${what} must not return inputRequired(…): only tools, prompts and resources may ask the client`,
    );
  }
  if (!isObject(returned)) throw new TypeError(`${what} must return an object; it returned ${kindOf(returned)}`);
  const changed = changedByJson(returned);
  if (changed !== undefined) throw new TypeError(`${what} returned ${changed}`);
  if (schema === undefined) return returned;
  const checked = await schema.check(returned);
  if ('value' in checked) return checked.value as Params;
  throw new TypeError(`${what} returned a value that its resultSchema does not allow: ${issuesText(checked)}`);
}
