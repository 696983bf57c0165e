/** Create, update and delete. Rules of the table apply first, then those of the resource, in one transaction. */
import { fieldsOf, idField, type Resource, type ResourceKey, resourceOf } from 'float-api';
import { invalid, recordNotFound } from '../api-error.js';
import { rulesOf } from '../rules/index.js';
import type { Draft } from '../rules/rules.js';
import { equal, type RecordId, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { authorship } from './authorship.js';
import { removeRecord } from './cascade.js';
import { checkBody, checkOrder, checkReferences } from './validate.js';

/** Creates a record. `id` is for the seed, whose ids are fixed. */
export function createRecord(world: World, key: ResourceKey, body: Row & { readonly id?: number }): Row {
  return world.store.transaction(() => {
    const resource = resourceOf(key);
    const values = acceptedValues(world, key, { body, mode: 'create' });
    const row = completed(world, key, { values });
    const fresh = {
      ...defaultsOf(resource),
      ...row,
      ...idOf(world, resource, body.id),
      ...authorship(world, resource, true),
    };
    assertAllowed(world, key, { row: fresh, draft: { values } });
    const id = world.store.insert(key, fresh);
    return saved(world, key, { id });
  });
}

/** Updates a record. */
export function updateRecord(world: World, key: ResourceKey, change: { id: RecordId; body: Row }): Row {
  return world.store.transaction(() => {
    const before = existing(world, key, change.id);
    const values = acceptedValues(world, key, { body: change.body, mode: 'update' });
    const changes = completed(world, key, { values, before });
    assertAllowed(world, key, { row: { ...before, ...changes }, draft: { values, before } });
    world.store.update(key, change.id, { ...changes, ...authorship(world, resourceOf(key), false) });
    return saved(world, key, { id: change.id, before });
  });
}

/** Performs an action. Its body is validated like that of a create. */
export function actOn(
  world: World,
  key: ResourceKey,
  asked: { name: string; body: Row },
): { row: Row; created: boolean } {
  const action = resourceOf(key).actions?.[asked.name];
  const rule = rulesOf(key).actions?.[asked.name];
  if (action === undefined || rule === undefined) throw new TypeError(`${key} has no action "${asked.name}"`);
  const { values, problems } = checkBody(action, asked.body, 'create');
  const all = [...problems, ...checkReferences(world.store, action, values)];
  if (all.length > 0) throw invalid(all);
  const row = world.store.transaction(() => rule.run(world, values, (...made) => createRecord(world, ...made)));
  return { row, created: rule.creates === true };
}

/** Deletes a record. */
export function deleteRecord(world: World, key: ResourceKey, id: RecordId): void {
  world.store.transaction(() => {
    const row = existing(world, key, id);
    const rules = rulesOf(key);
    const problems = rules.checkDelete?.(world, row) ?? [];
    if (problems.length > 0) throw invalid(problems);
    rules.beforeDelete?.(world, row);
    removeRecord(world, key, id);
  });
}

/** The stored row of an id. @throws Refusal 404 */
export function existing(world: World, key: ResourceKey, id: RecordId): Row {
  const { visible, locate } = rulesOf(key);
  const own = equal(idField(resourceOf(key)), id);
  const found = locate ? locate(world, id) : world.store.select(key, { where: visible ? [own, visible] : [own] })[0];
  if (found === undefined) throw recordNotFound(id);
  return found;
}

function acceptedValues(world: World, key: ResourceKey, asked: { body: Row; mode: 'create' | 'update' }): Row {
  const resource = resourceOf(key);
  const body = rulesOf(key).normalise?.(asked.body) ?? asked.body;
  const { values, problems } = checkBody(resource, body, asked.mode);
  const all = [...problems, ...checkReferences(world.store, resource, values)];
  if (all.length > 0) throw invalid(all);
  return values;
}

function completed(world: World, key: ResourceKey, draft: Draft): Row {
  return { ...draft.values, ...rulesOf(key).complete?.(world, draft) };
}

function assertAllowed(world: World, key: ResourceKey, candidate: { row: Row; draft: Draft }): void {
  const own = rulesOf(key).check?.(world, candidate.row, candidate.draft) ?? [];
  const problems = [...checkOrder(resourceOf(key), candidate.row), ...own];
  if (problems.length > 0) throw invalid(problems);
}

function saved(world: World, key: ResourceKey, change: { id: RecordId; before?: Row }): Row {
  const row = world.store.find(key, change.id) ?? {};
  rulesOf(key).afterSave?.(world, row, change.before);
  return row;
}

function defaultsOf(resource: Resource): Row {
  return Object.fromEntries(
    fieldsOf(resource).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])),
  );
}

function idOf(world: World, resource: Resource, given: number | undefined): Row {
  const name = idField(resource);
  if (resource.fields[name]?.type === 'hex-id') return { [name]: world.nextHexId() };
  return given === undefined ? {} : { [name]: given };
}
