import { cut, MAX_NAME } from '../util/brief.js';
import { isPlural, isSecondWord, isSecretName } from './secret-names.js';
import { REDACTED, withoutSecretsIn } from './secret-text.js';

/** Deeper values are replaced by their type. */
const MAX_DEPTH = 8;

/** Most members of an object, or elements of an array. */
const MAX_MEMBERS = 100;

/** Most values of a record, at any depth. */
const MAX_VALUES = 2_000;

/** Most characters of one text or stack. */
const MAX_TEXT = 2_000;

/** Most characters of a record that are searched. */
const MAX_TOTAL = 64 * 1024;

/** Most characters of one text that are searched for secrets. */
const LOOKED_AT = 4 * MAX_TEXT;

/**
 * A copy for records and logs: JSON values of limited size, without values that are secret by their name or form. Names
 * are compared by words, at any depth, in objects, maps, arrays, pairs such as `{ name: 'Authorization', value: '…' }`,
 * and inside texts. Never throws.
 */
export function redactSecrets(value: unknown): unknown {
  return new Redaction().copy(value, '', 0);
}

class Redaction {
  #left = MAX_VALUES;
  #textLeft = MAX_TOTAL;
  /** The ancestors of the current value, to detect cycles. */
  readonly #open = new Set<object>();

  /** @param name the name of the value, and that of its parent */
  copy(value: unknown, name: string, depth: number): unknown {
    this.#left -= 1;
    if (this.#left < 0) return '[cut]';
    try {
      if (typeof value === 'string') return this.#text(value, MAX_TEXT);
      return isObjectLike(value) ? this.#object(value, name, depth) : plain(value);
    } catch {
      // A getter threw, or the proxy is revoked.
      return '[unreadable]';
    }
  }

  #object(value: object, name: string, depth: number): unknown {
    if (this.#open.has(value)) return '[circular]';
    if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]';
    this.#open.add(value);
    try {
      if (value instanceof Error) return this.#error(value, depth);
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
      const entries = entriesOf(value);
      if (entries !== undefined) return this.#members(entries, name, depth);
      if (Array.isArray(value) || value instanceof Set)
        return this.#list([...first(value)], sizeOf(value), name, depth);
      const written = jsonOf(value);
      if (written !== value) return this.copy(written, name, depth + 1);
      return this.#members(Object.entries(value), name, depth);
    } finally {
      this.#open.delete(value);
    }
  }

  #members(entries: readonly (readonly [unknown, unknown])[], within: string, depth: number): unknown {
    // Functions have no JSON form. Events hold data in functions that must not be logged.
    const shown = entries.slice(0, MAX_MEMBERS).filter(([, value]) => typeof value !== 'function');
    const isPair = namesSecret(shown);
    const copied = shown.map(([key, value]): readonly [string, unknown] => {
      const name = String(key);
      const secret = (isPair && VALUE.test(name)) || isSecretMember(name, within, value);
      return [this.#text(name, MAX_NAME), secret ? REDACTED : this.copy(value, name, depth + 1)];
    });
    if (entries.length > MAX_MEMBERS) copied.push(['…', `[${entries.length - MAX_MEMBERS} more]`]);
    return Object.fromEntries(copied);
  }

  #list(values: readonly unknown[], size: number, name: string, depth: number): unknown[] {
    const copied = values.map((value, place) => {
      const before = values[place - 1];
      const isNamed = place % 2 === 1 && FLAT_LIST.test(name) && isSecretText(before);
      const isSecret = isNamed || followsSecret(before, values.length);
      return isSecret && value !== null ? REDACTED : this.copy(value, name, depth + 1);
    });
    if (size > values.length) copied.push(`[${size - values.length} more]`);
    return copied;
  }

  /** The text is cut after the search, or half of a secret might remain. */
  #text(text: string, most: number): string {
    const looked = text.slice(0, Math.min(LOOKED_AT, this.#textLeft));
    this.#textLeft -= looked.length;
    const clean = withoutSecretsIn(looked);
    return looked.length === text.length && clean.length <= most ? clean : cut(clean, most, text.length);
  }

  /** Includes additional members, such as `code`. */
  #error(error: Error, depth: number): unknown {
    const { name, message, stack, cause } = error;
    const added = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key));
    const members = [['name', name], ['message', message], ['stack', stack], ...added] as const;
    const causes = cause === undefined ? [] : [['cause', cause] as const];
    return this.#members([...members, ...causes], '', depth);
  }
}

const NAME =
  /^(?:name|key|k|id|header|cookie|field|param|parameter|property|attribute|attr|column|path|option|setting|type|label|variable)$/i;
const VALUE = /^(?:\w*value|values|val|v)$/i;

/** A flat array of alternating names and values, such as `rawHeaders` of Node. */
const FLAT_LIST = /(?:headers|trailers)$/i;

/** Whether an object is a pair like `{ name: 'Authorization', value: '…' }`. */
function namesSecret(entries: readonly (readonly [unknown, unknown])[]): boolean {
  return entries.some(([key, value]) => NAME.test(String(key)) && isSecretText(value));
}

function isSecretText(name: unknown): boolean {
  return typeof name === 'string' && isSecretName(name);
}

/** Whether the preceding element names a secret: in a pair, such as a map entry, or among command-line options. */
function followsSecret(before: unknown, length: number): boolean {
  if (typeof before !== 'string' || !(length === 2 || /^--?[a-z]/i.test(before))) return false;
  return !/[\s=:]/.test(before) && isSecretName(before);
}

/** Booleans and absent values are not secrets, and a number under a plural name is a count. */
function isSecretMember(name: string, within: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false;
  if (typeof value === 'number' && isPlural(name)) return false;
  return isSecretName(name) || (within !== '' && isSecondWord(name) && isSecretName(`${within} ${name}`));
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return String(value);
    case 'symbol':
    case 'function':
      return `[${typeof value}]`;
    default:
      return value;
  }
}

function isObjectLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The entries of map-like objects. */
function entriesOf(value: object): [unknown, unknown][] | undefined {
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) return [...value.entries()];
  return undefined;
}

function* first(values: Iterable<unknown>): Iterable<unknown> {
  let left = MAX_MEMBERS;
  for (const value of values) {
    if (left === 0) return;
    left -= 1;
    yield value;
  }
}

function sizeOf(values: readonly unknown[] | ReadonlySet<unknown>): number {
  return 'size' in values ? values.size : values.length;
}

/** Dates, URLs and other objects with `toJSON`. */
function jsonOf(value: object): unknown {
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}
