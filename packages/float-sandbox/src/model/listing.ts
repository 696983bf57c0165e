/** Translates list queries to SQL. Unknown parameters and malformed values are ignored, as in Float. */
import { type FilterRow, filtersOf, type Resource, type ResourceKey, resourceOf, sortsOf, spanField } from 'float-api';
import { isDay } from 'resource-planning';
import { invalid } from '../api-error.js';
import { rulesOf } from '../rules/index.js';
import type { RequestQuery } from '../rules/rules.js';
import { quote } from '../store/columns.js';
import { type Clause, idColumn, type Row } from '../store/store.js';
import { stampOf } from '../timestamp.js';
import type { World } from '../world.js';
import { problem } from './validate.js';

/** Numbers of a page. */
export interface Paging {
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly perPage: number;
}
/** A page of rows. */
export interface RowPage extends Paging {
  readonly rows: readonly Row[];
}

const DEFAULT_PER_PAGE = 50;
const MAX_PER_PAGE = 200;

/** Reads a page of a list. */
export function listRecords(world: World, key: ResourceKey, query: RequestQuery): RowPage {
  const { visible, scope } = rulesOf(key);
  const where = [...filterClauses(world, key, query), ...(visible ? [visible] : []), ...(scope?.(world, query) ?? [])];
  const paging = pagingOf(world.store.count(key, where), query);
  const { page, perPage } = paging;
  const order = orderOf(resourceOf(key), query['sort']);
  const rows = world.store.select(key, { where, order, limit: perPage, offset: (page - 1) * perPage });
  return { ...paging, rows };
}

/** Computes a page. Past the end the last page is repeated, which is Yii2's default and so probably Float's. */
export function pagingOf(total: number, query: RequestQuery): Paging {
  const perPage = Math.min(positive(query['per-page']) ?? DEFAULT_PER_PAGE, MAX_PER_PAGE);
  const pages = Math.ceil(total / perPage);
  return { total, pages, perPage, page: Math.min(positive(query['page']) ?? 1, Math.max(1, pages)) };
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function orderOf(resource: Resource, sort: string | undefined): string {
  const name = sort?.replace(/^-/, '') ?? '';
  const byId = idColumn(resource.key);
  if (!sortsOf(resource).includes(name)) return byId;
  return `${quote(name)} ${sort?.startsWith('-') ? 'DESC' : 'ASC'}, ${byId}`;
}

function filterClauses(world: World, key: ResourceKey, query: RequestQuery): Clause[] {
  const resource = resourceOf(key);
  const special = rulesOf(key).filters ?? {};
  const clauses: Clause[] = [];
  for (const [name, row] of filtersOf(resource)) {
    const value = query[name];
    if (value === undefined || value === '') continue;
    const clause = special[name]?.(value, world) ?? fieldClause(row, value);
    if (clause !== undefined) clauses.push(clause);
  }
  return [...clauses, ...rangeClause(resource, query), ...sinceClause(resource, query)];
}

/** Compares texts without case; commas separate alternatives. */
function fieldClause(row: FilterRow, value: string): Clause | undefined {
  if (row.field === undefined) return undefined;
  const column = quote(row.field);
  const wanted = value.split(',').map((word) => word.trim());
  const marks = wanted.map(() => '?').join(', ');
  if (row.type === 'integer' || row.type === 'flag')
    return { sql: `${column} IN (${marks})`, values: wanted.map(Number) };
  const values = wanted.map((word) => word.toLowerCase());
  if (row.type === 'string') return { sql: `lower(${column}) IN (${marks})`, values };
  const element = row.type === 'objects' ? "json_extract(value, '$.name')" : 'value';
  return { sql: `EXISTS (SELECT 1 FROM json_each(${column}) WHERE lower(${element}) IN (${marks}))`, values };
}

function rangeClause(resource: Resource, query: RequestQuery): Clause[] {
  const { start_date: from, end_date: to } = query;
  if (!resource.range || (from === undefined && to === undefined)) return [];
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) {
    const lonely = from === undefined || !isDay(from) ? 'start_date' : 'end_date';
    throw invalid([problem(lonely, 'must be a date, and both dates are needed.')]);
  }
  const on = spanField(resource, 'on');
  return [on === undefined ? blockClause(resource, { from, to }) : dayClause(resource, on, { from, to })];
}

function dayClause(resource: Resource, on: string, { from, to }: { from: string; to: string }): Clause {
  const isList = resource.fields[on]?.type === 'dates';
  const sql = isList
    ? `EXISTS (SELECT 1 FROM json_each(${quote(on)}) WHERE value BETWEEN ? AND ?)`
    : `${quote(on)} BETWEEN ? AND ?`;
  return { sql, values: [from, to] };
}

/** Matches blocks that overlap the range, and series until they end. */
function blockClause(resource: Resource, { from, to }: { from: string; to: string }): Clause {
  const [start, end, until] = (['start', 'end', 'until'] as const).map((part) => spanField(resource, part));
  const last = `coalesce(${quote(end ?? '')}, ${quote(start ?? '')}) >= ?`;
  if (until === undefined) return { sql: `${quote(start ?? '')} <= ? AND ${last}`, values: [to, from] };
  const series = `repeat_state > 0 AND coalesce(${quote(until)}, '9999-12-31') >= ?`;
  return { sql: `${quote(start ?? '')} <= ? AND (${last} OR (${series}))`, values: [to, from, from] };
}

/** Takes YYYY-MM-DD hh:mm:ss or Unix seconds, inclusive. */
function sinceClause(resource: Resource, query: RequestQuery): Clause[] {
  const since = query['modified_since'];
  if (since === undefined || !resource.supports?.includes('modified_since')) return [];
  const stamp = /^\d+$/.test(since) ? stampOf(Number(since) * 1_000) : since;
  return [{ sql: 'modified >= ?', values: [stamp] }];
}
