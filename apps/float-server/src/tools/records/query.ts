import {
  type FilterRow,
  filtersOf,
  type Query,
  type QueryValue,
  type Resource,
  resourceOf,
  sortsOf,
  spanField,
} from 'float-api';
import { type Day, type DayRange, parseRange } from 'resource-planning';
import * as z from 'zod';
import type { RawRecord } from '../directory.js';
import { Directory, isNamed, labelField } from '../directory.js';
import { NAME, NAME_OR_ID, RANGE, TEXT_ID } from '../shared-arguments.js';
import { folded } from '../spelling.js';
import type { ToolCall } from '../tool.js';
import { argumentName, type RecordSpec } from './spec.js';
import { describedSchema, namedValues, toFloat } from './values.js';

const RANGE_FILTERS = new Set(['start_date', 'end_date']);

/** The arguments of a find tool, derived from the filters of the resource. */
export function findShape(spec: RecordSpec): Record<string, z.ZodType> {
  const row = resourceOf(spec.key);
  const shape: Record<string, z.ZodType> = { id: idSchema(spec).optional() };
  if (labelField(spec.key) !== undefined) {
    shape['name'] = NAME.optional().describe('part of the name, in any case, with or without accents');
  }
  if (row.range === true || hasDays(row)) shape['range'] = RANGE.optional();
  for (const [name, filter] of ownFilters(row)) {
    shape[argumentName(name)] = filterSchema(name, {
      ...filter,
      about: spec.abouts?.[name] ?? filter.about,
    }).optional();
  }
  if (needsPersonFilter(row)) shape['person'] = describedSchema(PERSON).optional();
  const sorts = sortsOf(row).flatMap((field) => [field, `-${field}`]);
  if (sorts.length > 0) shape['sort'] = z.enum(sorts).optional().describe('field to sort by, "-" for descending');
  return shape;
}

/** The `id` argument of a find tool. */
export function idSchema(spec: RecordSpec): z.ZodType {
  const about = 'id of the one record to read, with all its details';
  if (isNamed(spec.key)) return NAME_OR_ID.describe(about.replace('id', 'name or id'));
  return (spec.key === 'logged-time' ? TEXT_ID : z.number()).describe(about);
}

/** The arguments that Float's own filters handle. `localFilter` handles the rest. */
export async function queryOf(spec: RecordSpec, args: RawRecord, call: ToolCall): Promise<Query> {
  const row = resourceOf(spec.key);
  const query: Record<string, QueryValue> = {};
  const names = namedValues(Directory.forReading(call), undefined);
  for (const [name, filter] of ownFilters(row)) {
    const value = args[argumentName(name)];
    if (value === undefined) continue;
    query[name] = (isTag(name) ? value : await toFloat(fieldOf(row, filter), value, names)) as QueryValue;
  }
  if (row.range === true && typeof args['range'] === 'string') {
    const { from, to } = parseRange(args['range'], call.today());
    Object.assign(query, { start_date: from, end_date: to });
  }
  if (typeof args['sort'] === 'string') query['sort'] = args['sort'];
  return query;
}

type Keep = (record: RawRecord) => boolean;

/** Filters that Float lacks: part of a name, the person of a time off, the dates of a milestone. */
export async function localFilter(
  spec: RecordSpec,
  args: RawRecord,
  { names, today }: { readonly names: Directory; readonly today: Day },
): Promise<Keep | undefined> {
  const { name, person, range } = args;
  const row = resourceOf(spec.key);
  const keeps: Keep[] = [];
  const label = labelField(spec.key);
  if (typeof name === 'string' && label !== undefined) keeps.push(nameHas(label, name));
  if (typeof range === 'string' && row.range !== true) keeps.push(liesIn(row, parseRange(range, today)));
  if (person !== undefined && needsPersonFilter(row)) {
    const id = await names.resolve('people', person as string | number);
    keeps.push((record) => Array.isArray(record['people_ids']) && record['people_ids'].includes(id));
  }
  return keeps.length === 0 ? undefined : (record) => keeps.every((keep) => keep(record));
}

function nameHas(label: string, part: string): Keep {
  const wanted = folded(part);
  return (record) => folded(String(record[label] ?? '')).includes(wanted);
}

/** Whether the record overlaps the range. A time of day, which milestones may have, is ignored. */
function liesIn(row: Resource, { from, to }: DayRange): Keep {
  const [start, end] = [spanField(row, 'start') ?? '', spanField(row, 'end') ?? ''];
  return (record) => {
    const first = String(record[start]).slice(0, 10);
    return first <= to && String(record[end] ?? first).slice(0, 10) >= from;
  };
}

/** Float has no date filter for some lists whose records have dates. */
function hasDays(row: Resource): boolean {
  const start = spanField(row, 'start');
  return row.range !== true && start !== undefined && row.fields[start]?.required === true;
}

const PERSON = { type: 'integer', about: 'person it covers', ref: 'people' } as const;

function ownFilters(row: Resource): [string, FilterRow][] {
  return [...filtersOf(row)].filter(([name]) => !RANGE_FILTERS.has(name));
}

/** A filter on a field takes the field's values. */
function fieldOf(row: Resource, filter: FilterRow): FilterRow {
  return filter.field === undefined ? filter : { ...row.fields[filter.field], ...filter };
}

function filterSchema(name: string, filter: FilterRow): z.ZodType {
  if (isTag(name)) return NAME.describe('one tag, exact text in any case; several with commas mean "or"');
  return describedSchema(filter);
}

/** The tag fields are lists; their filter is a text. */
function isTag(name: string): boolean {
  return name === 'tag_name';
}

/** Float has no person filter for time off. */
function needsPersonFilter(row: Resource): boolean {
  return 'people_ids' in row.fields && !filtersOf(row).has('people_id');
}
