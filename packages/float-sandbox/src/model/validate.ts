import { type Field, fieldsOf, type Resource, spanField, writableOf } from 'float-api';
import type { FieldProblem } from '../api-error.js';
import type { RecordId, Row, Store } from '../store/store.js';
import { coerce } from './coerce.js';

/** A validated body. */
export interface ValidatedBody {
  /** Values of writable fields in the body. */
  readonly values: Row;
  readonly problems: readonly FieldProblem[];
}

/** Validates a body against its table. Unknown and read-only fields are dropped silently, as in Float. */
export function checkBody(resource: Pick<Resource, 'fields'>, body: Row, mode: 'create' | 'update'): ValidatedBody {
  const values: Row = {};
  const problems: FieldProblem[] = [];
  for (const [name, field] of writableOf(resource)) {
    const value = body[name];
    if (field.required && isBlank(field, value) && (mode === 'create' || value !== undefined)) {
      problems.push(problem(name, 'cannot be blank.'));
      continue;
    }
    if (value === undefined) continue;
    const coerced = value === null ? { value: field.default ?? null } : coerce(field, value);
    if ('problem' in coerced) problems.push(problem(name, coerced.problem));
    else values[name] = coerced.value;
  }
  return { values, problems };
}

function isBlank(field: Field, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return value === '' && !field.mayBeEmpty;
}

/** Checks that referenced records exist. Float responds with 422 and the field's name, not 404. */
export function checkReferences(store: Store, resource: Pick<Resource, 'fields'>, values: Row): FieldProblem[] {
  return fieldsOf(resource).flatMap(([name, field]) => {
    const target = field.ref;
    if (target === undefined) return [];
    const missing = idsIn(values[name], field).some((id) => store.find(target, id) === undefined);
    return missing ? [problem(name, 'is invalid.')] : [];
  });
}

function idsIn(value: unknown, field: Field): RecordId[] {
  const ids = Array.isArray(value) ? value : [value];
  return ids.filter((id) => typeof id === 'number' && !(field.zeroIsNone && id === 0));
}

/** Checks that the end is not before the start. `row` is the record as it would be stored. */
export function checkOrder(resource: Resource, row: Row): FieldProblem[] {
  const start = textAt(row, spanField(resource, 'start'));
  return (['end', 'until'] as const).flatMap((part) => {
    const name = spanField(resource, part);
    const end = textAt(row, name);
    if (name === undefined || start === undefined || end === undefined || end >= start) return [];
    return [problem(name, 'must not be before the start date.')];
  });
}

function textAt(row: Row, name: string | undefined): string | undefined {
  const value = name === undefined ? undefined : row[name];
  return typeof value === 'string' ? value : undefined;
}

/** A problem with a field. Yii derives the label from the field's name: people_id becomes "People ID". */
export function problem(field: string, says: string): FieldProblem {
  const words = field.split('_').map((word) => (word === 'id' ? 'ID' : word));
  const label = words.join(' ');
  return { field, message: `${label.charAt(0).toUpperCase()}${label.slice(1)} ${says}` };
}
