/** Five routes for every resource, as far as its row says they exist. */
import { type Request, type RequestHandler, Router } from 'express';
import {
  idField,
  RESOURCE_KEYS,
  type Resource,
  type ResourceKey,
  resourceOf,
  supports,
} from '../../float/resources.js';
import { listRecords } from '../model/listing.js';
import { presentRecord } from '../model/present.js';
import { createRecord, deleteRecord, existing, updateRecord } from '../model/records.js';
import { type Answer, Refusal, recordNotFound, refusalAnswer } from '../refusal.js';
import type { AskedQuery } from '../rules/rules.js';
import type { RecordId, Row } from '../store/store.js';
import type { World } from '../world.js';
import { send } from './send.js';

type Handler = (world: World, resource: Resource, request: Request) => Answer;

export function routesOf(world: World): Router {
  const router = Router();
  for (const key of RESOURCE_KEYS) mount(router, world, key);
  return router;
}

function mount(router: Router, world: World, key: ResourceKey): void {
  const resource = resourceOf(key);
  const serve = (handler: Handler) => answering(world, resource, handler);
  const item = `${resource.path}/:id`;
  if (supports(resource, 'list')) router.get(resource.path, serve(list));
  if (supports(resource, 'get')) router.get(item, serve(get));
  if (supports(resource, 'create')) router.post(resource.path, serve(create));
  if (supports(resource, 'update')) router.patch(item, serve(update));
  if (supports(resource, 'delete')) router.delete(item, serve(remove));
}

function answering(world: World, resource: Resource, handler: Handler): RequestHandler {
  return function answer(request, response) {
    try {
      assertFeature(world, resource);
      send(response, handler(world, resource, request));
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

const list: Handler = (world, resource, request) => {
  const query = queryOf(request);
  const { rows, total, page, pages, perPage } = listRecords(world, resource.key, query);
  const headers = {
    'X-Pagination-Total-Count': String(total),
    'X-Pagination-Page-Count': String(pages),
    'X-Pagination-Current-Page': String(page),
    'X-Pagination-Per-Page': String(perPage),
  };
  if (total === 0 && resource.quirks?.emptyListIs204) return { status: 204, headers };
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
  const headers = { Location: `${request.protocol}://${request.host}/v3${resource.path}/${row[idField(resource)]}` };
  return { status: 201, headers, body: wrapped(world, resource, { record, before }) };
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

/** A new status may replace older ones, and Float answers those beside it. */
function replaceable(world: World, resource: Resource): Row[] {
  return resource.quirks?.wrapper === undefined ? [] : world.store.select(resource.key);
}

function wrapped(world: World, resource: Resource, written: { record: Row; before: Row[] }): unknown {
  const wrapper = resource.quirks?.wrapper;
  if (wrapper === undefined) return written.record;
  const gone = written.before.filter(
    (row) => world.store.find(resource.key, row[idField(resource)] as RecordId) === undefined,
  );
  return { [wrapper]: [written.record, ...gone.map((row) => presentRecord(world, resource.key, { row, query: {} }))] };
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
  throw new Refusal(400, 'The body must be a JSON object.');
}

function queryOf(request: Request): AskedQuery {
  const entries = Object.entries(request.query).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.at(-1) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}
