/** The log of deletions, in order. */
import type { ResourceKey } from 'float-api';
import type { Row, SqlValue } from './columns.js';

/** An entry of the log. */
export interface Deletion {
  /** Position in the log, from which reading continues. */
  readonly entry: number;
  readonly id: number | string;
  readonly at: string;
}

/** The log of deletions of all resources. */
export interface DeletedLog {
  logDeletion(key: ResourceKey, id: number | string, at: string): void;
  /** At most `limit` deletions after an entry. */
  deletions(key: ResourceKey, after: number, limit: number): Deletion[];
}

/** The statement that creates the log's table. */
export const CREATE_DELETED_LOG =
  'CREATE TABLE IF NOT EXISTS "deleted_log" (entry INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT, id, at TEXT)';

/** Creates the log on a database. */
export function deletedLog(
  run: (sql: string, values: readonly SqlValue[]) => unknown,
  all: (sql: string, values: readonly SqlValue[]) => Row[],
): DeletedLog {
  return {
    logDeletion: (key, id, at) =>
      void run('INSERT INTO "deleted_log" (resource, id, at) VALUES (?, ?, ?)', [key, id, at]),
    deletions(key, after, limit) {
      const sql = 'SELECT entry, id, at FROM "deleted_log" WHERE resource = ? AND entry > ? ORDER BY entry LIMIT ?';
      return all(sql, [key, after, limit]) as unknown as Deletion[];
    },
  };
}
