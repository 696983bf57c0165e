import type { CallOptions, FloatReader } from './client-types.js';
import { deletedCall, readDeleted } from './deleted-log.js';
import { FloatApiError } from './errors.js';
import { itemPath, rowFor, rowWithDeletedLog } from './operations.js';
import { iteratePages, readAllRecords } from './pages.js';
import { encodeQuery, type Query } from './query.js';
import { recordFromResponse } from './record-json.js';
import { type ReportKey, type ReportRow, reportOf } from './reports.js';
import type { RequestSender } from './request-sender.js';
import { type IdOf, identityOf, type RecordOf, type ResourceKey } from './resources.js';
import { endpointOf, type HttpRequest } from './transport.js';

/** Bound of a log's pages, against a cursor that never ends. */
const MAX_CURSORS = 1_000;

/** Creates the reading half of a client. */
export function createReader(caller: RequestSender): FloatReader {
  return {
    list<K extends ResourceKey>(resource: K, query: Query = {}, options: CallOptions = {}) {
      return iteratePages<RecordOf<K>>(caller, { row: rowFor(resource, 'list'), query, signal: options.signal });
    },
    async listAll<K extends ResourceKey>(resource: K, query: Query = {}, options: CallOptions = {}) {
      const row = rowFor(resource, 'list');
      return readAllRecords<RecordOf<K>>(caller, { row, query, identity: identityOf(row), signal: options.signal });
    },
    async get(resource, id, { signal, expand, fields } = {}) {
      const row = rowFor(resource, 'get');
      const query = encodeQuery(row, { expand: expand?.join(','), fields: fields?.join(',') }).toString();
      const call: HttpRequest = { method: 'GET', path: itemPath(row, id), query };
      const raw = await caller.send(row, call, signal);
      return recordFromResponse(row, raw, { endpoint: endpointOf(call), id }) as never;
    },
    async report<K extends ReportKey>(report: K, query: Query, options: CallOptions = {}) {
      const row = reportOf(report);
      assertRange(row.path, query);
      return readAllRecords<ReportRow<K>>(caller, { row, query, signal: options.signal });
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
