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

/** Only the owner may read the file: it contains session ids and messages. */
const PRIVATE = 0o600;
/** Any permission of the group or of others. */
const OTHERS = 0o077;

type Lmdb = ReturnType<typeof libraries.lmdb>;

/** A directory that is ready to hold the file. */
export interface OpenFile {
  /** The resolved path, the same for every path that leads to the directory. */
  readonly real: string;
  /** The path of the data file. */
  readonly data: string;
  /** @throws ConfigurationError when the directory contains another program's file, or a damaged one. */
  open(): RootDatabase;
}

/**
 * Creates the directory if it does not exist. The files in it become readable by their owner only, whatever the umask
 * and the permissions of an existing directory: a reader of the file could take over sessions.
 *
 * @throws ConfigurationError when the directory cannot be created or written.
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
  // Our own queue batches writes. LMDB's batching creates promises that nothing handles, and a rejection of one, for
  // example because the disk is full, would end the process.
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

/** Creates a file with mode 0600, because LMDB would leave its mode to the umask. LMDB initializes an empty file. */
function createPrivate(file: string): void {
  try {
    const made = openSync(file, 'wx', PRIVATE);
    fchmodSync(made, PRIVATE);
    closeSync(made);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}

/**
 * Restricts the mode of a file that an earlier version or another program created.
 * @throws Error when others keep access.
 */
function assertPrivate(file: string): void {
  // Windows has no such permissions: files are as private as their directory.
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS) === 0) return;
  try {
    chmodSync(file, PRIVATE);
  } catch (cause) {
    throw new Error(`others can read ${file}, and its mode cannot be changed to 0600`, { cause });
  }
}

/** The message of `lmdb` when it could not register as a reader within ten seconds. */
const NO_READER = /No transaction to renew/;

/**
 * Runs the first read, and explains a failure that has a common cause. LMDB locks one byte of the lock file per reader,
 * at the offset of the process id. Two containers whose processes have the same id, as the first process of each has,
 * cannot both read.
 *
 * @param read the first read of the file in this process.
 * @param pid the id of this process in its own namespace.
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

/** The table that identifies the file and its format. */
const ABOUT = 'about';

const FOREIGN = 'it holds an LMDB file of something else';

function assertSchema(root: RootDatabase): void {
  const isBare = [...root.getKeys({ limit: 2 })].every((table) => table === ABOUT);
  const [named] = root.getKeys({ start: ABOUT, limit: 1 });
  // Opening a missing table would create it, in a file that may belong to another program.
  if (!isBare && named !== ABOUT) throw new Error(FOREIGN);
  const about = root.openDB<unknown, string>(ABOUT, { encoding: 'json' });
  const schema = about.get('schema') ?? (isBare ? claimed(about) : undefined);
  if (schema === undefined) throw new Error(FOREIGN);
  const misfit = misfitOf(schema, LMDB_FORMAT);
  if (misfit !== undefined) throw new Error(`it ${misfit}`);
  if (schema !== LMDB_FORMAT.writes) about.putSync('schema', LMDB_FORMAT.writes);
}

/**
 * Writes the format into a new file, unless another process that creates the same file did so first. Such a process may
 * also have ended before it did.
 */
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
