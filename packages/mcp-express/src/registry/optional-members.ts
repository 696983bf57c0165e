import { types } from 'node:util';
import { members, present } from '../protocol/absent.js';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { nestedSlip, slipIn } from './nested-names.js';

/** Returns the reason why the value of a member is invalid, if it is. */
type Fault = (value: unknown) => string | undefined;

const text: Fault = (value) => (typeof value === 'string' ? undefined : 'is not a string');
const object: Fault = (value) => (isObject(value) ? undefined : 'is not an object');
const flag: Fault = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false');
const amount: Fault = (value) => (Number.isFinite(value) ? undefined : 'is not a number');

/**
 * The optional members of results, content and list entries. They have the same meaning everywhere (MCP 2025-11-25,
 * schema).
 */
const OPTIONAL: ReadonlyMap<string, Fault> = new Map([
  ['_meta', object],
  ['annotations', annotationsFault],
  ['description', text],
  ['icons', iconsFault],
  ['isError', flag],
  ['mimeType', text],
  ['size', amount],
  ['title', text],
]);

const TOOL_HINTS: ReadonlyMap<string, Fault> = new Map([
  ['title', text],
  ['readOnlyHint', flag],
  ['destructiveHint', flag],
  ['idempotentHint', flag],
  ['openWorldHint', flag],
]);

const ANNOTATIONS: ReadonlyMap<string, Fault> = new Map([
  ['audience', (value) => (isAudience(value) ? undefined : 'is not an array of "user" and "assistant"')],
  ['priority', (value) => (Number(value) >= 0 && Number(value) <= 1 ? amount(value) : 'is not a number from 0 to 1')],
  ['lastModified', (value) => (types.isDate(value) && !Number.isNaN(value.getTime()) ? undefined : text(value))],
]);

const ICON: ReadonlyMap<string, Fault> = new Map([
  ['src', text],
  ['mimeType', text],
  ['sizes', (value) => (isTexts(value) ? undefined : 'is not an array of strings')],
  ['theme', (value) => (value === 'light' || value === 'dark' ? undefined : 'is neither "light" nor "dark"')],
]);

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isAudience(value: unknown): boolean {
  return isTexts(value) && value.every((role) => role === 'user' || role === 'assistant');
}

function annotationsFault(value: unknown): string | undefined {
  return isObject(value) ? within(faultIn(value, ANNOTATIONS)) : object(value);
}

function iconsFault(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'is not an array of icons';
  for (const icon of value) {
    const fault = isObject(icon) ? faultIn({ src: undefined, ...icon }, ICON, 'src') : 'one is not an object';
    if (fault !== undefined) return `is not an array of icons: ${fault}`;
  }
  return undefined;
}

function within(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `has an invalid member: ${fault}`;
}

function faultIn(
  value: Readonly<Record<string, unknown>>,
  named: ReadonlyMap<string, Fault>,
  required?: string,
): string | undefined {
  for (const name in value) {
    const member = value[name];
    const fault = member === undefined && name !== required ? undefined : named.get(name)?.(member);
    if (fault !== undefined) return `"${name}" ${fault}`;
  }
  return undefined;
}

/** The first issue among the optional members of a protocol object, such as `"mimeType" is not a string`. */
export function memberFault(value: Readonly<Record<string, unknown>>): string | undefined {
  return faultIn(value, OPTIONAL);
}

const PLAIN = members({});
const BLOCK = members({ annotations: PLAIN, resource: PLAIN });
const MESSAGE = members({ content: BLOCK });
/** `null` is valid structured content. */
const RESULT = members({ structuredContent: 'kept' });

/** A result without members that are `null`. Returns the same object when there are none. */
export function presentResult<T extends object>(result: T): T {
  return present(result as Record<string, unknown>, RESULT) as T;
}

/** Content blocks, resource contents or messages without optional members that are `null`. */
export function presentBlocks<T>(blocks: readonly T[]): readonly T[] {
  let copy: T[] | undefined;
  for (const [index, block] of blocks.entries()) {
    const kept = isObject(block) ? (present(block, 'role' in block ? MESSAGE : BLOCK) as T) : block;
    if (kept === block) continue;
    copy ??= [...blocks];
    copy[index] = kept;
  }
  return copy ?? blocks;
}

/**
 * A list entry without members that are `null`.
 * @throws ConfigurationError when a member is invalid, because one such entry makes the whole list unreadable for
 * clients
 */
export function listedEntry(entry: Readonly<Record<string, unknown>>, what: string): Readonly<Record<string, unknown>> {
  const listed = present(entry, BLOCK);
  const fault = nestedSlip(listed) ?? memberFault(listed);
  if (fault === undefined) return listed;
  throw new ConfigurationError(`${what}: ${fault}`);
}

/**
 * The annotations of a tool without members that are `null`.
 * @throws ConfigurationError when one is invalid
 */
export function toolHints(hints: unknown, what: string): Readonly<Record<string, unknown>> | undefined {
  if (hints === undefined || hints === null) return undefined;
  const listed = isObject(hints) ? present(hints, PLAIN) : {};
  const fault = isObject(hints)
    ? (faultIn(listed, TOOL_HINTS) ?? slipIn(listed, [...TOOL_HINTS.keys()]))
    : 'it is not an object';
  if (fault === undefined) return listed;
  throw new ConfigurationError(`"annotations" of ${what}: ${fault}`);
}
