import { open, type RootDatabase } from 'lmdb';

/** A table: its keys and values as they are in the file, in hexadecimal digits. */
export interface RecordedTable {
  readonly table: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const NO_UUID = '00000000-0000-4000-8000-000000000000';

const RAW = { encoding: 'binary', keyEncoding: 'binary' } as const;

async function withFile<T>(path: string, use: (root: RootDatabase) => T): Promise<T> {
  const root = open({ path, noSubdir: false, maxDbs: 32 });
  try {
    return use(root);
  } finally {
    await root.close();
  }
}

/** All that is in the file of a store that is closed. */
export function recordTables(path: string): Promise<RecordedTable[]> {
  return withFile(path, (root) =>
    [...root.getKeys()].map(String).map((table) => {
      const rows = [...root.openDB<Buffer, Buffer>(table, RAW).getRange()];
      return { table, entries: rows.map(({ key, value }) => [hexOf(key), hexOf(value)] as const) };
    }),
  );
}

/** Makes a file of what was recorded. */
export function restoreTables(path: string, tables: readonly RecordedTable[]): Promise<void> {
  return withFile(path, (root) => {
    for (const { table, entries } of tables) {
      const into = root.openDB<Buffer, Buffer>(table, RAW);
      for (const [key, value] of entries) into.putSync(Buffer.from(key, 'hex'), Buffer.from(value, 'hex'));
    }
  });
}

/** Processes name themselves at random, and the journal has times of the clock on the wall. */
function hexOf(bytes: Buffer): string {
  const text = bytes
    .toString('latin1')
    .replaceAll(UUID, NO_UUID)
    .replace(/"at":\d{13}/, '"at":1800000000000');
  return Buffer.from(text, 'latin1').toString('hex');
}
