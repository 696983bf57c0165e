import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigurationError, kindOf } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';
import type { HandlerContext } from '../../request/context.js';

/** The values of the other arguments during a completion. */
export interface CompletionContext {
  readonly arguments?: Readonly<Record<string, string>>;
}

/** Suggests values for an argument from its current text, best first. At most 100 are sent. */
export type Completer = (
  value: string,
  context: CompletionContext,
  ctx: HandlerContext,
) => readonly string[] | Promise<readonly string[]>;

/** Completers by the names of arguments or variables. */
export type Completers = Readonly<Record<string, Completer>>;

const completers = new WeakMap<object, Completer>();

/**
 * Attaches a completer to a schema in `argsSchema`. Apply it last, because `.optional()` and similar methods create new
 * schemas.
 * @throws ConfigurationError when `schema` is not a schema or `complete` is not a function
 */
export function completable<S extends StandardSchemaV1>(schema: S, complete: Completer): S {
  const given: unknown = schema;
  if (!((isObject(given) || typeof given === 'function') && '~standard' in given)) {
    throw new ConfigurationError(`completable takes a schema such as z.string() first; it was given ${kindOf(given)}`);
  }
  if (typeof complete !== 'function') {
    throw new ConfigurationError(`completable takes a function second; it was given ${kindOf(complete)}`);
  }
  completers.set(schema, complete);
  return schema;
}

/** The completers attached to the schemas of a raw shape, or of an object schema with a `shape`. */
export function completersOf(source: unknown): Completers {
  const shape = isObject(source) && isObject(source['shape']) ? source['shape'] : source;
  const marked = Object.entries(isObject(shape) ? shape : {}).flatMap(([name, schema]) => {
    const complete = isObject(schema) ? completers.get(schema) : undefined;
    return complete === undefined ? [] : [[name, complete] as const];
  });
  return Object.fromEntries(marked);
}

/**
 * @param what subject of the error message
 * @throws ConfigurationError when a completer is not a function
 */
export function checkedCompleters(given: unknown, what: string): Completers {
  if (given === undefined) return {};
  if (!isObject(given)) throw new ConfigurationError(`"complete" of ${what} must be an object of functions`);
  for (const [name, complete] of Object.entries(given)) {
    if (typeof complete === 'function') continue;
    throw new ConfigurationError(`"complete" of ${what}: "${name}" must be a function; it is ${kindOf(complete)}`);
  }
  return given as Completers;
}

/** "Servers return a maximum of 100 items per response" (MCP, Completion). */
const MAX_VALUES = 100;

/**
 * The result of `completion/complete`.
 * @throws TypeError when the completer does not return an array of strings
 */
export async function completionResult(
  complete: Completer | undefined,
  value: string,
  asked: { readonly context: CompletionContext; readonly ctx: HandlerContext },
): Promise<Record<string, unknown>> {
  const all: unknown = complete === undefined ? [] : await complete(value, asked.context, asked.ctx);
  if (!Array.isArray(all))
    throw new TypeError(`A completer must return an array of strings; it returned ${kindOf(all)}`);
  const wrong = all.findIndex((suggestion) => typeof suggestion !== 'string');
  if (wrong !== -1)
    throw new TypeError(`A completer must return an array of strings; one item is ${kindOf(all[wrong])}`);
  const values = all.slice(0, MAX_VALUES);
  return { completion: { values, total: all.length, hasMore: all.length > values.length } };
}
