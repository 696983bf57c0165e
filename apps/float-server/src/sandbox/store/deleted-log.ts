/** What was deleted, in the order in which it went. */
import type { ResourceKey } from '../../float/resources.js';
import type { Row, SqlValue } from './columns.js';

export interface Deletion {
  /** Place in the log, from which reading goes on. */
  readonly entry: number;
  readonly id: number | string;
  readonly at: string;
}

export interface DeletedLog {
  logDeletion(key: ResourceKey, id: number | string, at: string): void;
  /** At most `limit` deletions that come after the entry. */
  deletions(key: ResourceKey, after: number, limit: number): Deletion[];
}

export const CREATE_DELETED_LOG =
  'CREATE TABLE IF NOT EXISTS "deleted_log" (entry INTEGER PRIMARY KEY AUTOINCREMENT, resource TEXT, id, at TEXT)';

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
