import { types } from 'node:util';
import { isObject } from '../protocol/json-rpc.js';
import { shortened } from '../util/shortened.js';

/** Most values to visit. Problems deeper inside are rarely worth a message. */
const MAX_LOOKED_AT = 10_000;

/** Most levels that the search visits: more than clients parse, and few enough for the stack. */
const MAX_LEVELS = 1_000;

const MAX_PATH = 200;

/**
 * The reason why a value has no JSON form, with its path, such as `a BigInt at "structuredContent.sum"`. Called after
 * `JSON.stringify` has failed.
 * @param cause the error of `JSON.stringify`
 */
export function unserializable(value: unknown, cause: unknown): string {
  const found = new Search(isStackOverflow(cause)).find(value, '');
  return found ?? `a value that cannot be written as JSON: ${String(cause)}`;
}

/** Whether an error is a stack overflow, also one of `JSON.stringify`. */
export function isStackOverflow(thrown: unknown): boolean {
  // By name: a check that runs with a time limit (`node:vm`) throws errors of another context.
  return types.isNativeError(thrown) && thrown.name === 'RangeError' && thrown.message.startsWith('Maximum call stack');
}

class Search {
  readonly #open = new Set<unknown>();
  #left = MAX_LOOKED_AT;

  /** @param isTooDeep serialising the value overflowed the stack */
  constructor(private readonly isTooDeep: boolean) {}

  find(value: unknown, path: string): string | undefined {
    if (typeof value === 'bigint') return unlikeJson('a BigInt', path);
    if (typeof value !== 'object' || value === null) return undefined;
    if (this.#open.has(value)) return unlikeJson('a cycle', path);
    if (this.#open.size >= MAX_LEVELS) return this.isTooDeep ? tooDeep(path) : undefined;
    this.#left -= 1;
    if (this.#left < 0) return undefined;
    this.#open.add(value);
    try {
      return this.#within(value, path);
    } finally {
      this.#open.delete(value);
    }
  }

  #within(value: object, path: string): string | undefined {
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return this.#converted(value, path);
    for (const [name, member] of Object.entries(value)) {
      const found = this.find(member, path + stepTo(name, value, path));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #converted(value: object, path: string): string | undefined {
    try {
      const written: unknown = (value as { toJSON(): unknown }).toJSON();
      return isObject(written) && 'toJSON' in written ? undefined : this.find(written, path);
    } catch (cause) {
      return unlikeJson(`an object whose toJSON throws ${String(cause)}`, path);
    }
  }
}

function tooDeep(path: string): string {
  return `a value nested too deeply to be written as JSON, more than ${MAX_LEVELS} levels, at "${shortened(path, MAX_PATH)}"`;
}

/** The step from a value at `path` to its member: `[0]`, `.name`, or `name` at the start. */
export function stepTo(name: string, parent: object, path: string): string {
  if (Array.isArray(parent)) return `[${name}]`;
  return path === '' ? name : `.${name}`;
}

/** Such as `a BigInt at "sum", which JSON does not have`. */
export function unlikeJson(what: string, path: string): string {
  return path === ''
    ? `${what}, which JSON does not have`
    : `${what} at "${shortened(path, MAX_PATH)}", which JSON does not have`;
}
