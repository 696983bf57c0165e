/** From a request to an answer, with every refusal in Float's shape. */
import type { Request, RequestHandler } from 'express';
import type { Readable, Resource } from '../../float/resources.js';
import type { Paging } from '../model/listing.js';
import { type Answer, Refusal, refusalAnswer } from '../refusal.js';
import type { AskedQuery } from '../rules/rules.js';
import type { World } from '../world.js';
import { inForms } from './forms.js';
import { send } from './send.js';

export type Handler = (world: World, resource: Resource, request: Request) => Answer;

export function answering(world: World, resource: Resource, handler: Handler): RequestHandler {
  return answeringWith(world, resource, (request) => {
    assertFeature(world, resource);
    return handler(world, resource, request);
  });
}

export function answeringWith(world: World, row: Readable, work: (request: Request) => Answer): RequestHandler {
  return function answer(request, response) {
    try {
      send(response, inForms(work(request), { forms: world.settings.forms, row }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, refusalAnswer(error, world.settings.invalidShape));
    }
  };
}

function assertFeature(world: World, resource: Resource): void {
  if (resource.quirks?.feature === undefined || world.settings.timeTracking) return;
  throw new Refusal(403, 'Time Tracking is not enabled for this team');
}

export function queryOf(request: Request): AskedQuery {
  const entries = Object.entries(request.query).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.at(-1) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** The only place where Float says how many records and pages there are. */
export function paginationHeaders({ total, pages, page, perPage }: Paging): Record<string, string> {
  return {
    'X-Pagination-Total-Count': String(total),
    'X-Pagination-Page-Count': String(pages),
    'X-Pagination-Current-Page': String(page),
    'X-Pagination-Per-Page': String(perPage),
  };
}
