import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import libraries from '#libraries';
import { ConfigurationError } from '../../protocol/errors.js';
import { misfitOf } from '../format.js';
import { assertWhole } from './file-check.js';
import { LMDB_FORMAT, MAX_TABLES } from './tables.js';

const DATA = 'data.mdb';
const LOCK = 'lock.mdb';

/** For the owner alone: the file holds session ids, and what is on streams. */
const PRIVATE = 0o600;
/** Any right of the group or of others. */
const OTHERS = 0o077;

type Lmdb = ReturnType<typeof libraries.lmdb>;

export interface OpenFile {
  /** The same for every path that leads to the directory. */
  readonly real: string;
  /** Where the data are. */
  readonly data: string;
  /** @throws ConfigurationError when what is in the directory is not ours, or is damaged. */
  open(): RootDatabase;
}

/**
 * Makes the directory, if it is not there, and the files in it readable by their owner alone, whatever the umask is and
 * whoever may enter a directory that was there before: who reads the file can take over sessions.
 *
 * @throws ConfigurationError when it cannot be made or written.
 */
export function openFile(path: string): OpenFile {
  const lmdb = loaded();
  const real = naming(path, () => {
    const absolute = resolve(path);
    mkdirSync(absolute, { recursive: true, mode: 0o700 });
    if (!statSync(absolute).isDirectory()) throw new Error('it is not a directory');
    accessSync(absolute, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(absolute);
  });
  return { real, data: join(real, DATA), open: () => naming(path, () => openIn(real, lmdb)) };
}

function openIn(directory: string, lmdb: Lmdb): RootDatabase {
  const [data, lock] = [join(directory, DATA), join(directory, LOCK)];
  if (existsSync(data)) {
    accessSync(data, constants.R_OK | constants.W_OK);
    assertWhole(data);
  }
  for (const file of [data, lock]) createPrivate(file);
  // What is written together is put together by `Writes`. LMDB's own way of it makes promises that nobody holds, and one
  // of those that is rejected, because the disk is full, would end the process.
  const root = lmdb.open({ path: directory, noSubdir: false, maxDbs: MAX_TABLES, eventTurnBatching: false });
  try {
    withReader(() => assertSchema(root));
    for (const file of [data, lock]) assertPrivate(file);
  } catch (cause) {
    void root.close();
    throw cause;
  }
  return root;
}

/** LMDB would make it for everybody, as far as the umask lets it; an empty file it begins anew. */
function createPrivate(file: string): void {
  try {
    const made = openSync(file, 'wx', PRIVATE);
    fchmodSync(made, PRIVATE);
    closeSync(made);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}

/** A file that an earlier version or another program made. @throws Error when it stays open to others. */
function assertPrivate(file: string): void {
  // Windows has no such rights: files are as private as their directory.
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS) === 0) return;
  try {
    chmodSync(file, PRIVATE);
  } catch (cause) {
    throw new Error(`others can read ${file}, and its mode cannot be changed to 0600`, { cause });
  }
}

/** What `lmdb` says when it could not take the place of a reader, after it has tried for ten seconds. */
const NO_READER = /No transaction to renew/;

/**
 * LMDB knows its readers by their process ids: the lock of a reader is the byte of the lock file that has the number of its
 * process. Two containers that have the same number, as the first process of each has, cannot both read.
 *
 * @param read the first read of the file in this process.
 * @param pid the id of this process, as it sees itself.
 */
export function withReader<T>(read: () => T, pid = process.pid): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof Error) || !NO_READER.test(cause.message)) throw cause;
    const why =
      `it is open in another process that has the id ${pid} too, as the first processes of two containers have, and was not ` +
      'closed within ten seconds. LMDB tells processes apart by their ids: end the other one before this one starts, or run ' +
      'both in one PID namespace. See "Rolling out with LMDB" in docs/scaling.md';
    throw new Error(why, { cause });
  }
}

/** The table that says what the file is. */
const ABOUT = 'about';

const FOREIGN = 'it holds an LMDB file of something else';

function assertSchema(root: RootDatabase): void {
  const isBare = [...root.getKeys({ limit: 2 })].every((table) => table === ABOUT);
  const [named] = root.getKeys({ start: ABOUT, limit: 1 });
  // To open a table that is not there is to make it, in a file that may be somebody else's.
  if (!isBare && named !== ABOUT) throw new Error(FOREIGN);
  const about = root.openDB<unknown, string>(ABOUT, { encoding: 'json' });
  const schema = about.get('schema') ?? (isBare ? claimed(about) : undefined);
  if (schema === undefined) throw new Error(FOREIGN);
  const misfit = misfitOf(schema, LMDB_FORMAT);
  if (misfit !== undefined) throw new Error(`it ${misfit}`);
  if (schema !== LMDB_FORMAT.writes) about.putSync('schema', LMDB_FORMAT.writes);
}

/** Another process may be making the same file, or have ended while it did. Whoever is second finds what the first put. */
function claimed(about: Database<unknown, string>): unknown {
  return about.transactionSync(() => {
    if (about.getCount() === 0) about.putSync('schema', LMDB_FORMAT.writes);
    return about.get('schema');
  });
}

function loaded(): Lmdb {
  try {
    return libraries.lmdb();
  } catch (cause) {
    throw new ConfigurationError('lmdbStore needs the package "lmdb": install it', { cause });
  }
}

function naming<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`lmdbStore option "path": ${path} cannot be opened: ${why}`, { cause });
  }
}
