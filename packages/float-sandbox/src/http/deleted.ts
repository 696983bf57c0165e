/** Routes of the logs of deletions. Reading continues with a cursor from a response header. */

import type { Router } from 'express';
import { deletedPath, PER_DELETED_PAGE, RESOURCE_KEYS, resourceOf } from 'float-api';
import type { World } from '../world.js';
import { queryOf, resourceHandler } from './handlers.js';

const DEFAULT_LIMIT = 100;

/** Adds the routes of all resources with a log. */
export function mountDeletedLog(router: Router, world: World): void {
  for (const key of RESOURCE_KEYS) {
    const resource = resourceOf(key);
    if (resource.deletedLog !== true) continue;
    const serve = resourceHandler(world, resource, (_world, _resource, request) => {
      const { cursor, limit } = queryOf(request);
      const most = Math.min(positive(limit) ?? DEFAULT_LIMIT, PER_DELETED_PAGE);
      const found = world.store.deletions(key, positive(cursor) ?? 0, most);
      const last = found.at(-1);
      const next = found.length === most && last !== undefined ? String(last.entry) : undefined;
      const data = found.map(({ id, at }) => ({ id, deleted: at }));
      if (world.settings.forms.includes('wrapped-deletions')) {
        return { status: 200, body: { data, next_cursor: next ?? null } };
      }
      const headers = next === undefined ? {} : { 'X-Pagination-Next-Cursor': next };
      return { status: 200, headers, body: data };
    });
    router.get(deletedPath(resource), serve);
  }
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
