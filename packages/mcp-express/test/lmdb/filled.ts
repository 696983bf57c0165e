import type { SessionRecord, Store, StreamKey } from 'mcp-express';
import { lmdbStore } from 'mcp-express/lmdb';
import { ALL } from '../support/pages.js';

export const ROOMY = { total: 1_000_000, perOwner: 1_000_000 };

export function record(id: string, owner = 'ann'): SessionRecord {
  return {
    id,
    owner,
    revision: '2025-11-25',
    client: { name: 'test', version: '1' },
    capabilities: {},
    standalone: `${id}-own`,
    createdAt: 0,
    lists: {},
  };
}

export const SESSIONS = 40;
export const EVENTS = 8;

const keyOf = (i: number): StreamKey => ({ session: `s${i}`, stream: `t${i}` });
const largeKeyOf = (i: number): StreamKey => ({ session: `s${i}`, stream: `large${i}` });

const textOf = (i: number, j: number): string => `${i}/${j} ${'x'.repeat(300)}`;
/** Larger than a page of the file: it has pages of its own. */
const largeOf = (i: number): string => `${i} ${'x'.repeat(10_000)}`;

/** Fills a new store with sessions and streams, and closes it. */
export async function fill(path: string): Promise<void> {
  const store = lmdbStore({ path });
  for (let i = 0; i < SESSIONS; i += 1) {
    await store.sessions.create(record(`s${i}`), Date.now() + 600_000, ROOMY);
    await store.streams.open(keyOf(i));
    const events = Array.from({ length: EVENTS }, (_each, j) => ({ data: textOf(i, j) }));
    await store.streams.append(keyOf(i), events);
    await store.streams.open(largeKeyOf(i));
    await store.streams.append(largeKeyOf(i), [{ data: largeOf(i) }]);
  }
  await store.close();
}

/** What is wrong with what `fill` left, large events aside; nothing when all of it is there. */
export async function lossIn(store: Store): Promise<string | undefined> {
  for (let i = 0; i < SESSIONS; i += 1) {
    if ((await store.sessions.read(`s${i}`))?.id !== `s${i}`) return `session ${i}`;
    const page = await store.streams.read(keyOf(i), 'start', ALL);
    const texts = page?.events.map(({ data }) => data) ?? [];
    if (texts.length !== EVENTS || texts.some((text, j) => text !== textOf(i, j))) return `stream ${i}`;
  }
  return undefined;
}
