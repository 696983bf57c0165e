import type { Caller } from './caller.js';
import type { CallOptions, FloatReader } from './client-types.js';
import { deletedCall, readDeleted } from './deleted-log.js';
import { FloatApiError } from './errors.js';
import { itemPath, rowFor, rowWithDeletedLog } from './operations.js';
import { everyRecord, pagesOf } from './pages.js';
import { encodeQuery, type Query } from './query.js';
import { type ReportKey, type ReportRow, reportOf } from './reports.js';
import { type IdOf, identityOf, type RecordOf, type ResourceKey } from './resources.js';
import { type Call, endpointOf } from './transport.js';
import { answeredRecord } from './write.js';

/** No log is that long; a cursor that never ends is a loop. */
const MAX_CURSORS = 1_000;

export function readingOf(caller: Caller): FloatReader {
  return {
    list<K extends ResourceKey>(resource: K, query: Query = {}, options: CallOptions = {}) {
      return pagesOf<RecordOf<K>>(caller, { row: rowFor(resource, 'list'), query, signal: options.signal });
    },
    async listAll<K extends ResourceKey>(resource: K, query: Query = {}, options: CallOptions = {}) {
      const row = rowFor(resource, 'list');
      return everyRecord<RecordOf<K>>(caller, { row, query, identity: identityOf(row), signal: options.signal });
    },
    async get(resource, id, { signal, expand, fields } = {}) {
      const row = rowFor(resource, 'get');
      const query = encodeQuery(row, { expand: expand?.join(','), fields: fields?.join(',') }).toString();
      const call: Call = { method: 'GET', path: itemPath(row, id), query };
      const raw = await caller.send(row, call, signal);
      return answeredRecord(row, raw, { endpoint: endpointOf(call), id }) as never;
    },
    async report<K extends ReportKey>(report: K, query: Query, options: CallOptions = {}) {
      const row = reportOf(report);
      assertRange(row.path, query);
      return everyRecord<ReportRow<K>>(caller, { row, query, signal: options.signal });
    },
    async deleted<K extends ResourceKey>(resource: K, options: CallOptions = {}) {
      const row = rowWithDeletedLog(resource);
      const ids: (number | string)[] = [];
      let cursor: string | undefined;
      for (let page = 1; page <= MAX_CURSORS; page += 1) {
        const call = deletedCall(row, cursor);
        const found = readDeleted(row, await caller.send(row, call, options.signal), endpointOf(call));
        ids.push(...found.ids);
        cursor = found.next;
        if (cursor === undefined) return ids as IdOf<K>[];
      }
      throw new FloatApiError('too-many', { endpoint: endpointOf(deletedCall(row, undefined)) });
    },
  };
}

function assertRange(path: string, { start_date: from, end_date: to }: Query): void {
  if (from !== undefined && to !== undefined) return;
  const details = { start_date: 'needed', end_date: 'needed' };
  throw new FloatApiError('invalid', { endpoint: `GET ${path}`, summary: 'a report needs a range', details });
}
