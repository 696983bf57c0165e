/** The log of deletions, read with a cursor. Only that much of it is public; the names in the answer are ours. */
import type { Router } from 'express';
import { RESOURCE_KEYS, resourceOf } from '../../float/resources.js';
import type { World } from '../world.js';
import { answering, queryOf } from './answering.js';

const PER_PAGE = 200;

export function mountDeletedLog(router: Router, world: World): void {
  for (const key of RESOURCE_KEYS) {
    const resource = resourceOf(key);
    const serve = answering(world, resource, (_world, _resource, request) => {
      const after = Number(queryOf(request)['cursor'] ?? 0);
      const found = world.store.deletions(key, Number.isSafeInteger(after) ? after : 0, PER_PAGE);
      const last = found.at(-1);
      const next = found.length === PER_PAGE && last !== undefined ? String(last.entry) : null;
      return { status: 200, body: { data: found.map(({ id, at }) => ({ id, deleted: at })), next_cursor: next } };
    });
    router.get(`/deleted${resource.path}`, serve);
  }
}
