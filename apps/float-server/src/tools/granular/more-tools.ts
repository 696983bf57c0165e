/**
 * Operations of Float's API beyond list, get, create, update and delete: two actions, two reports, the log of
 * deletions.
 */

import { type ReportKey, type ResourceKey, reportOf, resourceOf } from 'float-api';
import { parseRange } from 'resource-planning';
import * as z from 'zod';
import { named, quoted, visibleJson } from '../../untrusted-text.js';
import { CONFIRM, requestConsent, unchangedText } from '../consent.js';
import { Directory, type RawRecord } from '../directory.js';
import { rangeText } from '../plan/format.js';
import { ALL_SPECS } from '../records/more-specs.js';
import { lineOf, presentRecord } from '../records/presentation.js';
import { SAVED } from '../records/save.js';
import { DAY, listOf, NAME_OR_ID, RANGE } from '../shared-arguments.js';
import { type Answer, CREATES, defineTool, type FloatTool, READS, type ToolCall, WRITES } from '../tool.js';

const RECORD = SAVED.shape.record;

const MERGE = z.strictObject({
  project: NAME_OR_ID.describe('project (name or id)'),
  project_tasks: listOf(NAME_OR_ID).min(1).describe('project tasks to merge (names or ids)'),
  task_name: z.string().max(200).describe('name of the one that stays; one that has it already takes in the others'),
  billable: z.boolean().optional().describe('is the one that stays billable?'),
  confirm: CONFIRM,
});
const MERGED = z.object({ merged: z.boolean(), task_ids: z.array(z.number()), record: RECORD.optional() });

const mergeProjectTasks = defineTool({
  name: 'merge-project-tasks',
  title: 'Merge project tasks',
  description:
    'Makes one project task of several. Allocations and logged time move to the one that stays; the others are gone ' +
    'for ever. The user is asked first.',
  input: MERGE,
  output: MERGED,
  annotations: WRITES,
  run: merge,
});

async function merge(args: z.output<typeof MERGE>, call: ToolCall): Promise<Answer<z.output<typeof MERGED>>> {
  const names = Directory.forWriting(call);
  const projectId = await names.resolve('projects', args.project);
  const ids = await Promise.all(args.project_tasks.map((task) => names.resolve('project-tasks', task, { projectId })));
  const titles = await Promise.all(ids.map((id) => names.nameOf('project-tasks', id)));
  const preview = `This would merge for ever: ${titles.map((title, at) => `#${ids[at]} ${named(String(title))}`).join(', ')} into ${quoted(args.task_name)}.`;
  const consent = await requestConsent(call, preview, args.confirm);
  if (consent !== 'given') {
    return { text: `${unchangedText(consent)}\n${preview}`, data: { merged: false, task_ids: ids } };
  }
  const billable = args.billable === undefined ? {} : { billable: args.billable ? (1 as const) : (0 as const) };
  const body = { task_meta_ids: ids, task_name: args.task_name, ...billable };
  const saved: RawRecord = await call.api.act('project-tasks', 'merge', body, call);
  const record = await inWords('project-tasks', saved, call);
  return { text: `Merged into ${record.line}`, data: { merged: true, task_ids: ids, record: record.row } };
}

const FROM_TEMPLATE = z.strictObject({
  template_id: z.number().describe('template: see list-project-templates'),
  name: z.string().min(1).max(200).describe('name of the project'),
  client: NAME_OR_ID.optional().describe('client (name or id)'),
  start_date: DAY.optional().describe('first day'),
});

const createFromTemplate = defineTool({
  name: 'create-project-from-template',
  title: 'Create a project from a template',
  description:
    'Creates a project that starts with the contents of a template. Float documents that this exists, not its fields.',
  input: FROM_TEMPLATE,
  output: SAVED,
  annotations: CREATES,
  run: async ({ client, ...fields }, call) => {
    const names = Directory.forWriting(call);
    const owner = client === undefined ? {} : { client_id: await names.resolve('clients', client) };
    const saved: RawRecord = await call.api.act('projects', 'from-template', { ...fields, ...owner }, call);
    const { line, row } = await inWords('projects', saved, call);
    return { text: `Created ${line}`, data: { action: 'created' as const, record: row } };
  },
});

async function inWords(key: ResourceKey, record: RawRecord, call: ToolCall) {
  const spec = ALL_SPECS.find((one) => one.key === key);
  if (spec === undefined) throw new TypeError(`no tools for ${key}`);
  const row = await presentRecord(spec, record, Directory.forReading(call));
  return { row, line: lineOf(spec, row) };
}

const REPORT = z.object({
  range: z.object({ from: z.string(), to: z.string() }),
  rows: z.array(z.looseObject({})),
});

interface ReportSpec {
  readonly key: ReportKey;
  readonly name: string;
  readonly only: 'person' | 'project';
}

function reportTool({ key, name, only }: ReportSpec): FloatTool {
  const row = reportOf(key);
  return defineTool({
    name,
    title: `Float's ${row.singular}`,
    description: `${row.about} Float's own report, unchanged: its field names are not documented and may differ.`,
    input: z.strictObject({
      range: RANGE,
      [only]: NAME_OR_ID.optional().describe(`only this ${only} (name or id)`),
    }),
    output: REPORT,
    annotations: READS,
    run: async (args: RawRecord, call) => {
      const range = parseRange(String(args['range']), call.today());
      const asked = args[only] as string | number | undefined;
      const names = Directory.forReading(call);
      const [table, filter] =
        only === 'person' ? (['people', 'people_id'] as const) : (['projects', 'project_id'] as const);
      const one = asked === undefined ? {} : { [filter]: await names.resolve(table, asked) };
      const rows = await call.api.report(key, { start_date: range.from, end_date: range.to, ...one }, call);
      const lines = rows.map((line) => visibleJson(line));
      return {
        text: [`${rows.length} rows, ${rangeText(range)}.`, ...lines].join('\n'),
        data: { range, rows: [...rows] },
      };
    },
  });
}

const LOGGED = ALL_SPECS.filter(({ key }) => resourceOf(key).deletedLog === true);
const PLURALS = new Map(LOGGED.map(({ plural, key }) => [plural, key]));

const listDeleted = defineTool({
  name: 'list-deleted-records',
  title: 'List deleted records',
  description:
    'Ids of the records of a resource that were deleted, as far back as Float keeps them. Float logs this for three only.',
  input: z.strictObject({ resource: z.enum([...PLURALS.keys()]).describe('what was deleted') }),
  output: z.object({ resource: z.string(), ids: z.array(z.union([z.number(), z.string()])) }),
  annotations: READS,
  run: async ({ resource }, call) => {
    const key = PLURALS.get(resource) as ResourceKey;
    const ids = [...(await call.api.deleted(key, call))];
    return { text: `${ids.length} deleted ${resource}: ${ids.join(', ') || 'none'}.`, data: { resource, ids } };
  },
});

/** The tools of this file. */
export const MORE_TOOLS: readonly FloatTool[] = [
  mergeProjectTasks,
  createFromTemplate,
  reportTool({ key: 'people', name: 'get-people-report', only: 'person' }),
  reportTool({ key: 'projects', name: 'get-project-report', only: 'project' }),
  listDeleted,
];
