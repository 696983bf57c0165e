import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Store } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import type { FailingStore, Fault, StoreFaults } from 'mcp-express/testing';
import { StoreProcess } from './store-process.js';
import { eventually } from './wait.js';

const TIMEOUT_MS = 500;

/** What takes longer hangs, also where the machine has much else to do. */
const LIMIT_MS = 8_000;

/** How long another process holds up those that write; far below the time limit. */
const HELD_MS = 150;

const NO_CONNECTION = 'the file is open in the process that uses it: there is no connection that could break';
const NO_LIMITS = 'files are limited by prlimit, which is there on Linux alone';

/** A store, and a second one on the same file. Only a process of its own can run out of room without those beside it. */
export async function failingLmdb(path: string, fault: keyof StoreFaults): Promise<FailingStore> {
  const options = { path, timeoutMs: TIMEOUT_MS };
  const other = lmdbStore(options);
  const isLimited = (fault === 'full' || fault === 'readOnly') && process.platform === 'linux';
  const alone = isLimited ? await StoreProcess.start(options) : undefined;
  const store = alone === undefined ? lmdbStore(options) : asStore(alone, other);
  // The file grows no more; or not a byte of it can be written, as where a disk has become read-only.
  const limited = (bytes: number): Fault | string => (alone === undefined ? NO_LIMITS : limitTo(alone.pid, bytes));
  const faults: StoreFaults = {
    away: () => moveAway(join(path, 'data.mdb'), store),
    cutOff: () => holdUp(path),
    broken: NO_CONNECTION,
    slow: async () => {
      const end = await holdUp(path);
      setTimeout(() => void end(), HELD_MS);
      return end;
    },
    full: limited(64 * 1024),
    readOnly: limited(1),
    lost: NO_CONNECTION,
  };
  return { store, other, faults, limitMs: LIMIT_MS };
}

/** Both are of one file: what is published there is heard here. */
function asStore(alone: StoreProcess, { bus, streams }: Store): Store {
  const asked = alone.store;
  return {
    ...asked,
    streams: Object.assign(asked.streams, { watch: streams.watch.bind(streams) }),
    bus: Object.assign(asked.bus, { subscribe: bus.subscribe.bind(bus) }),
    ping: () => alone.ping(),
    close: () => alone.close(),
  };
}

/** Another process would make a file of its own now. */
async function moveAway(file: string, store: Store): Promise<() => Promise<void>> {
  renameSync(file, `${file}.away`);
  await eventually('it is noticed', () =>
    store.versions.read(['any']).then(
      () => false,
      () => true,
    ),
  );
  return async () => renameSync(`${file}.away`, file);
}

/** Another process is in the middle of a commit. */
async function holdUp(path: string): Promise<() => Promise<void>> {
  const flag = join(path, 'held');
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-lock.mjs'), path, flag], {
    env,
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  await eventually('it holds the lock', () => existsSync(flag));
  return async () => {
    rmSync(flag, { force: true });
    await ended;
  };
}

function limitTo(pid: number, bytes: number): Fault {
  const prlimit = (limit: string) => promisify(execFile)('prlimit', ['--pid', String(pid), `--fsize=${limit}:`]);
  return async () => {
    await prlimit(String(bytes));
    return async () => void (await prlimit('unlimited'));
  };
}
