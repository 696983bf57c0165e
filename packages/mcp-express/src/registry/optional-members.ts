import { types } from 'node:util';
import { members, present } from '../protocol/absent.js';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { nestedSlip, slipIn } from './nested-names.js';

/** Why the value of a member is not what it must be; `undefined` when it is. */
type Fault = (value: unknown) => string | undefined;

const text: Fault = (value) => (typeof value === 'string' ? undefined : 'is no text');
const object: Fault = (value) => (isObject(value) ? undefined : 'is no object');
const flag: Fault = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false');
const amount: Fault = (value) => (Number.isFinite(value) ? undefined : 'is no number');

/** The optional members of results, content and lists, which mean the same everywhere (MCP 2025-11-25, schema). */
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
  ['audience', (value) => (isAudience(value) ? undefined : 'is no list of "user" and "assistant"')],
  ['priority', (value) => (Number(value) >= 0 && Number(value) <= 1 ? amount(value) : 'is no number from 0 to 1')],
  ['lastModified', (value) => (types.isDate(value) && !Number.isNaN(value.getTime()) ? undefined : text(value))],
]);

const ICON: ReadonlyMap<string, Fault> = new Map([
  ['src', text],
  ['mimeType', text],
  ['sizes', (value) => (isTexts(value) ? undefined : 'is no list of texts')],
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
  if (!Array.isArray(value)) return 'is no list of icons';
  for (const icon of value) {
    const fault = isObject(icon) ? faultIn({ src: undefined, ...icon }, ICON, 'src') : 'one is no object';
    if (fault !== undefined) return `is no list of icons: ${fault}`;
  }
  return undefined;
}

function within(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `has a member that cannot be: ${fault}`;
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

/** What is wrong with the optional members of an object of the protocol, such as `"mimeType" is no text`. */
export function memberFault(value: Readonly<Record<string, unknown>>): string | undefined {
  return faultIn(value, OPTIONAL);
}

const PLAIN = members({});
const BLOCK = members({ annotations: PLAIN, resource: PLAIN });
const MESSAGE = members({ content: BLOCK });
/** `null` is a value that a tool may give. */
const RESULT = members({ structuredContent: 'kept' });

/** A result without the members that are `null`; the same object when there are none. */
export function presentResult<T extends object>(result: T): T {
  return present(result as Record<string, unknown>, RESULT) as T;
}

/** Content blocks, contents of resources or messages, each without the optional members that are `null`. */
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

/** An entry of a list, without the members that are `null`: one that clients cannot read costs them the whole list. */
export function listedEntry(entry: Readonly<Record<string, unknown>>, what: string): Readonly<Record<string, unknown>> {
  const listed = present(entry, BLOCK);
  const fault = nestedSlip(listed) ?? memberFault(listed);
  if (fault === undefined) return listed;
  throw new ConfigurationError(`${what}: ${fault}`);
}

/** The same for the annotations of a tool. */
export function toolHints(hints: unknown, what: string): Readonly<Record<string, unknown>> | undefined {
  if (hints === undefined || hints === null) return undefined;
  const listed = isObject(hints) ? present(hints, PLAIN) : {};
  const fault = isObject(hints)
    ? (faultIn(listed, TOOL_HINTS) ?? slipIn(listed, [...TOOL_HINTS.keys()]))
    : 'it is no object';
  if (fault === undefined) return listed;
  throw new ConfigurationError(`"annotations" of ${what}: ${fault}`);
}
