import { type Resource, type ResourceKey, resourceOf } from '../../float/resources.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** Who wrote a record and when, as far as its table has room for it. */
export function authorship(world: World, resource: Resource, isNew: boolean): Row {
  const stamp = world.stamp();
  const author = world.ownerId();
  const all: Row = { modified: stamp, modified_by: author, ...(isNew ? { created: stamp, created_by: author } : {}) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in resource.fields));
}

/** For a record that changes because another one did: pollers of `modified_since` have to see it. */
export function touched(world: World, key: ResourceKey): Row {
  return authorship(world, resourceOf(key), false);
}
