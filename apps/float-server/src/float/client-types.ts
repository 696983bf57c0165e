import type { Page } from './page.js';
import type { Query } from './query.js';
import type { ReportKey, ReportRow } from './reports.js';
import type { ActingKey, ActionInput, ActionOf, CreateOf, IdOf, RecordOf, ResourceKey, UpdateOf } from './resources.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
export interface GetOptions extends CallOptions {
  readonly expand?: readonly string[] | undefined;
  readonly fields?: readonly string[] | undefined;
}

export interface FloatReader {
  /** Every page, one after the other; leaving the loop stops the reading. */
  list<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): AsyncIterable<Page<RecordOf<K>>>;
  /** Every record of every page, several pages at a time; a list that changed meanwhile is read again. */
  listAll<K extends ResourceKey>(resource: K, query?: Query, options?: CallOptions): Promise<readonly RecordOf<K>[]>;
  get<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: GetOptions): Promise<RecordOf<K>>;
  /** Float's own report over a range: `{ start_date, end_date }`, and perhaps one person or project. */
  report<K extends ReportKey>(report: K, query: Query, options?: CallOptions): Promise<readonly ReportRow<K>[]>;
  /** Ids of deleted records, as far back as Float keeps them. */
  deleted<K extends ResourceKey>(resource: K, options?: CallOptions): Promise<readonly IdOf<K>[]>;
}

export interface FloatWriter {
  create<K extends ResourceKey>(resource: K, body: CreateOf<K>, options?: CallOptions): Promise<RecordOf<K>>;
  update<K extends ResourceKey>(
    resource: K,
    id: IdOf<K>,
    changes: UpdateOf<K>,
    options?: CallOptions,
  ): Promise<RecordOf<K>>;
  /** Permanent. Archiving is an update: `{ active: 0 }`. */
  delete<K extends ResourceKey>(resource: K, id: IdOf<K>, options?: CallOptions): Promise<void>;
  /** An action of the table: merging project tasks, a project from a template. */
  act<K extends ActingKey, A extends ActionOf<K>>(
    resource: K,
    action: A,
    body: ActionInput<K, A>,
    options?: CallOptions,
  ): Promise<RecordOf<K>>;
}

export interface FloatClient extends FloatReader, FloatWriter {
  /** Forgets the tables it keeps, because somebody else has written. */
  forget(): void;
  /** Waits for running calls, then closes the connections. */
  close(): Promise<void>;
}
