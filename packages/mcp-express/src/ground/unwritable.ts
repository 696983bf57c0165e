import { types } from 'node:util';
import { isObject } from './json-rpc.js';
import { shortened } from './shortened.js';

/** Most values to visit. Problems deeper inside are rarely worth a message. */
const MAX_LOOKED_AT = 10_000;

const MAX_PATH = 200;

/**
 * The reason why a value has no JSON form, with its path, such as `a BigInt at "structuredContent.sum"`. Called after
 * `JSON.stringify` has failed.
 * @param cause the error of `JSON.stringify`
 */
export function unwritable(value: unknown, cause: unknown): string {
  const found = new Search().find(value, '');
  return found ?? `a value that cannot be written as JSON: ${String(cause)}`;
}

/**
 * An object that JSON serialises as `{}` although it has content, with its path, such as `a promise at "order"`,
 * usually a missing `await`. Visits at most 10,000 values.
 * @returns `undefined` if there is none
 */
export function writtenEmpty(value: unknown): string | undefined {
  return new EmptySearch().find(value, '');
}

class EmptySearch {
  readonly #seen = new Set<unknown>();

  find(value: unknown, path: string): string | undefined {
    if (typeof value !== 'object' || value === null || this.#seen.has(value)) return undefined;
    if (this.#seen.size >= MAX_LOOKED_AT || typeof (value as { toJSON?: unknown }).toJSON === 'function')
      return undefined;
    const kind = emptyKind(value);
    if (kind !== undefined) return at(kind, path);
    this.#seen.add(value);
    for (const [name, member] of Object.entries(value)) {
      const found = this.find(member, path + stepTo(name, value, path));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function emptyKind(value: object): string | undefined {
  if (types.isPromise(value)) return 'a promise that was not awaited';
  if (types.isMap(value)) return 'a Map';
  if (types.isSet(value)) return 'a Set';
  if (types.isRegExp(value)) return 'a regular expression';
  return types.isNativeError(value) && Object.keys(value).length === 0 ? 'an Error' : undefined;
}

function stepTo(name: string, parent: object, path: string): string {
  if (Array.isArray(parent)) return `[${name}]`;
  return path === '' ? name : `.${name}`;
}

class Search {
  readonly #open = new Set<unknown>();
  #left = MAX_LOOKED_AT;

  find(value: unknown, path: string): string | undefined {
    if (typeof value === 'bigint') return at('a BigInt', path);
    if (typeof value !== 'object' || value === null) return undefined;
    if (this.#open.has(value)) return at('a cycle', path);
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
      return at(`an object whose toJSON throws ${String(cause)}`, path);
    }
  }
}

function at(what: string, path: string): string {
  return path === ''
    ? `${what}, which JSON does not have`
    : `${what} at "${shortened(path, MAX_PATH)}", which JSON does not have`;
}
