import { chmodSync, chownSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { lmdbStore } from 'mcp-express/lmdb';
import { onCleanup } from '../support/cleanup.js';
import { ALL } from '../support/pages.js';
import { StoreProcess } from '../support/store-process.js';
import { within } from '../support/wait.js';
import { fill, lossIn, ROOMY, record } from './filled.js';
import { dataOf, digestOf, newFolder } from './folders.js';

const KEY = { session: 'one', stream: 'said' };
const TEXT = 'x'.repeat(2_000);

describe('a disk that is full (R35, invariant 9)', () => {
  test('what has no room is refused, what was acknowledged is there, and with room it goes on', async () => {
    const path = newFolder();
    const limited = await StoreProcess.start({ path }, { fileBytes: 1_000_000 });
    await limited.store.sessions.create(record('one'), Date.now() + 600_000, ROOMY);
    await limited.store.streams.open(KEY);
    await limited.ping();
    let acknowledged = 0;
    let refusal: Error | undefined;
    while (refusal === undefined && acknowledged < 2_000) {
      const outcome = limited.store.streams.append(KEY, [{ data: `${acknowledged} ${TEXT}` }]);
      refusal = await outcome.then(() => undefined).catch((cause: Error) => cause);
      if (refusal === undefined) acknowledged += 1;
    }
    expect(refusal?.message).toContain(`the store at ${path} could not be written`);
    expect(acknowledged).toBeGreaterThan(50);

    // It is not ready, however little of the file may still be written anew.
    await expect(limited.ping()).rejects.toThrow('could not be written');
    // It goes on answering what can be answered, and does not take anything for missing.
    expect((await limited.store.sessions.read('one'))?.id).toBe('one');
    expect((await limited.store.streams.read(KEY, 'start', ALL))?.events).toHaveLength(acknowledged);
    const more = Array.from({ length: 20 }, () => limited.store.streams.append(KEY, [{ data: TEXT }]));
    const outcomes = await Promise.allSettled(more);
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    await within('it closes', limited.close());

    const store = lmdbStore({ path });
    onCleanup(() => store.close());
    const texts = (await store.streams.read(KEY, 'start', ALL))?.events.map(({ data }) => data);
    expect(texts).toEqual(Array.from({ length: acknowledged }, (_each, i) => `${i} ${TEXT}`));
    await store.streams.append(KEY, [{ data: 'there is room' }]);
  });
});

describe('a directory that cannot be written to', () => {
  /** Root may write everywhere: then the store is opened by somebody else. */
  const NOBODY = 65_534;
  const uid = process.getuid?.() === 0 ? NOBODY : undefined;
  const as = uid === undefined ? {} : { uid };

  test('is refused at start, naming the option, and nothing in it is touched', async () => {
    const path = newFolder();
    await fill(path);
    const before = digestOf(dataOf(path));
    chmodSync(path, 0o555);
    await expect(StoreProcess.start({ path }, as)).rejects.toThrow(
      /ConfigurationError: lmdbStore option "path": .*EACCES/,
    );
    chmodSync(path, 0o755);
    expect(digestOf(dataOf(path))).toBe(before);
    const store = lmdbStore({ path });
    onCleanup(() => store.close());
    expect(await lossIn(store)).toBeUndefined();
  });

  test('so is a file that may only be read, and a directory that cannot be made', async () => {
    const path = newFolder();
    await fill(path);
    if (uid !== undefined) chownSync(path, uid, uid);
    chmodSync(dataOf(path), 0o444);
    const refused = /ConfigurationError: lmdbStore option "path": .*EACCES/;
    await expect(StoreProcess.start({ path }, as)).rejects.toThrow(refused);
    chmodSync(path, 0o500);
    await expect(StoreProcess.start({ path: `${path}/new` }, as)).rejects.toThrow(refused);
    chmodSync(path, 0o700);
  });
});
