/**
 * Lenient reading of tool arguments. Models send numbers as text, `null` for an omitted argument, one value for a list,
 * a list as JSON text, or a synonym of an argument's name. Input with exactly one possible meaning is converted before
 * validation; anything else is left for the schema to reject.
 */
import { isObject } from 'float-api';
import * as z from 'zod';
import { quoted } from '../untrusted-text.js';
import { similarity } from './spelling.js';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** A tool's input schema with the conversions of `lenient` before it. `tools/list` shows the strict schema only. */
export type LenientSchema<I extends z.ZodObject = z.ZodObject> = z.ZodPipe<z.ZodTransform<unknown, unknown>, I>;

/**
 * Puts the conversions of this file before a schema.
 * @param input strict schema; its JSON Schema decides which conversions are possible
 */
export function lenientSchema<I extends z.ZodObject>(input: I): LenientSchema<I> {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input' }) as JsonSchema;
  return z.preprocess((given, context) => {
    if (!isObject(given)) return given;
    const { named, problems } = renameArguments(given, properties);
    for (const message of problems.slice(0, MAX_UNKNOWN_NAMES)) {
      context.issues.push({ code: 'custom', message, path: [], input: given, continue: false });
    }
    const unknown = Object.keys(named).filter((name) => !Object.hasOwn(properties, name));
    for (const name of unknown.slice(0, MAX_UNKNOWN_NAMES)) {
      const message = unknownName(name.slice(0, MAX_NAME_CHARS), Object.keys(properties));
      context.issues.push({ code: 'custom', message, path: [], input: given, continue: false });
    }
    return convertMembers(named, properties);
  }, input) as unknown as LenientSchema<I>;
}

/** Limits of an error about unknown arguments: names listed, and characters of each. */
const MAX_UNKNOWN_NAMES = 5;
const MAX_NAME_CHARS = 64;

/** Synonyms. One of them is taken for another if the tool has exactly one argument of the group. */
const SYNONYMS: readonly (readonly string[])[] = [
  [
    'person',
    'people',
    'person_id',
    'people_id',
    'people_ids',
    'person_name',
    'name_of_person',
    'user',
    'who',
    'employee',
  ],
  ['project', 'projects', 'project_id', 'project_name'],
  ['client', 'clients', 'client_id', 'client_name'],
  ['department', 'departments', 'department_id', 'department_name', 'team'],
  ['role', 'roles', 'role_id', 'role_name', 'job_title', 'job_role'],
  ['tag', 'tags', 'skill', 'skills'],
  ['task', 'project_task', 'project_task_id', 'task_name'],
  ['type', 'time_off_type', 'timeoff_type', 'timeoff_type_id', 'leave_type'],
  ['phase', 'phase_id', 'phase_name'],
  ['range', 'date_range', 'dates', 'period', 'when', 'timeframe', 'date', 'week', 'month'],
  ['hours_per_day', 'hours_a_day', 'daily_hours'],
  ['percent', 'percentage', 'per_cent'],
  ['total_hours', 'hours_total', 'hours_in_all'],
  ['limit', 'max', 'max_results', 'top'],
  ['notes', 'note', 'description', 'comment'],
];

type Properties = Readonly<Record<string, JsonSchema>>;

interface RenamedArguments {
  readonly named: Record<string, unknown>;
  /** Messages about arguments that contradict each other. */
  readonly problems: string[];
}

/** Renames the given arguments to the tool's names. Two values for one argument are reported, not resolved. */
function renameArguments(given: Readonly<Record<string, unknown>>, properties: Properties): RenamedArguments {
  const named: Record<string, unknown> = {};
  const sources = new Map<string, string>();
  const problems: string[] = [];
  const take = (own: string, source: string, value: unknown) => {
    const other = sources.get(own);
    if (other === undefined || named[own] === null) named[own] = value;
    else if (value !== null && Object.hasOwn(properties, own)) {
      problems.push(`${quoted(short(other))} and ${quoted(short(source))} both mean ${own}: give one of them.`);
    }
    sources.set(own, other ?? source);
  };
  const { rest, range, problem } = extractRange(given, properties);
  if (problem !== undefined) problems.push(problem);
  if (range !== undefined) take('range', range.source, range.value);
  for (const [name, value] of Object.entries(rest)) {
    take(Object.hasOwn(properties, name) ? name : canonicalName(name, properties), name, value);
  }
  return { named, problems };
}

function short(name: string): string {
  return name.slice(0, MAX_NAME_CHARS);
}

function canonicalName(name: string, properties: Properties): string {
  const spelled = short(name)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  const same = SYNONYMS.filter((names) => names.includes(spelled)).flat();
  const own = [...new Set([spelled, ...same])].filter((one) => Object.hasOwn(properties, one));
  const [only] = own;
  return only !== undefined && (own.length === 1 || only === spelled) ? only : name;
}

const RANGE_ARGUMENTS: readonly (readonly [from: string, to: string])[] = [
  ['start_date', 'end_date'],
  ['start', 'end'],
  ['from', 'to'],
  ['from_date', 'to_date'],
];

interface RangeExtraction {
  /** The arguments without those that make up the range. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly range?: { readonly source: string; readonly value: unknown };
  readonly problem?: string;
}

/** Joins a start and an end date into `range`. One date alone is ambiguous: a single day, or an open range. */
function extractRange(given: Readonly<Record<string, unknown>>, properties: Properties): RangeExtraction {
  if (!Object.hasOwn(properties, 'range')) return { rest: given };
  const own = given['range'];
  if (isObject(own)) {
    const { range: _range, ...rest } = given;
    const value = spanOf(own, RANGE_ARGUMENTS.find(([from]) => own[from] !== undefined) ?? ['', '']);
    return { rest, range: { source: 'range', value: value ?? own } };
  }
  const isOwn = (name: string) => Object.hasOwn(properties, name);
  const pair = RANGE_ARGUMENTS.find(
    (names) => !names.some(isOwn) && names.some((name) => given[name] !== undefined && given[name] !== null),
  );
  if (pair === undefined) return { rest: given };
  const [from, to] = pair;
  const { [from]: _from, [to]: _to, ...rest } = given;
  const value = spanOf(given, pair);
  if (value !== undefined) return { rest, range: { source: `${from} and ${to}`, value } };
  return { rest, problem: `Give both ${from} and ${to} as texts, or range: one of them alone is no range.` };
}

/** Undefined unless both ends are texts. */
function spanOf(given: Readonly<Record<string, unknown>>, [from, to]: readonly [string, string]): string | undefined {
  const [first, last] = [given[from], given[to]];
  return typeof first === 'string' && typeof last === 'string' ? `${first}..${last}` : undefined;
}

function convertMembers(given: Readonly<Record<string, unknown>>, properties: Properties): Record<string, unknown> {
  const entries = Object.entries(given).flatMap(([name, value]) => {
    const schema = properties[name];
    if (schema === undefined || !Object.hasOwn(properties, name)) return [[name, value] as const];
    const meant = convert(value, schema);
    // Some languages and clients can leave an argument out only by sending null.
    return meant === null && !accepts(schema, 'null') ? [] : [[name, meant] as const];
  });
  return Object.fromEntries(entries);
}

function convert(value: unknown, schema: JsonSchema): unknown {
  if (value === null || value === undefined) return value;
  const parsed = typeof value === 'string' ? fromText(value, schema) : value;
  if (Array.isArray(parsed)) return convertList(parsed, schema);
  const items = alternativesOf(schema).find(({ type }) => type === 'array')?.items;
  // Wraps one value for a list, unless the schema also takes it unwrapped. A text with commas may be several values.
  const isSeveral = typeof parsed === 'string' && parsed.includes(',') && items !== undefined && !acceptsNumber(items);
  if (items !== undefined && !acceptsTypeOf(schema, parsed) && !isSeveral) return [convert(parsed, items)];
  if (isObject(parsed)) {
    const object = alternativesOf(schema).find(({ properties }) => properties !== undefined);
    return object?.properties === undefined ? parsed : convertMembers(parsed, object.properties);
  }
  if (typeof parsed === 'number' && !acceptsNumber(schema) && accepts(schema, 'string')) return String(parsed);
  return parsed;
}

function convertList(values: readonly unknown[], schema: JsonSchema): unknown {
  const items = alternativesOf(schema).find(({ type }) => type === 'array')?.items;
  if (items !== undefined) return values.map((value) => convert(value, items));
  const [only] = values;
  return values.length === 1 && !accepts(schema, 'array') ? convert(only, schema) : values;
}

/** Converts a text to a number, a boolean, an enum value, or parsed JSON where the schema takes one of them. */
function fromText(text: string, schema: JsonSchema): unknown {
  const trimmed = text.trim();
  const words = alternativesOf(schema).flatMap((one) => one.enum ?? []);
  if (words.length > 0) return enumValueOf(trimmed, words) ?? text;
  if (!accepts(schema, 'string')) {
    if (acceptsNumber(schema) && /^[+-]?\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
    if (accepts(schema, 'boolean') && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  }
  const isList = trimmed.startsWith('[') && accepts(schema, 'array');
  const isObject = trimmed.startsWith('{') && accepts(schema, 'object');
  return isList || isObject ? (jsonOf(trimmed) ?? text) : text;
}

function enumValueOf(text: string, words: readonly unknown[]): unknown {
  const plain = (word: unknown) =>
    String(word)
      .toLowerCase()
      .replace(/[\s_-]+/g, '-');
  const found = words.filter((word) => plain(word) === plain(text));
  return found.length === 1 ? found[0] : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? [schema];
}

function accepts(schema: JsonSchema, type: string): boolean {
  return alternativesOf(schema).some((one) => one.type === type);
}

function acceptsNumber(schema: JsonSchema): boolean {
  return accepts(schema, 'number') || accepts(schema, 'integer');
}

function acceptsTypeOf(schema: JsonSchema, value: unknown): boolean {
  return typeof value === 'number' ? acceptsNumber(schema) : accepts(schema, isObject(value) ? 'object' : typeof value);
}

const MIN_SIMILARITY = 0.4;

function unknownName(name: string, known: readonly string[]): string {
  const [near] = known.map((one) => ({ one, score: similarity(one, name) })).sort((a, b) => b.score - a.score);
  const hint = near !== undefined && near.score >= MIN_SIMILARITY ? ` Did you mean ${near.one}?` : '';
  return `There is no argument ${quoted(name)}.${hint} This tool has ${known.join(', ')}.`;
}
