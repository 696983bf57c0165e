import libraries from '#libraries';
import { ConfigurationError } from '../../protocol/errors.js';
import { isObject } from '../../protocol/json-rpc.js';

/** The front matter of a SKILL.md as JSON. Deeply frozen. */
export interface FrontMatter {
  readonly name: string;
  readonly description: string;
  /** All other fields of the file, unchanged. */
  readonly [field: string]: unknown;
}

/** From the first line to the next line `---`, after an optional byte order mark. */
const FENCED = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/** Agent Skills, "name field": 1 to 64 characters, single hyphens inside only. */
const NAME = /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Agent Skills, "description field". */
const MAX_DESCRIPTION_CHARACTERS = 1_024;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Reads and validates the front matter of a SKILL.md.
 * @param skill subject of error messages
 * @throws ConfigurationError when it is missing or does not follow the Agent Skills specification
 */
export function readFrontMatter(text: string, skill: string): FrontMatter {
  const yaml = FENCED.exec(text)?.[1];
  if (yaml === undefined) {
    throw new ConfigurationError(`${skill} needs a SKILL.md that begins with front matter between two lines of ---`);
  }
  const value = parsed(yaml, skill);
  const fault = isObject(value) ? (jsonIssue(value, []) ?? fieldIssue(value)) : 'must be a mapping';
  if (fault !== undefined) throw new ConfigurationError(`${skill}: the front matter of SKILL.md ${fault}`);
  return frozen(value) as FrontMatter;
}

function parsed(yaml: string, skill: string): unknown {
  // Loaded with the first skill: it takes about 25 ms, which servers without skills do not pay.
  const { parseDocument } = libraries.yaml();
  // The empty line replaces the opening fence, so that line numbers in errors are those of the file.
  const document = parseDocument(`\n${yaml}`, { stringKeys: true });
  // Warnings count as errors, because the parser drops content there, for example for an unknown tag.
  const [fault] = [...document.errors, ...document.warnings];
  try {
    if (fault !== undefined) throw fault;
    // Clients parse the file themselves and compare field by field. Without aliases nothing expands.
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${skill}: the front matter of SKILL.md is not plain YAML: ${why}`, { cause });
  }
}

/** The reason why a value has no identical JSON form. Clients could not find it in the file otherwise. */
function jsonIssue(value: unknown, path: readonly string[]): string | undefined {
  if (isScalar(value)) return undefined;
  const children = Array.isArray(value) || isPlain(value) ? Object.entries(value) : undefined;
  if (children === undefined) return `has a value at "${path.join('.')}" that JSON does not carry unchanged`;
  for (const [key, child] of children) {
    const fault = LONE_SURROGATE.test(key) ? 'has a key that is not valid Unicode' : jsonIssue(child, [...path, key]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return !LONE_SURROGATE.test(value);
  if (typeof value === 'number') return isCarried(value);
  return value === null || typeof value === 'boolean';
}

/** Excludes infinite numbers, -0, and integers that parsers round differently. */
function isCarried(value: number): boolean {
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

function isPlain(value: unknown): value is object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function fieldIssue({ name, description }: Record<string, unknown>): string | undefined {
  if (typeof name !== 'string' || !NAME.test(name)) {
    return 'needs a "name" of 1 to 64 lower-case letters, digits and single hyphens between them';
  }
  const length = typeof description === 'string' && description.trim() !== '' ? [...description].length : 0;
  if (length >= 1 && length <= MAX_DESCRIPTION_CHARACTERS) return undefined;
  return `needs a "description": a string of 1 to ${MAX_DESCRIPTION_CHARACTERS} characters`;
}

function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) frozen(child);
  return Object.freeze(value);
}
