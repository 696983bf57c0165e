import { type Page, resourceOf } from 'float-api';
import * as z from 'zod';
import { named, visibleJson } from '../../untrusted-text.js';
import { Directory, idOf, type RawRecord } from '../directory.js';
import { type Answer, defineTool, type FloatTool, READS, type ToolCall } from '../tool.js';
import { lineOf, linesOf, type PresentedRecord, presentRecord } from './presentation.js';
import { findShape, localFilter, queryOf } from './query.js';
import type { RecordSpec } from './spec.js';

/** Records per call. More help no reader and fill the model's context. */
const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 25;

/** The result of a find. */
export const FOUND = z.object({
  total: z.number().describe('records that match'),
  skipped: z.number(),
  filters: z.string().describe('what was filtered by'),
  records: z.array(z.looseObject({ id: z.union([z.number(), z.string()]) })),
});
/** The structured result of a find. */
export type Found = z.output<typeof FOUND>;

/** The paging arguments of a find. */
export const PAGING = {
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('most records to answer'),
  skip: z.number().int().min(0).max(1_000_000).default(0).describe('matching records to leave out first'),
};

/** The arguments of a find. */
export function findInput(spec: RecordSpec): z.ZodObject {
  return z.strictObject({ ...findShape(spec), ...PAGING });
}

/** Makes the find tool of a resource: one record by id, or a filtered list. */
export function findTool(spec: RecordSpec): FloatTool {
  const { about } = resourceOf(spec.key);
  return defineTool({
    name: `find-${spec.plural}`,
    title: `Find ${spec.plural.replaceAll('-', ' ')}`,
    description: [about, spec.notes, 'Lists records by filters, or reads one by id.'].filter(Boolean).join(' '),
    input: findInput(spec),
    output: FOUND,
    annotations: READS,
    run: (args: RawRecord, call) => findRecords(spec, args, call),
  });
}

/** Finds records. The arguments have been validated against `findInput`. */
export function findRecords(spec: RecordSpec, args: RawRecord, call: ToolCall): Promise<Answer<Found>> {
  return args['id'] === undefined ? findMany(spec, args, call) : findOne(spec, args, call);
}

async function findOne(spec: RecordSpec, args: RawRecord, call: ToolCall): Promise<Answer<Found>> {
  const options = { ...call, ...(spec.details === undefined ? {} : { expand: spec.details }) };
  const names = Directory.forReading(call);
  const id = await idOf(spec.key, args['id'], names);
  const record: RawRecord = await call.api.get(spec.key, id, options);
  const whole = await presentRecord(spec, record, names);
  return {
    text: linesOf(whole),
    data: { total: 1, skipped: 0, filters: `id ${named(String(id))}`, records: [whole] },
  };
}

async function findMany(spec: RecordSpec, args: RawRecord, call: ToolCall): Promise<Answer<Found>> {
  const names = Directory.forReading(call);
  const query = await queryOf(spec, args, call);
  const keep = await localFilter(spec, args, { names, today: call.today() });
  const limits = { skip: Number(args['skip']), limit: Number(args['limit']) };
  const { records, total } = await matching(call.api.list(spec.key, query, call), keep, limits);
  const rows = await Promise.all(records.map((record) => presentRecord(spec, record, names)));
  const data = { total, skipped: limits.skip, filters: filtersText(args), records: rows };
  return { text: [summary(data, spec), ...rows.map((row: PresentedRecord) => lineOf(spec, row))].join('\n'), data };
}

interface Limits {
  readonly skip: number;
  readonly limit: number;
}

/**
 * Reads only the pages the answer needs. A local filter needs all of them, since the total would otherwise be unknown.
 */
async function matching(
  pages: AsyncIterable<Page<RawRecord>>,
  keep: ((record: RawRecord) => boolean) | undefined,
  { skip, limit }: Limits,
): Promise<{ records: readonly RawRecord[]; total: number }> {
  const found: RawRecord[] = [];
  let total = 0;
  for await (const page of pages) {
    found.push(...(keep === undefined ? page.records : page.records.filter(keep)));
    // Without Float's page count only the end of the list gives the total.
    const isCounted = keep === undefined && page.pages !== undefined;
    total = isCounted ? page.total : found.length;
    if (isCounted && found.length >= skip + limit) break;
  }
  return { records: found.slice(skip, skip + limit), total };
}

function filtersText(args: RawRecord): string {
  const used = Object.entries(args).filter(([name, value]) => !NOT_FILTERS.has(name) && value !== undefined);
  return used.length === 0
    ? 'none'
    : used
        .map(([name, value]) => `${name} = ${typeof value === 'string' ? named(value) : visibleJson(value)}`)
        .join(', ');
}

const NOT_FILTERS = new Set(['limit', 'skip', 'sort']);

function summary({ total, skipped, filters, records }: Found, spec: RecordSpec): string {
  const what = `${resourceOf(spec.key).singular} record${total === 1 ? '' : 's'}`;
  const part = records.length === total ? '' : `, ${records.length} shown${skipped > 0 ? ` after ${skipped}` : ''}`;
  return `${total} ${what} (filters: ${filters})${part}.`;
}
