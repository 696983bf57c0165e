import assert from 'node:assert/strict';
import type { Page, PageLimit, Position, Store, StoredEvent, StreamKey } from '../store/store.js';
import { newKey } from './suite.js';

/** A page limit that no test reaches. */
export const ALL: PageLimit = { events: 1_000_000, characters: 1_000_000_000 };

/** Reads a page. @throws AssertionError when the stream is unknown. */
export async function page(store: Store, key: StreamKey, position: Position = 'start', limit = ALL): Promise<Page> {
  const found = await store.streams.read(key, position, limit);
  assert.ok(found !== undefined, 'the stream is known');
  return found;
}

/** Asserts that a page has no events. Its `atEnd` must be true or absent. */
export function assertEmpty(found: Page, { ended }: { ended: boolean }): void {
  assert.deepEqual({ ...found, atEnd: found.atEnd ?? true }, { events: [], atEnd: true, ended, gap: false });
}

/** Opens a stream of a new session and appends these messages. */
export async function opened(store: Store, messages: readonly string[] = []): Promise<StreamKey> {
  const key = newKey();
  await store.streams.open(key);
  for (const data of messages) await store.streams.append(key, [{ data }]);
  return key;
}

/** The data of the events of a page. */
export const texts = ({ events }: Page): string[] => events.map(({ data }) => data);

/** The ids of the events of a page. */
export const ids = ({ events }: Page): string[] => events.map(({ id }) => id);

/** The event at an index that must exist; negative indices count from the end. */
export const at = (events: readonly StoredEvent[], index: number): StoredEvent => events.at(index) as StoredEvent;
