/** One tool per operation of each resource of Float's API. Names and arguments come from the resource table. */
import { type Operation, type Resource, resourceOf, supports } from 'float-api';
import * as z from 'zod';
import { CONFIRM } from '../consent.js';
import type { RawRecord } from '../directory.js';
import { DELETED, removeRecord } from '../records/delete.js';
import { FOUND, findInput, findRecords } from '../records/find.js';
import { ALL_SPECS } from '../records/more-specs.js';
import { article, requiredNames, SAVED, saveInput, saveRecord } from '../records/save.js';
import type { RecordSpec } from '../records/spec.js';
import { TEXT_ID } from '../shared-arguments.js';
import { CREATES, DELETES, defineTool, type FloatTool, READS, UPDATES } from '../tool.js';

const ARCHIVE = 'Archiving keeps the history: an update with active: false.';

/** In the order in which clients show the operations of a resource. */
const MAKERS: Readonly<Record<Operation, (spec: RecordSpec) => FloatTool>> = {
  list: listTool,
  get: getTool,
  create: createTool,
  update: updateTool,
  delete: deleteTool,
};

/** The record tools of all resources. */
export const RECORD_TOOLS: readonly FloatTool[] = ALL_SPECS.flatMap((spec) =>
  (Object.keys(MAKERS) as Operation[])
    .filter((operation) => supports(resourceOf(spec.key), operation))
    .map((operation) => MAKERS[operation](spec)),
);

/** The name of a tool: `list-people`, `get-person`. Lists take the plural, all other operations the singular. */
export function toolName(spec: RecordSpec, operation: Operation): string {
  return `${operation}-${operation === 'list' ? spec.plural : spec.singular}`;
}

function listTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  return defineTool({
    name: toolName(spec, 'list'),
    title: `List ${words(spec.plural)}`,
    description: sentences(row.about, spec.notes, undocumentedNote(row)),
    input: findInput(spec).omit({ id: true }),
    output: FOUND,
    annotations: READS,
    run: (args: RawRecord, call) => findRecords(spec, args, call),
  });
}

function getTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  const details = spec.details === undefined ? undefined : `With ${spec.details.map(words).join(', ')}.`;
  return defineTool({
    name: toolName(spec, 'get'),
    title: `Read ${article(row.singular)}`,
    description: sentences(`Reads one ${row.singular} by its id, with every field that has a value.`, details),
    input: z.strictObject({ id: idOf(spec, 'to read') }),
    output: FOUND,
    annotations: READS,
    run: (args: RawRecord, call) => findRecords(spec, args, call),
  });
}

function createTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  const { id: _id, clear: _clear, ...shape } = saveInput(spec).shape;
  return defineTool({
    name: toolName(spec, 'create'),
    title: `Create ${article(row.singular)}`,
    description: sentences(
      `Creates ${article(row.singular)}: calling it twice makes two.`,
      spec.notes,
      undocumentedNote(row),
    ),
    input: z.strictObject(withRequired(shape, requiredNames(spec))),
    output: SAVED,
    annotations: CREATES,
    run: (args: RawRecord, call) => saveRecord(spec, args, call),
  });
}

function updateTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  return defineTool({
    name: toolName(spec, 'update'),
    title: `Change ${article(row.singular)}`,
    description: sentences(`Changes ${article(row.singular)}: only what is given.`, spec.notes, undocumentedNote(row)),
    input: z.strictObject({ ...saveInput(spec).shape, id: idOf(spec, 'to change') }),
    output: SAVED,
    annotations: UPDATES,
    run: (args: RawRecord, call) => saveRecord(spec, args, call),
  });
}

function deleteTool(spec: RecordSpec): FloatTool {
  const row = resourceOf(spec.key);
  const archives = saveInput(spec).shape['active'] === undefined ? undefined : ARCHIVE;
  return defineTool({
    name: toolName(spec, 'delete'),
    title: `Delete ${article(row.singular)} for ever`,
    description: sentences(`Deletes ${article(row.singular)} for ever. The user is asked first.`, archives),
    input: z.strictObject({ id: idOf(spec, 'to delete'), confirm: CONFIRM }),
    output: DELETED,
    annotations: DELETES,
    run: ({ id, confirm }, call) => removeRecord(spec, { record: id, confirm }, call),
  });
}

function idOf({ key }: RecordSpec, purpose: string): z.ZodNumber | z.ZodString {
  return (key === 'logged-time' ? TEXT_ID : z.number()).describe(`id of the record ${purpose}`);
}

/**
 * Makes the required arguments of a new record required. "hours or full_day" stays optional here; `saveRecord` checks
 * it.
 */
function withRequired(shape: Readonly<Record<string, unknown>>, needed: readonly string[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [
      name,
      needed.includes(name) && schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : (schema as z.ZodType),
    ]),
  );
}

/** A warning for resources whose fields Float does not document. */
function undocumentedNote({ guessed: unsure }: Resource): string | undefined {
  return unsure === true ? 'Float documents that this exists, but not its fields: they may differ.' : undefined;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

function words(name: string): string {
  return name.replaceAll(/[-_]/g, ' ');
}
