import {
  type CreateOf,
  type Field,
  type IdOf,
  type ResourceKey,
  resourceOf,
  type UpdateOf,
  writableOf,
  writtenType,
} from 'float-api';
import * as z from 'zod';
import { Directory, idOf, isNamed, type RawRecord } from '../directory.js';
import { ToolProblem } from '../problem.js';
import { NAME_OR_ID, TEXT_ID } from '../shared-arguments.js';
import { type Answer, defineTool, type FloatTool, type ToolCall, WRITES } from '../tool.js';
import { assertNew } from './duplicates.js';
import { lineOf, presentRecord } from './presentation.js';
import { argumentName, type RecordSpec } from './spec.js';
import { describedSchema, namedValues, toFloat } from './values.js';

/** The result of a save. */
export const SAVED = z.object({
  action: z.enum(['created', 'updated']),
  record: z.looseObject({ id: z.union([z.number(), z.string()]) }),
});

type OfferedFields = readonly (readonly [name: string, field: Field])[];

/** Makes the save tool of a resource: creates without an id, updates the given fields with one. */
export function saveTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  const required = requiredNames(spec).join(', ');
  return defineTool({
    name: `save-${spec.singular}`,
    title: `Save ${row.singular}`,
    description: [
      `Creates ${article(row.singular)}, or changes one when id is given: then only what is given changes.`,
      `A new one needs ${required}.`,
      spec.notes,
    ]
      .filter(Boolean)
      .join(' '),
    input: saveInput(spec),
    output: SAVED,
    annotations: WRITES,
    run: (args, call) => saveRecord(spec, args, call),
  });
}

/** The arguments of a save. */
export function saveInput(spec: RecordSpec): z.ZodObject {
  return z.strictObject(saveShape(spec));
}

/** A noun with its indefinite article. */
export function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function saveShape(spec: RecordSpec): Record<string, z.ZodType> {
  const id = isNamed(spec.key) ? NAME_OR_ID : spec.key === 'logged-time' ? TEXT_ID : z.number();
  const shape: Record<string, z.ZodType> = {
    id: id.optional().describe('the record to change; without it, a new one'),
  };
  for (const [name, field] of offered(spec)) shape[argumentName(name)] = fieldSchema(spec, name, field).optional();
  const needed = requiredNames(spec);
  const clearable = offered(spec)
    .flatMap(([name, field]) => (canBeEmpty(field) ? [argumentName(name)] : []))
    .filter((name) => !needed.includes(name));
  if (clearable.length > 0) {
    shape['clear'] = z
      .array(z.enum(clearable))
      .max(clearable.length)
      .optional()
      .describe('fields to empty on the record with the given id');
  }
  return shape;
}

function offered(spec: RecordSpec): OfferedFields {
  return writableOf(resourceOf(spec.key)).filter(([name]) => spec.notOffered?.includes(name) !== true);
}

function fieldSchema(spec: RecordSpec, name: string, field: Field): z.ZodType {
  // Float deletes an entry that is set to 0 hours, and deletion needs confirmation.
  if (spec.key === 'logged-time' && name === 'hours') return z.number().positive().max(24).describe(field.about);
  return describedSchema({ ...field, type: writtenType(field), about: spec.abouts?.[name] ?? field.about });
}

/** The arguments a new record requires. */
export function requiredNames(spec: RecordSpec): string[] {
  const names = offered(spec).flatMap(([name, field]) => (field.required ? [argumentName(name)] : []));
  // Float also takes unassigned work, but a model that leaves the people out has usually forgotten them.
  if (spec.key === 'allocations') return ['people', ...names];
  return spec.key === 'timeoffs' ? [...names, 'hours or full_day'] : names;
}

/** Creates or updates a record. The arguments have been validated against `saveInput`. */
export async function saveRecord(
  spec: RecordSpec,
  args: RawRecord,
  call: ToolCall,
): Promise<Answer<z.output<typeof SAVED>>> {
  const names = Directory.forWriting(call);
  const id = args['id'] === undefined ? undefined : await idOf(spec.key, args['id'], names);
  if (id === undefined) requireArguments(spec, args);
  const before: RawRecord = needsWholeRecord(spec, id) ? await call.api.get(spec.key, id, call) : {};
  const changes = await bodyOf(spec, args, { names, before });
  if (id === undefined) await assertNew(spec, changes, call);
  if (id === undefined && PLANNING.has(spec.key)) await assertOnSchedule(changes, names);
  if (Object.keys(changes).length === 0)
    throw new ToolProblem('nothing-to-change', 'Name at least one field to change.');
  const record: RawRecord =
    id === undefined
      ? await call.api.create(spec.key, changes as unknown as CreateOf<ResourceKey>, call)
      : await call.api.update(spec.key, id, { ...requiredOf(spec, before), ...changes } as UpdateOf<ResourceKey>, call);
  const row = await presentRecord(spec, record, Directory.forReading(call));
  const action = id === undefined ? ('created' as const) : ('updated' as const);
  return {
    text: `${action === 'created' ? 'Created' : 'Updated'} ${lineOf(spec, row)}`,
    data: { action, record: row },
  };
}

/**
 * Resources that put people on the schedule. Archived people are rejected there, but time they worked may still be
 * logged.
 */
const PLANNING: ReadonlySet<ResourceKey> = new Set<ResourceKey>(['allocations', 'timeoffs', 'statuses']);

async function assertOnSchedule(changes: RawRecord, names: Directory): Promise<void> {
  const people = [changes['people_id'], changes['people_ids']].flat();
  for (const person of people) if (typeof person === 'number') await names.assertActive('people', person);
  if (typeof changes['project_id'] === 'number') await names.assertActive('projects', changes['project_id']);
}

function requireArguments(spec: RecordSpec, args: RawRecord): void {
  const missing = requiredNames(spec).filter((name) => name.split(' or ').every((one) => args[one] === undefined));
  if (missing.length === 0 && args['clear'] === undefined) return;
  const message =
    missing.length === 0
      ? 'A new record has nothing to clear. Give the id of the record to change.'
      : `A new ${resourceOf(spec.key).singular} also needs ${missing.join(', ')}. To change an existing one, give its id.`;
  throw new ToolProblem('missing-argument', message);
}

/**
 * Names of phases and tasks are looked up in the record's project; Float requires all fields of a time entry on update.
 */
function needsWholeRecord(spec: RecordSpec, id: IdOf<ResourceKey> | undefined): id is IdOf<ResourceKey> {
  return id !== undefined && 'project_id' in resourceOf(spec.key).fields;
}

function requiredOf(spec: RecordSpec, before: RawRecord): RawRecord {
  if (spec.key !== 'logged-time') return {};
  return Object.fromEntries(offered(spec).flatMap(([name, field]) => (field.required ? [[name, before[name]]] : [])));
}

interface SaveContext {
  readonly names: Directory;
  /** The current record, if it had to be read. */
  readonly before: RawRecord;
}

async function bodyOf(spec: RecordSpec, args: RawRecord, { names, before }: SaveContext): Promise<RawRecord> {
  const body: Record<string, unknown> = {};
  const asked = args['project'] as string | number | undefined;
  const project = asked === undefined ? before['project_id'] : await names.resolve('projects', asked);
  const values = namedValues(names, typeof project === 'number' ? project : undefined);
  for (const [name, field] of offered(spec)) {
    const value = args[argumentName(name)];
    if (value !== undefined) body[name] = await toFloat(field, value, values);
  }
  for (const name of (args['clear'] as string[] | undefined) ?? []) clear(spec, name, body);
  return spec.key === 'allocations' ? onePersonOrSeveral(body) : body;
}

function clear(spec: RecordSpec, argument: string, body: Record<string, unknown>): void {
  const found = offered(spec).find(([name]) => argumentName(name) === argument);
  if (found === undefined) return;
  const [name, field] = found;
  if (name in body) {
    throw new ToolProblem('conflicting-arguments', `"${argument}" cannot be set and cleared in the same call.`);
  }
  body[name] = field.zeroIsNone === true ? 0 : Array.isArray(field.default) ? [] : null;
}

/** A field with a default cannot be emptied; clearing it would be ambiguous between empty and default. */
function canBeEmpty(field: Field): boolean {
  if (field.required === true || field.writeOnly === true) return false;
  return field.default === undefined || field.zeroIsNone === true || Array.isArray(field.default);
}

/** Float accepts `people_id` or `people_ids`, but not both. */
function onePersonOrSeveral(body: Record<string, unknown>): RawRecord {
  const { people_ids: ids, ...rest } = body;
  if (!Array.isArray(ids)) return body;
  return ids.length === 1 ? { ...rest, people_id: ids[0] } : { ...rest, people_ids: ids };
}
