/**
 * Arguments as models send them: a number as text, `null` for an argument that is left out, one value where a list is
 * wanted, a list as JSON text, an argument under a neighbour's name. They are read as what they can only mean; anything
 * else is left to the schema.
 */
import * as z from 'zod';
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
    if (!isRecord(given)) return given;
    const named = ownNames(given, properties);
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

/** The arguments under the names the tool has. */
function ownNames(given: Readonly<Record<string, unknown>>, properties: Properties): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(withRange(given, properties))) {
    const own = Object.hasOwn(properties, name) ? name : ownNameOf(name, given, properties);
    named[own] = value;
  }
  return named;
}

function ownNameOf(name: string, given: Readonly<Record<string, unknown>>, properties: Properties): string {
  const spelled = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  const same = NEIGHBOURS.filter((names) => names.includes(spelled)).flat();
  const own = [spelled, ...same].filter((one) => Object.hasOwn(properties, one) && !Object.hasOwn(given, one));
  // Two arguments that it may mean are a question, not an answer.
  const [only] = own;
  return only !== undefined && (own.length === 1 || only === spelled) ? only : name;
}

const ENDS: readonly (readonly [from: string, to: string])[] = [
  ['start_date', 'end_date'],
  ['start', 'end'],
  ['from', 'to'],
  ['from_date', 'to_date'],
];

/** Two days for a tool that takes a range. */
function withRange(
  given: Readonly<Record<string, unknown>>,
  properties: Properties,
): Readonly<Record<string, unknown>> {
  if (!Object.hasOwn(properties, 'range')) return given;
  if (isRecord(given['range'])) return { ...given, range: spanOf(given['range']) ?? given['range'] };
  const pair = ENDS.find(
    ([from, to]) => [from, to].every((name) => !Object.hasOwn(properties, name)) && typeof given[from] === 'string',
  );
  if (pair === undefined || (given['range'] !== undefined && given['range'] !== null)) return given;
  const [from, to] = pair;
  const { [from]: _from, [to]: _to, ...rest } = given;
  return { ...rest, range: spanOf(given) };
}

function spanOf(given: Readonly<Record<string, unknown>>): string | undefined {
  const pair = ENDS.find(([from]) => typeof given[from] === 'string');
  if (pair === undefined) return undefined;
  const [from, to] = [given[pair[0]], given[pair[1]]];
  return typeof to === 'string' ? `${String(from)}..${to}` : String(from);
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
  // One value for a list, unless the schema also takes it alone.
  if (items !== undefined && !takesLike(schema, parsed)) return [asMeant(parsed, items)];
  if (isRecord(parsed)) {
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
  return typeof value === 'number' ? takesNumber(schema) : takes(schema, isRecord(value) ? 'object' : typeof value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ALIKE = 0.4;

function unknownName(name: string, known: readonly string[]): string {
  const [near] = known.map((one) => ({ one, score: likeness(one, name) })).sort((a, b) => b.score - a.score);
  const hint = near !== undefined && near.score >= ALIKE ? ` Did you mean ${near.one}?` : '';
  return `There is no argument ${quoted(name)}.${hint} This tool has ${known.join(', ')}.`;
}
