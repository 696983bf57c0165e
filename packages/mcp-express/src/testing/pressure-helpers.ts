import type { OutgoingEvent, Store, StreamKey } from '../store/store.js';
import { at, page } from './stream-helpers.js';
import { uniqueName } from './suite.js';

/** Limits of one session in these tests. */
export const LIMITS = { events: 20 };

/** Most events of a session that hold notifications which an attached reader has not read. */
export const NOTIFICATIONS = LIMITS.events * 2;

/** Most events of a session with undelivered answers. */
export const ANSWERS = LIMITS.events * 4;

/** Notifications with consecutive numbers. */
export const notes = (count: number, from = 0): OutgoingEvent[] =>
  Array.from({ length: count }, (_each, i) => ({ data: `n${from + i}` }));

/** A text of characters that all stores count as two bytes each. */
export const text = (name: string, bytes: number): string => name + 'é'.repeat(bytes / 2);

/** An answer with a short form. */
export const answer = (name: string, bytes = 0): OutgoingEvent => ({
  data: text(name, bytes),
  answer: true,
  shortForm: `instead of ${name}`,
});

/** The beginning and the length of each text, so that a failure is readable. */
export const brief = (all: readonly string[]): string[] => all.map((each) => `${each.slice(0, 20)} ${each.length}`);

/** Another stream of the same session. */
export async function beside(store: Store, { session }: StreamKey): Promise<StreamKey> {
  const key = { session, stream: uniqueName('stream') };
  await store.streams.open(key);
  return key;
}

/** Watches a stream at `reading`, and appends at `writing`, which then knows of the reader. @returns ends the watch. */
export async function watched(reading: Store, writing: Store, key: StreamKey): Promise<() => void> {
  const stop = reading.streams.watch(key, () => {});
  await page(reading, key);
  await writing.streams.append(key, [{ data: 'first' }]);
  return stop;
}

/** Reads and delivers all undelivered events. @returns their data. */
export async function readAll(store: Store, key: StreamKey): Promise<string[]> {
  const { events } = await page(store, key, 'undelivered');
  if (events.length > 0) await store.streams.delivered(key, at(events, -1).id);
  return events.map(({ data }) => data);
}
