import { type Resource, type ResourceKey, resourceOf } from 'float-api';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** Author and timestamps of a record, as far as its table has these fields. */
export function authorship(world: World, resource: Resource, isNew: boolean): Row {
  const stamp = world.stamp();
  const author = world.ownerId();
  const all: Row = { modified: stamp, modified_by: author, ...(isNew ? { created: stamp, created_by: author } : {}) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in resource.fields));
}

/** Modification stamps for a record that changes because of another one, so that `modified_since` finds it. */
export function touched(world: World, key: ResourceKey): Row {
  return authorship(world, resourceOf(key), false);
}
