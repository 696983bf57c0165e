import { isObject, jsonValue } from './answer.js';
import { FloatApiError } from './errors.js';
import { idField, type Resource, writableOf } from './resources.js';
import type { RawAnswer } from './transport.js';

/**
 * The JSON text of a create or update. A name Float does not know is refused, because Float drops it in silence: the
 * caller would believe it was stored. Read-only names pass; Float ignores them, so a record may be sent back whole.
 */
export function bodyText(resource: Resource, body: object): string {
  const unknown = Object.keys(body).filter((name) => !(name in resource.fields));
  if (unknown.length > 0) {
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

/** The record a single read or a write answered with, out of whatever it is wrapped in. */
export function answeredRecord(resource: Resource, raw: RawAnswer, endpoint: string): Record<string, unknown> {
  const value = unwrap(resource, jsonValue(raw, endpoint));
  if (isObject(value)) return value;
  throw new FloatApiError('bad-answer', { endpoint, status: raw.status, said: 'expected a record' });
}

function unwrap(resource: Resource, value: unknown): unknown {
  const wrapper = resource.quirks?.wrapper;
  const inner = wrapper !== undefined && isObject(value) && wrapper in value ? value[wrapper] : value;
  return Array.isArray(inner) ? newest(resource, inner) : inner;
}

/** A status that replaced an older one is answered beside it: ids grow, so the newest has the highest. */
function newest(resource: Resource, records: readonly unknown[]): unknown {
  const id = idField(resource);
  const found = records.filter(isObject);
  return found.reduce<Record<string, unknown> | undefined>(
    (best, record) => (best === undefined || Number(record[id]) > Number(best[id]) ? record : best),
    undefined,
  );
}
