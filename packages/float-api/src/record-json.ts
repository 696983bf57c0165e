import { coerceTypes } from './coerce-types.js';
import { FloatApiError } from './errors.js';
import { type Action, idField, type Resource, writableOf } from './resources.js';
import { isObject, jsonValue } from './response.js';
import type { RawResponse } from './transport.js';

/**
 * The JSON body of a create or update. Unknown fields are rejected, because Float drops them silently and the caller would
 * believe them stored. Read-only fields pass, since Float ignores them: a record may be sent back as a whole.
 *
 * @throws FloatApiError `invalid`
 */
export function bodyText(resource: Resource | Action, body: object): string {
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(resource.fields, name));
  // The fields of an undocumented resource are not known.
  if (unknown.length > 0 && !('guessed' in resource)) {
    const known = writableOf(resource).map(([name]) => name);
    const problem = `no such field; there are ${known.join(', ')}`;
    throw new FloatApiError('invalid', {
      endpoint: resource.path,
      summary: 'refused before sending, because Float would ignore it',
      details: Object.fromEntries(unknown.map((name) => [name, problem])),
    });
  }
  return JSON.stringify(body);
}

/** Parses the record in the response to a read or write, unwrapping it where necessary. */
export function recordFromResponse(
  resource: Resource,
  raw: RawResponse,
  { endpoint, id }: RecordRequest,
): Record<string, unknown> {
  const value = unwrap(resource, jsonValue(raw, endpoint), id);
  if (isObject(value)) return coerceTypes(resource, value);
  throw new FloatApiError('bad-answer', { endpoint, status: raw.status, reason: 'expected a record' });
}

/** The request a record was returned for. */
export interface RecordRequest {
  readonly endpoint: string;
  /** Id of the record that was read or changed; undefined for a new one. */
  readonly id?: number | string | undefined;
}

function unwrap(resource: Resource, value: unknown, id: RecordRequest['id']): unknown {
  const wrapper = resource.quirks?.wrapper;
  const inner = wrapper !== undefined && isObject(value) && wrapper in value ? value[wrapper] : value;
  if (!Array.isArray(inner)) return inner;
  const own = inner.find(
    (record) => isObject(record) && id !== undefined && String(record[idField(resource)]) === String(id),
  );
  return own ?? newest(resource, inner);
}

/** A status that replaces older ones is returned with them. Ids increase, so the newest has the highest. */
function newest(resource: Resource, records: readonly unknown[]): unknown {
  const id = idField(resource);
  const found = records.filter(isObject);
  return found.reduce<Record<string, unknown> | undefined>(
    (best, record) => (best === undefined || Number(record[id]) > Number(best[id]) ? record : best),
    undefined,
  );
}
