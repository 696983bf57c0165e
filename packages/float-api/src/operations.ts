/** Checks of operations against the resource table, made before anything is sent. */
import { FloatApiError } from './errors.js';
import { type Action, type Operation, type Resource, type ResourceKey, resourceOf, supports } from './resources.js';

/** The row of a resource. @throws FloatApiError `invalid` if it lacks the operation */
export function rowFor(resource: ResourceKey, operation: Operation): Resource {
  const row = resourceOf(resource);
  if (supports(row, operation)) return row;
  throw cannot(row, operation);
}

/** The row of a resource with a log of deletions. @throws FloatApiError `invalid` if it has none */
export function rowWithDeletedLog(resource: ResourceKey): Resource {
  const row = resourceOf(resource);
  if (row.deletedLog === true) return row;
  const summary = `Float keeps no log of deleted records of this kind: ${row.singular}`;
  throw new FloatApiError('invalid', { endpoint: row.path, summary });
}

/** The row and action of a resource. @throws FloatApiError `invalid` if there is no such action */
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

/** Path of one record. */
export function itemPath(row: Resource, id: number | string): string {
  return `${row.path}/${encodeURIComponent(String(id))}`;
}
