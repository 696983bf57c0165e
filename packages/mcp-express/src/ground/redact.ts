import { cut, MAX_NAME } from './brief.js';
import { isPlural, isSecondWord, isSecretName } from './secret-names.js';
import { REDACTED, withoutSecretsIn } from './secret-text.js';

/** Beyond, there is nothing that a reader of a log would look at. */
const MAX_DEPTH = 8;

/** Members of one object and elements of one list. */
const MAX_MEMBERS = 100;

/** Values of a whole record, at any depth. */
const MAX_VALUES = 2_000;

/** Characters of one text, and of a stack. */
const MAX_TEXT = 2_000;

/** Characters of all texts of a record that are looked at. */
const MAX_TOTAL = 64 * 1024;

/** Characters of one text that are looked at for secrets. */
const LOOKED_AT = 4 * MAX_TEXT;

/**
 * A copy for records and logs: JSON values, bounded in size, without what is secret by its name or by its form. Names are
 * compared by their words, at any depth, in objects, maps, lists, pairs such as `{ name: 'Authorization', value: '…' }`,
 * and inside texts. Never throws, whatever it is given.
 */
export function redactSecrets(value: unknown): unknown {
  return new Redaction().copy(value, '', 0);
}

class Redaction {
  #left = MAX_VALUES;
  #textLeft = MAX_TOTAL;
  /** What is being copied: a value that contains itself ends there. */
  readonly #open = new Set<object>();

  /** @param name what the value is called, with the name of what it is part of. */
  copy(value: unknown, name: string, depth: number): unknown {
    this.#left -= 1;
    if (this.#left < 0) return '[cut]';
    try {
      if (typeof value === 'string') return this.#text(value, MAX_TEXT);
      return isObjectLike(value) ? this.#object(value, name, depth) : plain(value);
    } catch {
      // A getter that throws, a proxy that was revoked.
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
    // Events have functions beside what is to be logged, and JSON has none.
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

  /** Cut after it was looked at, so that no secret is cut in half and then missed. */
  #text(text: string, most: number): string {
    const looked = text.slice(0, Math.min(LOOKED_AT, this.#textLeft));
    this.#textLeft -= looked.length;
    const clean = withoutSecretsIn(looked);
    return looked.length === text.length && clean.length <= most ? clean : cut(clean, most, text.length);
  }

  /** With what was added to it, such as `code`. */
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

/** A flat list of names and values, such as `rawHeaders` of Node. */
const FLAT_LIST = /(?:headers|trailers)$/i;

/** True for `{ name: 'Authorization', value: '…' }` and its like. */
function namesSecret(entries: readonly (readonly [unknown, unknown])[]): boolean {
  return entries.some(([key, value]) => NAME.test(String(key)) && isSecretText(value));
}

function isSecretText(name: unknown): boolean {
  return typeof name === 'string' && isSecretName(name);
}

/** True for what follows the name of a secret in a pair, such as an entry of a map, or in a list of command-line options. */
function followsSecret(before: unknown, length: number): boolean {
  if (typeof before !== 'string' || !(length === 2 || /^--?[a-z]/i.test(before))) return false;
  return !/[\s=:]/.test(before) && isSecretName(before);
}

/** What is true or false, or not there, is no secret; and a plural that is a number says how many there are. */
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

/** What has names and values without being a plain object. */
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

/** Dates, URLs and whatever else says how it is written. */
function jsonOf(value: object): unknown {
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}
