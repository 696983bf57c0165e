import { FloatApiError } from './errors.js';
import { expandsOf, fieldsOf, filtersOf, type Readable } from './resources.js';

/** The value of a query parameter. */
export type QueryValue = string | number | boolean | readonly (string | number)[];
/** Filters by Float's names, and `modified_since`, `fields`, `sort`, `expand` where the resource supports them. */
export type Query = Readonly<Record<string, QueryValue | undefined>>;

/**
 * Encodes a query. Unknown names are rejected, because Float ignores them silently and returns everything: the result
 * would look filtered without being so.
 *
 * @throws FloatApiError `invalid`
 */
export function encodeQuery(resource: Readable, query: Query): URLSearchParams {
  const details = problemsOf(resource, query);
  if (Object.keys(details).length > 0) {
    const summary = 'refused before sending, because Float would ignore or reject it';
    throw new FloatApiError('invalid', { endpoint: `GET ${resource.path}`, summary, details });
  }
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) encoded.set(name, textOf(value));
  }
  return encoded;
}

function problemsOf(resource: Readable, query: Query): Record<string, string> {
  const known = new Set<string>([...filtersOf(resource).keys(), ...(resource.supports ?? [])]);
  if (expandsOf(resource).length > 0) known.add('expand');
  const details: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const problem = known.has(name) ? valueProblem(resource, name, value) : unknownName(known);
    if (problem !== undefined) details[name] = problem;
  }
  const half = resource.range ? unpairedDate(query) : undefined;
  if (half !== undefined) details[half] = 'start_date and end_date are only accepted together';
  return details;
}

function unknownName(known: ReadonlySet<string>): string {
  return known.size === 0 ? 'this list has no filters' : `no such filter; there are ${[...known].sort().join(', ')}`;
}

function valueProblem(resource: Readable, name: string, value: QueryValue): string | undefined {
  if (name === 'expand') return unknownWords(textOf(value), expandsOf(resource));
  const fields = fieldsOf(resource).map(([field]) => field);
  if (name === 'fields') return unknownWords(textOf(value), fields);
  if (name === 'sort') return unknownWords(textOf(value).replace(/^-/, ''), fields);
  return undefined;
}

function unknownWords(text: string, known: readonly string[]): string | undefined {
  const unknown = text.split(',').filter((word) => !known.includes(word));
  return unknown.length === 0 ? undefined : `unknown: ${unknown.join(', ')}; there are ${known.join(', ')}`;
}

function unpairedDate(query: Query): string | undefined {
  const hasStart = query['start_date'] !== undefined;
  const hasEnd = query['end_date'] !== undefined;
  if (hasStart === hasEnd) return undefined;
  return hasStart ? 'end_date' : 'start_date';
}

function textOf(value: QueryValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Array.isArray(value) ? value.join(',') : String(value);
}
