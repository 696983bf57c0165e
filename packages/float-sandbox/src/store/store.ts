import { idField, RESOURCE_KEYS, type ResourceKey, resourceOf } from 'float-api';
import Database from 'libsql';
import {
  createIndexes,
  createTable,
  decodeRow,
  encode,
  newColumns,
  quote,
  type Row,
  type SqlValue,
} from './columns.js';
import { CREATE_DELETED_LOG, type DeletedLog, deletedLog } from './deleted-log.js';

export type { Row, SqlValue } from './columns.js';

/** The id of a record. */
export type RecordId = number | string;

/** An SQL condition. Values are parameters and never part of the text. */
export interface Clause {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Options of a query. */
export interface Selection {
  readonly where?: readonly Clause[];
  /** SQL order terms. */
  readonly order?: string;
  readonly limit?: number;
  readonly offset?: number;
}

/** The records of all resources. Methods are synchronous, so requests are isolated from each other. */
export interface Store extends DeletedLog {
  insert(key: ResourceKey, row: Row): RecordId;
  update(key: ResourceKey, id: RecordId, changes: Row): void;
  remove(key: ResourceKey, id: RecordId): void;
  find(key: ResourceKey, id: RecordId): Row | undefined;
  select(key: ResourceKey, selection?: Selection): Row[];
  count(key: ResourceKey, where?: readonly Clause[]): number;
  /** Runs work atomically. Nested transactions join the outer one. */
  transaction<T>(work: () => T): T;
  clear(): void;
  close(): void;
}

/** Opens a database and creates or extends its tables. */
export function openStore(path: string): Store {
  const db = new Database(path);
  for (const key of RESOURCE_KEYS) {
    db.exec(createTable(resourceOf(key)));
    // A database file may have been created before a field existed.
    const present = db.prepare(`PRAGMA table_info(${quote(key)})`).all() as Row[];
    for (const column of newColumns(resourceOf(key), new Set(present.map(({ name }) => name)))) db.exec(column);
    for (const index of createIndexes(resourceOf(key))) db.exec(index);
  }
  db.exec(CREATE_DELETED_LOG);
  const prepared = new Map<string, Database.Statement<[readonly SqlValue[]]>>();
  function statement(sql: string) {
    const found = prepared.get(sql) ?? db.prepare<[readonly SqlValue[]]>(sql);
    prepared.set(sql, found);
    return found;
  }
  // Values are passed as ONE array: libsql treats a single null or object argument as named values.
  const run = (sql: string, values: readonly SqlValue[]) => statement(sql).run(values);
  const all = (sql: string, values: readonly SqlValue[]) => statement(sql).all(values) as Row[];

  return {
    ...writing(run),
    ...reading(all),
    ...deletedLog(run, all),
    transaction: (work) => (db.inTransaction ? work() : db.transaction(work)()),
    clear() {
      for (const key of RESOURCE_KEYS) run(`DELETE FROM ${quote(key)}`, []);
      run('DELETE FROM deleted_log', []);
      run('DELETE FROM sqlite_sequence', []);
    },
    close: () => void db.close(),
  };
}

type Run = (sql: string, values: readonly SqlValue[]) => { lastInsertRowid: number | bigint };
type All = (sql: string, values: readonly SqlValue[]) => Row[];

function writing(run: Run): Pick<Store, 'insert' | 'update' | 'remove'> {
  return {
    insert(key, row) {
      const { names, values } = columnsOf(key, row);
      const marks = names.map(() => '?').join(', ');
      const result = run(`INSERT INTO ${quote(key)} (${names.map(quote).join(', ')}) VALUES (${marks})`, values);
      const id = row[idField(resourceOf(key))];
      return typeof id === 'string' ? id : Number(result.lastInsertRowid);
    },
    update(key, id, changes) {
      const { names, values } = columnsOf(key, changes);
      if (names.length === 0) return;
      const set = names.map((name) => `${quote(name)} = ?`).join(', ');
      run(`UPDATE ${quote(key)} SET ${set} WHERE ${idColumn(key)} = ?`, [...values, id]);
    },
    remove(key, id) {
      run(`DELETE FROM ${quote(key)} WHERE ${idColumn(key)} = ?`, [id]);
    },
  };
}

function reading(all: All): Pick<Store, 'find' | 'select' | 'count'> {
  const select: Store['select'] = (key, { where = [], order, limit, offset } = {}) => {
    const { sql, values } = joined(where);
    const page = limit === undefined ? '' : ` LIMIT ${limit} OFFSET ${offset ?? 0}`;
    const found = all(`SELECT * FROM ${quote(key)}${sql} ORDER BY ${order ?? idColumn(key)}${page}`, values);
    return found.map((row) => decodeRow(resourceOf(key), row));
  };
  return {
    select,
    find: (key, id) => select(key, { where: [{ sql: `${idColumn(key)} = ?`, values: [id] }] })[0],
    count(key, where = []) {
      const { sql, values } = joined(where);
      return Number(all(`SELECT count(*) AS total FROM ${quote(key)}${sql}`, values)[0]?.['total'] ?? 0);
    },
  };
}

function joined(where: readonly Clause[]): Clause {
  if (where.length === 0) return { sql: '', values: [] };
  return {
    sql: ` WHERE ${where.map((clause) => `(${clause.sql})`).join(' AND ')}`,
    values: where.flatMap((clause) => clause.values),
  };
}

function columnsOf(key: ResourceKey, row: Row): { names: string[]; values: SqlValue[] } {
  const fields = resourceOf(key).fields;
  const known = Object.entries(row).flatMap(([name, value]) => {
    const field = fields[name];
    return field === undefined ? [] : [{ name, value: encode(field, value) }];
  });
  return { names: known.map(({ name }) => name), values: known.map(({ value }) => value) };
}

/** The quoted id column of a resource. */
export function idColumn(key: ResourceKey): string {
  return quote(idField(resourceOf(key)));
}

/** The clause `column = value`. */
export function equal(column: string, value: SqlValue): Clause {
  return { sql: `${quote(column)} = ?`, values: [value] };
}

/** The clause for a JSON list column that contains a value. */
export function holds(column: string, value: SqlValue): Clause {
  return { sql: `EXISTS (SELECT 1 FROM json_each(${quote(column)}) WHERE value = ?)`, values: [value] };
}
