/**
 * Two tools for all resources. The arguments of each resource are validated at the call, which keeps `tools/list`
 * short.
 */
import { resourceOf, supports } from 'float-api';
import * as z from 'zod';
import type { RawRecord } from '../directory.js';
import { lenientSchema } from '../lenient-schema.js';
import { ToolProblem } from '../problem.js';
import { listOf, MAX_TEXT_CHARS, NAME_OR_ID, objectUpTo, TEXT_ID } from '../shared-arguments.js';
import { defineTool, type FloatTool, READS, WRITES } from '../tool.js';
import { FOUND, findInput, findRecords, PAGING } from './find.js';
import { ALL_SPECS } from './more-specs.js';
import { requiredNames, SAVED, saveInput, saveRecord } from './save.js';
import { FOUND_DAILY, type RecordSpec, SAVED_DAILY } from './spec.js';

const ID = NAME_OR_ID.optional();
const WRITABLE = ALL_SPECS.filter(({ key }) => supports(resourceOf(key), 'create'));
/** Characters of a record as JSON. The longest notes Float takes have 65,535. */
const MAX_RECORD_CHARS = 100_000;
/** Arguments beside `filters` and `fields`. */
const COMMON_ARGUMENTS = new Set(['id', 'limit', 'skip', 'clear']);

/** The tool `find-record`. */
export const findRecord: FloatTool = defineTool({
  name: 'find-record',
  title: 'Find records of any kind',
  description: [
    'Lists the records of any resource by filters, or reads one by id. Filters by resource:',
    ...ALL_SPECS.map((spec) => `${spec.plural}: ${filtersText(spec)}.`),
  ].join(' '),
  input: z.strictObject({
    resource: z.enum(ALL_SPECS.map(({ plural }) => plural)).describe('what to look for'),
    id: ID.describe('id of the one record to read, with all its details'),
    filters: objectUpTo(MAX_TEXT_CHARS).optional().describe('filters of the resource, such as {"project": "X"}'),
    ...PAGING,
  }),
  output: FOUND,
  annotations: READS,
  run: async ({ resource, id, filters, ...paging }, call) => {
    const spec = specOf(ALL_SPECS, (one) => one.plural === resource);
    const args = { ...filters, ...outsideFields({ id }, filters ?? {}), ...paging };
    return findRecords(spec, checked(findInput(spec), args, resource), call);
  },
});

/** The tool `save-record`. */
export const saveRecordTool: FloatTool = defineTool({
  name: 'save-record',
  title: 'Save a record of any kind',
  description: [
    'Creates a record of any resource; with id, changes the given fields of one. Fields by resource, * for those a new',
    'record needs:',
    ...WRITABLE.map((spec) => `${spec.singular}: ${fieldsText(spec)}.`),
  ].join(' '),
  input: z.strictObject({
    resource: z.enum(WRITABLE.map(({ singular }) => singular)).describe('what to save'),
    id: ID.describe('the record to change; without it, a new one'),
    fields: objectUpTo(MAX_RECORD_CHARS).default({}).describe('fields of the resource, such as {"name": "X"}'),
    clear: listOf(TEXT_ID).optional().describe('fields to empty on the record with the given id'),
  }),
  output: SAVED,
  annotations: WRITES,
  run: async ({ resource, id, fields, clear }, call) => {
    const spec = specOf(WRITABLE, (one) => one.singular === resource);
    const args = { ...fields, ...outsideFields({ id, clear }, fields) };
    return saveRecord(spec, checked(saveInput(spec), args, resource), call);
  },
});

function specOf(specs: readonly RecordSpec[], fits: (spec: RecordSpec) => boolean): RecordSpec {
  const spec = specs.find(fits);
  if (spec === undefined) throw new TypeError('the schema let an unknown resource pass');
  return spec;
}

/**
 * The arguments given beside the fields.
 *
 * @throws ToolProblem if a field of the same name has another value
 */
function outsideFields(values: RawRecord, fields: RawRecord): RawRecord {
  const outside = given(values);
  for (const name of Object.keys(outside)) {
    if (fields[name] === undefined || fields[name] === outside[name]) continue;
    throw new ToolProblem('conflicting-arguments', `"${name}" is given twice, with different values. Give it once.`);
  }
  return outside;
}

function given(values: RawRecord): RawRecord {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Validation issues that an error lists. */
const MAX_ISSUES = 10;

/**
 * Validates as the registry does for the other tools.
 *
 * @throws ToolProblem with the arguments the resource has
 */
function checked(schema: z.ZodObject, args: RawRecord, resource: string): RawRecord {
  const result = lenientSchema(schema).safeParse(args);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  const known = argumentsOf(schema).join(', ') || 'none';
  throw new ToolProblem('bad-argument', `${problems.join('; ')}. For ${resource} there are: ${known}.`);
}

function argumentsOf(schema: z.ZodObject): string[] {
  return Object.keys(schema.shape).filter((name) => !COMMON_ARGUMENTS.has(name));
}

/** Filters, except those that are the arguments of a tool of their own. */
function filtersText(spec: RecordSpec): string {
  if (FOUND_DAILY.has(spec.key)) return `as in find-${spec.plural}`;
  return argumentsOf(findInput(spec)).join(', ') || 'none';
}

/** Fields, except those that are the arguments of a tool of their own. */
function fieldsText(spec: RecordSpec): string {
  if (SAVED_DAILY.has(spec.key)) return `as in save-${spec.singular}`;
  const required = new Set(requiredNames(spec));
  return argumentsOf(saveInput(spec))
    .map((name) => (required.has(name) ? `${name}*` : name))
    .join(', ');
}
