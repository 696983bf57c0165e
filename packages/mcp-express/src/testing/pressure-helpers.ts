import type { OutgoingEvent, Store, StreamKey } from '../store/store.js';
import { at, page } from './stream-helpers.js';
import { uniqueName } from './suite.js';

export const LIMITS = { events: 20 };

/** The ceilings of what must be kept, with these limits. */
export const NOTIFICATIONS = LIMITS.events * 2;
export const ANSWERS = LIMITS.events * 4;

export const notes = (count: number, from = 0): OutgoingEvent[] =>
  Array.from({ length: count }, (_each, i) => ({ data: `n${from + i}` }));

/** Of characters that all stores count as two bytes. */
export const text = (name: string, bytes: number): string => name + 'é'.repeat(bytes / 2);

export const answer = (name: string, bytes = 0): OutgoingEvent => ({
  data: text(name, bytes),
  answer: true,
  shortForm: `instead of ${name}`,
});

/** Long texts by their beginning and length, so that a failure can be read. */
export const brief = (all: readonly string[]): string[] => all.map((each) => `${each.slice(0, 20)} ${each.length}`);

/** Another stream of the same session. */
export async function beside(store: Store, { session }: StreamKey): Promise<StreamKey> {
  const key = { session, stream: uniqueName('stream') };
  await store.streams.open(key);
  return key;
}

/** A stream that is watched at `reading`, and that `writing` knows to be. */
export async function watched(reading: Store, writing: Store, key: StreamKey): Promise<() => void> {
  const stop = reading.streams.watch(key, () => {});
  await page(reading, key);
  await writing.streams.append(key, [{ data: 'first' }]);
  return stop;
}

/** Hands all that is there to a client. */
export async function readAll(store: Store, key: StreamKey): Promise<string[]> {
  const { events } = await page(store, key, 'undelivered');
  if (events.length > 0) await store.streams.delivered(key, at(events, -1).id);
  return events.map(({ data }) => data);
}
