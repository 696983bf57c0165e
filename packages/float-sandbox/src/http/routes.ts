/** Routes of every operation and action that the resource table declares. */

import { type Request, Router } from 'express';
import { idField, RESOURCE_KEYS, type Resource, type ResourceKey, resourceOf, supports } from 'float-api';
import { ApiError, recordNotFound } from '../api-error.js';
import { listRecords } from '../model/listing.js';
import { presentRecord } from '../model/present.js';
import { actOn, createRecord, deleteRecord, existing, updateRecord } from '../model/records.js';
import type { RecordId, Row } from '../store/store.js';
import type { World } from '../world.js';
import { mountDeletedLog } from './deleted.js';
import { type Handler, paginationHeaders, queryOf, resourceHandler } from './handlers.js';
import { mountReports } from './reports.js';

/** The router of all resources and reports. */
export function routesOf(world: World): Router {
  const router = Router();
  for (const key of RESOURCE_KEYS) mount(router, world, key);
  mountReports(router, world);
  mountDeletedLog(router, world);
  return router;
}

function mount(router: Router, world: World, key: ResourceKey): void {
  const resource = resourceOf(key);
  const serve = (handler: Handler) => resourceHandler(world, resource, handler);
  const item = `${resource.path}/:id`;
  if (supports(resource, 'list')) router.get(resource.path, serve(list));
  if (supports(resource, 'get')) router.get(item, serve(get));
  if (supports(resource, 'create')) router.post(resource.path, serve(create));
  if (supports(resource, 'update')) router.patch(item, serve(update));
  if (supports(resource, 'delete')) router.delete(item, serve(remove));
  for (const [name, action] of Object.entries(resource.actions ?? {})) router.post(action.path, serve(act(name)));
}

const list: Handler = (world, resource, request) => {
  const query = queryOf(request);
  const { rows, ...paging } = listRecords(world, resource.key, query);
  const headers = paginationHeaders(paging);
  if (paging.total === 0 && resource.quirks?.emptyListIs204) return { status: 204, headers };
  return { status: 200, headers, body: rows.map((row) => presentRecord(world, resource.key, { row, query })) };
};

const get: Handler = (world, resource, request) => {
  const row = existing(world, resource.key, idOf(resource, request));
  return { status: 200, body: presentRecord(world, resource.key, { row, query: queryOf(request) }) };
};

const create: Handler = (world, resource, request) => {
  const { id: _, ...body } = bodyOf(request);
  const before = replaceable(world, resource);
  const row = createRecord(world, resource.key, body);
  const record = presentRecord(world, resource.key, { row, query: {} });
  if (resource.quirks?.createsArray) return { status: 200, body: [record] };
  return {
    status: 201,
    headers: locationOf(resource, request, row),
    body: wrapped(world, resource, { record, before }),
  };
};

const update: Handler = (world, resource, request) => {
  const before = replaceable(world, resource);
  const row = updateRecord(world, resource.key, { id: idOf(resource, request), body: bodyOf(request) });
  const record = presentRecord(world, resource.key, { row, query: {} });
  return { status: 200, body: wrapped(world, resource, { record, before }) };
};

const remove: Handler = (world, resource, request) => {
  deleteRecord(world, resource.key, idOf(resource, request));
  return { status: 204 };
};

function act(name: string): Handler {
  return (world, resource, request) => {
    const { row, created } = actOn(world, resource.key, { name, body: bodyOf(request) });
    const body = presentRecord(world, resource.key, { row, query: {} });
    return created ? { status: 201, headers: locationOf(resource, request, row), body } : { status: 200, body };
  };
}

function locationOf(resource: Resource, request: Request, row: Row): Record<string, string> {
  return { Location: `${request.protocol}://${request.host}/v3${resource.path}/${row[idField(resource)]}` };
}

/** Rows that a new status may replace; Float returns the replaced ones with it. */
function replaceable(world: World, resource: Resource): Row[] {
  return resource.quirks?.wrapper === undefined ? [] : world.store.select(resource.key);
}

function wrapped(world: World, resource: Resource, written: { record: Row; before: Row[] }): unknown {
  const wrapper = resource.quirks?.wrapper;
  if (wrapper === undefined) return written.record;
  const gone = written.before.filter(
    (row) => world.store.find(resource.key, row[idField(resource)] as RecordId) === undefined,
  );
  return { [wrapper]: [...gone.map((row) => presentRecord(world, resource.key, { row, query: {} })), written.record] };
}

function idOf(resource: Resource, request: Request): RecordId {
  const text = String(request.params['id']);
  if (resource.fields[idField(resource)]?.type === 'hex-id') return text;
  if (!/^\d{1,15}$/.test(text)) throw recordNotFound(text);
  return Number(text);
}

function bodyOf(request: Request): Row {
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Row;
  throw new ApiError(400, 'The body must be a JSON object.');
}
