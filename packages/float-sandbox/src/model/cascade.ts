/** Deletion of records with their references, as declared by `ref` and `cascade` in the resource table. */
import { type Field, fieldsOf, idField, RESOURCE_KEYS, type ResourceKey, resourceOf } from 'float-api';
import { equal, holds, type RecordId } from '../store/store.js';
import type { World } from '../world.js';
import { touched } from './authorship.js';

interface Reference {
  readonly key: ResourceKey;
  readonly name: string;
  readonly field: Field;
}

const REFERENCES: readonly Reference[] = RESOURCE_KEYS.flatMap((key) =>
  fieldsOf(resourceOf(key))
    .filter(([, field]) => field.ref !== undefined)
    .map(([name, field]) => ({ key, name, field })),
);

/** Deletes a record and everything that depends on it; other references to it are cleared. */
export function removeRecord(world: World, key: ResourceKey, id: RecordId): void {
  world.store.remove(key, id);
  world.store.logDeletion(key, id, world.stamp());
  for (const reference of REFERENCES) {
    if (reference.field.ref === key) release(world, reference, id);
  }
}

function release(world: World, reference: Reference, gone: RecordId): void {
  const { key, name, field } = reference;
  const isList = field.type === 'integers';
  const where = [isList ? holds(name, gone) : equal(name, gone)];
  for (const row of world.store.select(key, { where })) {
    const id = row[idField(resourceOf(key))] as RecordId;
    const rest = isList ? others(row[name], gone) : [];
    if (field.cascade && rest.length === 0) removeRecord(world, key, id);
    else world.store.update(key, id, { [name]: isList ? rest : cleared(field), ...touched(world, key) });
  }
}

function others(ids: unknown, gone: RecordId): unknown[] {
  return Array.isArray(ids) ? ids.filter((id) => id !== gone) : [];
}

function cleared(field: Field): 0 | null {
  return field.zeroIsNone ? 0 : null;
}
