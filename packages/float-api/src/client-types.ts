import type { Page } from './page.js';
import type { Query } from './query.js';
import type { ReportKey, ReportRow } from './reports.js';
import type { ActingKey, ActionInput, ActionOf, CreateOf, IdOf, RecordOf, ResourceKey, UpdateOf } from './resources.js';

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
/** Options of reading one record. */
export interface GetOptions extends CallOptions {
  readonly expand?: readonly string[] | undefined;
  readonly fields?: readonly string[] | undefined;
}

/** The reading half of the client. */
export interface FloatReader {
  /** Iterates over the pages of a list; leaving the loop stops the reading. */
  list<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): AsyncIterable<Page<RecordOf<K>>>;
  /** Reads all records, several pages in parallel; a list that changes meanwhile is read again. */
  listAll<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): Promise<readonly RecordOf<K>[]>;
  get<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: GetOptions): Promise<RecordOf<K>>;
  /** Reads Float's own report for a range: `{ start_date, end_date }` and optionally one person or project. */
  report<K extends ReportKey>(report: K, query: Query, options?: CallOptions): Promise<readonly ReportRow<K>[]>;
  /** Ids of deleted records, as far back as Float keeps them. */
  deleted<K extends ResourceKey>(resource: K, options?: CallOptions): Promise<readonly IdOf<K>[]>;
}

/** The writing half of the client. */
export interface FloatWriter {
  create<K extends ResourceKey>(resource: K, body: CreateOf<K>, options?: CallOptions): Promise<RecordOf<K>>;
  update<K extends ResourceKey>(
    resource: K,
    id: IdOf<K>,
    changes: UpdateOf<K>,
    options?: CallOptions,
  ): Promise<RecordOf<K>>;
  /** Deletes permanently. Archiving is an update: `{ active: 0 }`. */
  delete<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: CallOptions): Promise<void>;
  /** Performs an action of the resource table: merging project tasks, or creating a project from a template. */
  act<K extends ActingKey, A extends ActionOf<K>>(
    resource: K,
    action: A,
    body: ActionInput<K, A>,
    options?: CallOptions,
  ): Promise<RecordOf<K>>;
}

/** A client of Float's API v3. */
export interface FloatClient extends FloatReader, FloatWriter {
  /** Drops the cached tables, after writes by another client. */
  forget(): void;
  /** Waits for running requests, then closes the connections. */
  close(): Promise<void>;
}
