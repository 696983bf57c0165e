import {
  type Field,
  FloatApiError,
  fieldsOf,
  filtersOf,
  type IdOf,
  RESOURCE_KEYS,
  type Resource,
  type ResourceKey,
  resourceOf,
  supports,
} from 'float-api';
import * as z from 'zod';
import { quoted } from '../../untrusted-text.js';
import { CONFIRM, requestConsent, unchangedText } from '../consent.js';
import { Directory, isNamed, type RawRecord } from '../directory.js';
import { ToolProblem } from '../problem.js';
import { NAME_OR_ID } from '../shared-arguments.js';
import { type Answer, DELETES, defineTool, type FloatTool, type ToolCall } from '../tool.js';
import { ALL_SPECS } from './more-specs.js';
import { lineOf, presentRecord } from './presentation.js';
import type { RecordSpec } from './spec.js';

const SPECS = ALL_SPECS.filter(({ key }) => supports(resourceOf(key), 'delete'));

const INPUT = z.strictObject({
  kind: z.enum(SPECS.map(({ singular }) => singular)).describe('what to delete'),
  record: NAME_OR_ID.describe('its id, or its full name where it has one'),
  confirm: CONFIRM,
});

/** The result of a deletion. */
export const DELETED = z.object({
  deleted: z.boolean(),
  record: z.looseObject({ id: z.union([z.number(), z.string()]) }),
  goes_with_it: z.array(z.object({ what: z.string(), count: z.number() })),
  loses_its_reference: z.array(z.string()),
});
type Outcome = z.output<typeof DELETED>;

/** The tool `delete-record`. */
export const deleteRecord: FloatTool = defineTool({
  name: 'delete-record',
  title: 'Delete a record for ever',
  description:
    'Deletes a record of any kind for ever. Shows what goes with it first and asks the user; where the client cannot ask, ' +
    'nothing changes without confirm: true. People and projects are better archived: active: false in a save tool.',
  input: INPUT,
  output: DELETED,
  annotations: DELETES,
  run: async ({ kind, ...args }, call) => removeRecord(specOf(kind), args, call),
});

/** The record to delete. */
export interface Removal {
  readonly record: string | number;
  readonly confirm?: boolean | undefined;
}

/** Deletes one record permanently, after the user has confirmed a preview of the consequences. */
export async function removeRecord(spec: RecordSpec, asked: Removal, call: ToolCall): Promise<Answer<Outcome>> {
  const id = await idOf(spec, asked.record, call);
  const found: RawRecord = await call.api.get(spec.key, id, call);
  const record = await presentRecord(spec, found, Directory.forReading(call));
  const outcome = { record, goes_with_it: await cascade(spec.key, id, call), loses_its_reference: cleared(spec.key) };
  const preview = previewOf(spec, outcome);
  const consent = await requestConsent(call, preview, asked.confirm);
  if (consent !== 'given') {
    return { text: `${unchangedText(consent)}\n${preview}`, data: { deleted: false, ...outcome } };
  }
  await call.api.delete(spec.key, id, call);
  const text = `Deleted for ever: ${lineOf(spec, record)}\n${consequences(outcome).replace('Goes', 'Went').replace(' goes ', ' went ')}`;
  return { text, data: { deleted: true, ...outcome } };
}

function specOf(singular: string): RecordSpec {
  const spec = SPECS.find((one) => one.singular === singular);
  if (spec === undefined) throw new ToolProblem('unknown-name', `A ${singular} cannot be deleted.`);
  return spec;
}

async function idOf({ key }: RecordSpec, record: string | number, call: ToolCall): Promise<IdOf<ResourceKey>> {
  if (isNamed(key)) return Directory.forWriting(call).resolve(key, record);
  if (key === 'logged-time') return String(record);
  if (Number.isInteger(Number(record))) return Number(record);
  throw new ToolProblem(
    'unknown-name',
    `${quoted(String(record))} is not an id. Find the record first and give its id.`,
  );
}

/** Records that are deleted with this one according to the resource table, counted where there are any. */
async function cascade(key: ResourceKey, id: IdOf<ResourceKey>, call: ToolCall): Promise<Outcome['goes_with_it']> {
  const rows = RESOURCE_KEYS.map(resourceOf).filter((row) => referring(row, key, true).length > 0);
  const counted = await Promise.all(
    rows.map(async (row) => ({ what: row.key, count: await countIfThere(row, key, { id, call }) })),
  );
  return counted.filter((one) => one.count > 0);
}

interface Counting {
  readonly id: IdOf<ResourceKey>;
  readonly call: ToolCall;
}

/** Parts of Float that the account has switched off count as empty and do not block the deletion. */
async function countIfThere(row: Resource, target: ResourceKey, counting: Counting): Promise<number> {
  try {
    return await count(row, target, counting);
  } catch (error) {
    if (error instanceof FloatApiError && isAbsent(row, error)) return 0;
    throw error;
  }
}

/** For a resource that Float does not document, even the path is uncertain. */
function isAbsent(row: Resource, { code }: FloatApiError): boolean {
  return code === 'feature-off' || (row.guessed === true && ['forbidden', 'not-found', 'bad-answer'].includes(code));
}

async function count(row: Resource, target: ResourceKey, { id, call }: Counting): Promise<number> {
  const fields = referring(row, target, true).map(([name]) => name);
  const filter = fields.find((name) => filtersOf(row).has(name));
  if (filter !== undefined) {
    for await (const { total } of call.api.list(row.key, { [filter]: id }, call)) return total;
    return 0;
  }
  const all: readonly RawRecord[] = await call.api.listAll(row.key, {}, call);
  return all.filter((record) => fields.some((name) => [record[name]].flat().includes(id))).length;
}

/** The kinds of records that stay and lose their reference to this one. */
function cleared(key: ResourceKey): string[] {
  return RESOURCE_KEYS.filter((other) => other !== key && referring(resourceOf(other), key, false).length > 0);
}

function referring(row: Resource, target: ResourceKey, cascades: boolean): (readonly [string, Field])[] {
  return fieldsOf(row).filter(
    ([, field]) => field.ref === target && (field.cascade === true) === cascades && !field.expand && !field.writeOnly,
  );
}

function previewOf(spec: RecordSpec, outcome: Effect): string {
  return `This would delete for ever: ${lineOf(spec, outcome.record)}\n${consequences(outcome)}`;
}

type Effect = Omit<Outcome, 'deleted'>;

function consequences({ goes_with_it: gone, loses_its_reference: loose }: Effect): string {
  const rest = gone.map(({ what, count: n }) => `${n} ${what}`).join(', ');
  const also = rest === '' ? 'Nothing else goes with it.' : `Goes with it: ${rest}.`;
  return loose.length === 0 ? also : `${also} Kept, but without this reference: ${loose.join(', ')}.`;
}
