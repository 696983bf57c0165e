import { types } from 'node:util';
import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { memberTree, withoutNullMembers } from '../protocol/null-members.js';
import { nestedSlip, slipIn } from './nested-names.js';

/** Returns the reason why the value of a member is invalid, if it is. */
type MemberCheck = (value: unknown) => string | undefined;

const text: MemberCheck = (value) => (typeof value === 'string' ? undefined : 'is not a string');
const object: MemberCheck = (value) => (isObject(value) ? undefined : 'is not an object');
const flag: MemberCheck = (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false');
const amount: MemberCheck = (value) => (Number.isFinite(value) ? undefined : 'is not a number');

/**
 * The optional members of results, content and list entries. They have the same meaning everywhere (MCP 2025-11-25,
 * schema).
 */
const OPTIONAL: ReadonlyMap<string, MemberCheck> = new Map([
  ['_meta', object],
  ['annotations', annotationsIssue],
  ['description', text],
  ['icons', iconsIssue],
  ['isError', flag],
  ['mimeType', text],
  ['size', amount],
  ['title', text],
]);

const TOOL_HINTS: ReadonlyMap<string, MemberCheck> = new Map([
  ['title', text],
  ['readOnlyHint', flag],
  ['destructiveHint', flag],
  ['idempotentHint', flag],
  ['openWorldHint', flag],
]);

const ANNOTATIONS: ReadonlyMap<string, MemberCheck> = new Map([
  ['audience', (value) => (isAudience(value) ? undefined : 'is not an array of "user" and "assistant"')],
  ['priority', (value) => (Number(value) >= 0 && Number(value) <= 1 ? amount(value) : 'is not a number from 0 to 1')],
  ['lastModified', (value) => (types.isDate(value) && !Number.isNaN(value.getTime()) ? undefined : text(value))],
]);

const ICON: ReadonlyMap<string, MemberCheck> = new Map([
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

function annotationsIssue(value: unknown): string | undefined {
  return isObject(value) ? within(issueIn(value, ANNOTATIONS)) : object(value);
}

function iconsIssue(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'is not an array of icons';
  for (const icon of value) {
    const fault = isObject(icon) ? issueIn({ src: undefined, ...icon }, ICON, 'src') : 'one is not an object';
    if (fault !== undefined) return `is not an array of icons: ${fault}`;
  }
  return undefined;
}

function within(fault: string | undefined): string | undefined {
  return fault === undefined ? undefined : `has an invalid member: ${fault}`;
}

function issueIn(
  value: Readonly<Record<string, unknown>>,
  named: ReadonlyMap<string, MemberCheck>,
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
export function memberIssue(value: Readonly<Record<string, unknown>>): string | undefined {
  return issueIn(value, OPTIONAL);
}

const PLAIN = memberTree({});
const BLOCK = memberTree({ annotations: PLAIN, resource: PLAIN });
const MESSAGE = memberTree({ content: BLOCK });
/** `null` is valid structured content. */
const RESULT = memberTree({ structuredContent: 'kept' });

/** A result without members that are `null`. Returns the same object when there are none. */
export function resultWithoutNulls<T extends object>(result: T): T {
  return withoutNullMembers(result as Record<string, unknown>, RESULT) as T;
}

/** Content blocks, resource contents or messages without optional members that are `null`. */
export function blocksWithoutNulls<T>(blocks: readonly T[]): readonly T[] {
  let copy: T[] | undefined;
  for (const [index, block] of blocks.entries()) {
    const kept = isObject(block) ? (withoutNullMembers(block, 'role' in block ? MESSAGE : BLOCK) as T) : block;
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
  const listed = withoutNullMembers(entry, BLOCK);
  const fault = nestedSlip(listed) ?? memberIssue(listed);
  if (fault === undefined) return listed;
  throw new ConfigurationError(`${what}: ${fault}`);
}

/**
 * The annotations of a tool without members that are `null`.
 * @throws ConfigurationError when one is invalid
 */
export function toolHints(hints: unknown, what: string): Readonly<Record<string, unknown>> | undefined {
  if (hints === undefined || hints === null) return undefined;
  const listed = isObject(hints) ? withoutNullMembers(hints, PLAIN) : {};
  const fault = isObject(hints)
    ? (issueIn(listed, TOOL_HINTS) ?? slipIn(listed, [...TOOL_HINTS.keys()]))
    : 'it is not an object';
  if (fault === undefined) return listed;
  throw new ConfigurationError(`"annotations" of ${what}: ${fault}`);
}
