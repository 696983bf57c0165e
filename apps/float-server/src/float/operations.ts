/** What Float's API can do at all: asked for anything else, the client refuses before it sends. */
import { FloatApiError } from './errors.js';
import { type Action, type Operation, type Resource, type ResourceKey, resourceOf, supports } from './resources.js';

export function rowFor(resource: ResourceKey, operation: Operation): Resource {
  const row = resourceOf(resource);
  if (supports(row, operation)) return row;
  throw cannot(row, operation);
}

/** A resource with a log of its deleted records. */
export function rowWithDeletedLog(resource: ResourceKey): Resource {
  const row = resourceOf(resource);
  if (row.deletedLog === true) return row;
  const summary = `Float keeps no log of what was deleted of this kind: ${row.singular}`;
  throw new FloatApiError('invalid', { endpoint: row.path, summary });
}

export function actionFor(resource: ResourceKey, action: string): { readonly row: Resource; readonly made: Action } {
  const row = resourceOf(resource);
  const made = row.actions?.[action];
  if (made === undefined) throw cannot(row, action);
  return { row, made };
}

function cannot(row: Resource, operation: string): FloatApiError {
  const summary = `Float's API cannot ${operation} a ${row.singular}`;
  return new FloatApiError('invalid', { endpoint: row.path, summary });
}

export function itemPath(row: Resource, id: number | string): string {
  return `${row.path}/${encodeURIComponent(String(id))}`;
}
