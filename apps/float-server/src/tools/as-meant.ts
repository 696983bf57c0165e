/**
 * Arguments as models send them: a number as text, `null` for an argument that is left out, one value where a list is
 * wanted, a list as JSON text, an argument under a neighbour's name. They are read as what they can only mean; anything
 * else is left to the schema.
 */
import * as z from 'zod';
import { isObject } from '../float/answer.js';
import { quoted } from '../foreign-text.js';
import { likeness } from './spelling.js';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** The schema of a tool's arguments, which takes them in these forms too. It is listed as the strict one. */
export type Lenient<I extends z.ZodObject = z.ZodObject> = z.ZodPipe<z.ZodTransform<unknown, unknown>, I>;

export function lenient<I extends z.ZodObject>(input: I): Lenient<I> {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input' }) as JsonSchema;
  return z.preprocess((given, context) => {
    if (!isObject(given)) return given;
    const { named, problems } = ownNames(given, properties);
    for (const message of problems.slice(0, MOST_UNKNOWN)) {
      context.issues.push({ code: 'custom', message, path: [], input: given, continue: false });
    }
    const unknown = Object.keys(named).filter((name) => !Object.hasOwn(properties, name));
    for (const name of unknown.slice(0, MOST_UNKNOWN)) {
      const message = unknownName(name.slice(0, LONGEST_SHOWN), Object.keys(properties));
      context.issues.push({ code: 'custom', message, path: [], input: given, continue: false });
    }
    return members(named, properties);
  }, input) as unknown as Lenient<I>;
}

/** Unknown arguments that an error names, and characters of each. */
const MOST_UNKNOWN = 5;
const LONGEST_SHOWN = 64;

/** Names that mean the same, so that one is taken for another where a tool has only that one. */
const NEIGHBOURS: readonly (readonly string[])[] = [
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

interface Named {
  readonly named: Record<string, unknown>;
  /** Arguments that cannot all be meant, in sentences. */
  readonly problems: string[];
}

/** The arguments under the names the tool has. Two for one of them are a question, not an answer. */
function ownNames(given: Readonly<Record<string, unknown>>, properties: Properties): Named {
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
  const { rest, range, problem } = withRange(given, properties);
  if (problem !== undefined) problems.push(problem);
  if (range !== undefined) take('range', range.source, range.value);
  for (const [name, value] of Object.entries(rest)) {
    take(Object.hasOwn(properties, name) ? name : ownNameOf(name, properties), name, value);
  }
  return { named, problems };
}

function short(name: string): string {
  return name.slice(0, LONGEST_SHOWN);
}

function ownNameOf(name: string, properties: Properties): string {
  const spelled = short(name)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  const same = NEIGHBOURS.filter((names) => names.includes(spelled)).flat();
  const own = [...new Set([spelled, ...same])].filter((one) => Object.hasOwn(properties, one));
  const [only] = own;
  return only !== undefined && (own.length === 1 || only === spelled) ? only : name;
}

const ENDS: readonly (readonly [from: string, to: string])[] = [
  ['start_date', 'end_date'],
  ['start', 'end'],
  ['from', 'to'],
  ['from_date', 'to_date'],
];

interface Ranged {
  /** The arguments without those that make a range. */
  readonly rest: Readonly<Record<string, unknown>>;
  readonly range?: { readonly source: string; readonly value: unknown };
  readonly problem?: string;
}

/** Two days for a tool that takes a range. One alone could mean a day or a beginning. */
function withRange(given: Readonly<Record<string, unknown>>, properties: Properties): Ranged {
  if (!Object.hasOwn(properties, 'range')) return { rest: given };
  const own = given['range'];
  if (isObject(own)) {
    const { range: _range, ...rest } = given;
    const value = spanOf(own, ENDS.find(([from]) => own[from] !== undefined) ?? ['', '']);
    return { rest, range: { source: 'range', value: value ?? own } };
  }
  const isOwn = (name: string) => Object.hasOwn(properties, name);
  const pair = ENDS.find(
    (names) => !names.some(isOwn) && names.some((name) => given[name] !== undefined && given[name] !== null),
  );
  if (pair === undefined) return { rest: given };
  const [from, to] = pair;
  const { [from]: _from, [to]: _to, ...rest } = given;
  const value = spanOf(given, pair);
  if (value !== undefined) return { rest, range: { source: `${from} and ${to}`, value } };
  return { rest, problem: `Give both ${from} and ${to} as texts, or range: one of them alone says no range.` };
}

/** `undefined` unless both ends are there, and nothing beside them that may be one. */
function spanOf(given: Readonly<Record<string, unknown>>, [from, to]: readonly [string, string]): string | undefined {
  const [first, last] = [given[from], given[to]];
  return typeof first === 'string' && typeof last === 'string' ? `${first}..${last}` : undefined;
}

function members(given: Readonly<Record<string, unknown>>, properties: Properties): Record<string, unknown> {
  const entries = Object.entries(given).flatMap(([name, value]) => {
    const schema = properties[name];
    if (schema === undefined || !Object.hasOwn(properties, name)) return [[name, value] as const];
    const meant = asMeant(value, schema);
    // An argument that is left out, in languages that have no other way to say so.
    return meant === null && !takes(schema, 'null') ? [] : [[name, meant] as const];
  });
  return Object.fromEntries(entries);
}

function asMeant(value: unknown, schema: JsonSchema): unknown {
  if (value === null || value === undefined) return value;
  const parsed = typeof value === 'string' ? fromText(value, schema) : value;
  if (Array.isArray(parsed)) return list(parsed, schema);
  const items = alternativesOf(schema).find(({ type }) => type === 'array')?.items;
  // One value for a list, unless the schema also takes it alone. A text with commas may be several.
  const isSeveral = typeof parsed === 'string' && parsed.includes(',') && items !== undefined && !takesNumber(items);
  if (items !== undefined && !takesLike(schema, parsed) && !isSeveral) return [asMeant(parsed, items)];
  if (isObject(parsed)) {
    const object = alternativesOf(schema).find(({ properties }) => properties !== undefined);
    return object?.properties === undefined ? parsed : members(parsed, object.properties);
  }
  if (typeof parsed === 'number' && !takesNumber(schema) && takes(schema, 'string')) return String(parsed);
  return parsed;
}

function list(values: readonly unknown[], schema: JsonSchema): unknown {
  const items = alternativesOf(schema).find(({ type }) => type === 'array')?.items;
  if (items !== undefined) return values.map((value) => asMeant(value, items));
  const [only] = values;
  return values.length === 1 && !takes(schema, 'array') ? asMeant(only, schema) : values;
}

/** A text for a number, a flag, a word of a list, or JSON of a list or an object. */
function fromText(text: string, schema: JsonSchema): unknown {
  const trimmed = text.trim();
  const words = alternativesOf(schema).flatMap((one) => one.enum ?? []);
  if (words.length > 0) return wordOf(trimmed, words) ?? text;
  if (!takes(schema, 'string')) {
    if (takesNumber(schema) && /^[+-]?\d+(?:\.\d+)?$/.test(trimmed)) return Number(trimmed);
    if (takes(schema, 'boolean') && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  }
  const isList = trimmed.startsWith('[') && takes(schema, 'array');
  const isObject = trimmed.startsWith('{') && takes(schema, 'object');
  return isList || isObject ? (jsonOf(trimmed) ?? text) : text;
}

function wordOf(text: string, words: readonly unknown[]): unknown {
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

function takes(schema: JsonSchema, type: string): boolean {
  return alternativesOf(schema).some((one) => one.type === type);
}

function takesNumber(schema: JsonSchema): boolean {
  return takes(schema, 'number') || takes(schema, 'integer');
}

function takesLike(schema: JsonSchema, value: unknown): boolean {
  return typeof value === 'number' ? takesNumber(schema) : takes(schema, isObject(value) ? 'object' : typeof value);
}

const ALIKE = 0.4;

function unknownName(name: string, known: readonly string[]): string {
  const [near] = known.map((one) => ({ one, score: likeness(one, name) })).sort((a, b) => b.score - a.score);
  const hint = near !== undefined && near.score >= ALIKE ? ` Did you mean ${near.one}?` : '';
  return `There is no argument ${quoted(name)}.${hint} This tool has ${known.join(', ')}.`;
}
