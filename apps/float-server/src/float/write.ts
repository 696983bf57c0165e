import { isObject, jsonValue } from './answer.js';
import { asDeclared } from './declared.js';
import { FloatApiError } from './errors.js';
import { type Action, idField, type Resource, writableOf } from './resources.js';
import type { RawAnswer } from './transport.js';

/**
 * The JSON text of a create or update. A name Float does not know is refused, because Float drops it in silence: the
 * caller would believe it was stored. Read-only names pass; Float ignores them, so a record may be sent back whole.
 */
export function bodyText(resource: Resource | Action, body: object): string {
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(resource.fields, name));
  // Of a guessed row nobody knows which names Float drops.
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

/** The record a single read or a write answered with, out of whatever it is wrapped in. */
export function answeredRecord(resource: Resource, raw: RawAnswer, { endpoint, id }: Asked): Record<string, unknown> {
  const value = unwrap(resource, jsonValue(raw, endpoint), id);
  if (isObject(value)) return asDeclared(resource, value);
  throw new FloatApiError('bad-answer', { endpoint, status: raw.status, said: 'expected a record' });
}

export interface Asked {
  readonly endpoint: string;
  /** The record that was read or changed; a new one has no id yet. */
  readonly id?: number | string | undefined;
}

function unwrap(resource: Resource, value: unknown, id: Asked['id']): unknown {
  const wrapper = resource.quirks?.wrapper;
  const inner = wrapper !== undefined && isObject(value) && wrapper in value ? value[wrapper] : value;
  if (!Array.isArray(inner)) return inner;
  const own = inner.find(
    (record) => isObject(record) && id !== undefined && String(record[idField(resource)]) === String(id),
  );
  return own ?? newest(resource, inner);
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
