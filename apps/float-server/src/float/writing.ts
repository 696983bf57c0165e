import type { Caller } from './caller.js';
import type { FloatWriter } from './client-types.js';
import { actionFor, itemPath, rowFor } from './operations.js';
import type { Resource } from './resources.js';
import { type Call, endpointOf } from './transport.js';
import { answeredRecord, bodyText } from './write.js';

export function writingOf(caller: Caller): FloatWriter {
  return {
    async create(resource, body, { signal } = {}) {
      const row = rowFor(resource, 'create');
      const call: Call = { method: 'POST', path: row.path, body: bodyText(row, body) };
      return exchange(caller, row, { call, signal });
    },
    async update(resource, id, changes, { signal } = {}) {
      const row = rowFor(resource, 'update');
      const call: Call = { method: 'PATCH', path: itemPath(row, id), body: bodyText(row, changes) };
      return exchange(caller, row, { call, id, signal });
    },
    async delete(resource, id, { signal } = {}) {
      const row = rowFor(resource, 'delete');
      await caller.send(row, { method: 'DELETE', path: itemPath(row, id) }, signal);
    },
    async act(resource, action, body, { signal } = {}) {
      const { row, made } = actionFor(resource, action);
      const call: Call = { method: 'POST', path: made.path, body: bodyText(made, body) };
      return exchange(caller, row, { call, signal });
    },
  };
}

interface Exchange {
  readonly call: Call;
  readonly id?: number | string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The table types what comes back; its caller knows which row it asked. */
async function exchange(caller: Caller, row: Resource, { call, id, signal }: Exchange): Promise<never> {
  const raw = await caller.send(row, call, signal);
  return answeredRecord(row, raw, { endpoint: endpointOf(call), id }) as never;
}
