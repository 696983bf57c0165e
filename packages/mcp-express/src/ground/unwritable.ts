import { isObject } from './json-rpc.js';
import { shortened } from './shortened.js';

/** Values that are looked at; what is further in is rarely what a reader of the message would look for. */
const MAX_LOOKED_AT = 10_000;

const MAX_PATH = 200;

/**
 * What a value has that JSON has not, and where, such as `a BigInt at "structuredContent.sum"`. Looked for only after the
 * value could not be written.
 *
 * @param cause what `JSON.stringify` threw.
 */
export function unwritable(value: unknown, cause: unknown): string {
  const found = new Search().find(value, '');
  return found ?? `a value that cannot be written as JSON: ${String(cause)}`;
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
      const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`;
      const found = this.find(member, path + step);
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
