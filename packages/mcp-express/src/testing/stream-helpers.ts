import assert from 'node:assert/strict';
import type { Page, PageLimit, Position, Store, StoredEvent, StreamKey } from '../store/store.js';
import { newKey } from './suite.js';

export const ALL: PageLimit = { events: 1_000_000, characters: 1_000_000_000 };

/** A page that must be there. */
export async function page(store: Store, key: StreamKey, position: Position = 'start', limit = ALL): Promise<Page> {
  const found = await store.streams.read(key, position, limit);
  assert.ok(found !== undefined, 'the stream is known');
  return found;
}

/** Whether a store says that such a page goes to the end is its own affair; that it does not is not. */
export function assertEmpty(found: Page, { ended }: { ended: boolean }): void {
  assert.deepEqual({ ...found, atEnd: found.atEnd ?? true }, { events: [], atEnd: true, ended, gap: false });
}

export async function opened(store: Store, messages: readonly string[] = []): Promise<StreamKey> {
  const key = newKey();
  await store.streams.open(key);
  for (const data of messages) await store.streams.append(key, [{ data }]);
  return key;
}

export const texts = ({ events }: Page): string[] => events.map(({ data }) => data);
export const ids = ({ events }: Page): string[] => events.map(({ id }) => id);
export const at = (events: readonly StoredEvent[], index: number): StoredEvent => events.at(index) as StoredEvent;
