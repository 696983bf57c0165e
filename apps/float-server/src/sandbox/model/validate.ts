import { type Field, fieldsOf, type Resource, spanField, writableOf } from '../../float/resources.js';
import type { FieldProblem } from '../refusal.js';
import type { RecordId, Row, Store } from '../store/store.js';
import { coerce } from './coerce.js';

export interface Checked {
  /** Only what the body named and the table knows as writable. */
  readonly values: Row;
  readonly problems: readonly FieldProblem[];
}

/** The table's own rules. Unknown and read-only names are dropped without a word, as Float does. */
export function checkBody(resource: Pick<Resource, 'fields'>, body: Row, mode: 'create' | 'update'): Checked {
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

/** Every id a body names must exist. Float answers 422 with the field's name, not 404. */
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

/** The end is not before the start. `row` is the record as it would be stored. */
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

/** Yii writes a label from the field's name: people_id is "People ID". */
export function problem(field: string, says: string): FieldProblem {
  const words = field.split('_').map((word) => (word === 'id' ? 'ID' : word));
  const label = words.join(' ');
  return { field, message: `${label.charAt(0).toUpperCase()}${label.slice(1)} ${says}` };
}
