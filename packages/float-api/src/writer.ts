import type { FloatWriter } from './client-types.js';
import { actionFor, itemPath, rowFor } from './operations.js';
import { bodyText, recordFromResponse } from './record-json.js';
import type { RequestSender } from './request-sender.js';
import type { Resource } from './resources.js';
import { endpointOf, type HttpRequest } from './transport.js';

/** Creates the writing half of a client. */
export function createWriter(caller: RequestSender): FloatWriter {
  return {
    async create(resource, body, { signal } = {}) {
      const row = rowFor(resource, 'create');
      const call: HttpRequest = { method: 'POST', path: row.path, body: bodyText(row, body) };
      return exchange(caller, row, { call, signal });
    },
    async update(resource, id, changes, { signal } = {}) {
      const row = rowFor(resource, 'update');
      const call: HttpRequest = { method: 'PATCH', path: itemPath(row, id), body: bodyText(row, changes) };
      return exchange(caller, row, { call, id, signal });
    },
    async delete(resource, id, { signal } = {}) {
      const row = rowFor(resource, 'delete');
      await caller.send(row, { method: 'DELETE', path: itemPath(row, id) }, signal);
    },
    async act(resource, action, body, { signal } = {}) {
      const { row, made } = actionFor(resource, action);
      const call: HttpRequest = { method: 'POST', path: made.path, body: bodyText(made, body) };
      return exchange(caller, row, { call, signal });
    },
  };
}

interface Exchange {
  readonly call: HttpRequest;
  readonly id?: number | string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Sends a write. The result is typed by the table; the caller knows the resource. */
async function exchange(caller: RequestSender, row: Resource, { call, id, signal }: Exchange): Promise<never> {
  const raw = await caller.send(row, call, signal);
  return recordFromResponse(row, raw, { endpoint: endpointOf(call), id }) as never;
}
