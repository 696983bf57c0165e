/** Express handlers for the sandbox's routes, with errors in Float's format. */

import type { Request, RequestHandler } from 'express';
import type { Readable, Resource } from 'float-api';
import { ApiError, type ApiResponse, errorResponse } from '../api-error.js';
import type { Paging } from '../model/listing.js';
import type { RequestQuery } from '../rules/rules.js';
import type { World } from '../world.js';
import { applyForms } from './response-forms.js';
import { send } from './send.js';

/** Handles a request to a resource. */
export type Handler = (world: World, resource: Resource, request: Request) => ApiResponse;

/** Makes an Express handler; fails with 403 if the resource's feature is switched off. */
export function resourceHandler(world: World, resource: Resource, handler: Handler): RequestHandler {
  return requestHandler(world, resource, (request) => {
    assertFeature(world, resource);
    return handler(world, resource, request);
  });
}

/** Makes an Express handler from a function of the request. */
export function requestHandler(world: World, row: Readable, work: (request: Request) => ApiResponse): RequestHandler {
  return function answer(request, response) {
    try {
      send(response, applyForms(work(request), { forms: world.settings.forms, row }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      send(response, errorResponse(error, world.settings.invalidShape));
    }
  };
}

function assertFeature(world: World, resource: Resource): void {
  if (resource.quirks?.feature === undefined || world.settings.timeTracking) return;
  throw new ApiError(403, 'Time Tracking is not enabled for this team');
}

/** The query parameters of a request. The last of repeated ones counts. */
export function queryOf(request: Request): RequestQuery {
  const entries = Object.entries(request.query).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.at(-1) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** Pagination headers. Float reports the number of records and pages nowhere else. */
export function paginationHeaders({ total, pages, page, perPage }: Paging): Record<string, string> {
  return {
    'X-Pagination-Total-Count': String(total),
    'X-Pagination-Page-Count': String(pages),
    'X-Pagination-Current-Page': String(page),
    'X-Pagination-Per-Page': String(perPage),
  };
}
