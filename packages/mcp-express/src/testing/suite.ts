import type { SessionRecord, Store, StreamKey } from '../store/store.js';
import type { StoreFaults } from './faults/fault-suite.js';

/** A fresh, empty store under test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same store as a second node sees it. Absent for a store of one process: tests then use `store` for both nodes. */
  readonly other?: Store;
}

/** A fresh, empty store that can be made to fail. */
export interface FailingStore extends StoreUnderTest {
  readonly faults: StoreFaults;
  /** Milliseconds within which every method but `bus.publish` settles, with any fault. */
  readonly limitMs: number;
}

/** Limits of the streams of one session, which the suite exceeds. */
export interface StreamBounds {
  /** Events that one session may hold. */
  readonly events: number;
  /** Bytes that one session may hold. */
  readonly bytes: number;
  /** Streams that one session may have. */
  readonly streams: number;
}

/** Options of `testStore`: functions of a test framework (Jest, Vitest, Mocha or `node:test`) and factories of stores. */
export interface StoreSuite {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
  /** Makes an empty store with these limits. Called once per test; the suite closes the store. */
  create(bounds?: Partial<StreamBounds>): Promise<StoreUnderTest>;
  /**
   * Makes a store that can fail in this way. A text in place of the function is the reason why faults are not tested.
   */
  readonly createFailing: ((fault: keyof StoreFaults) => Promise<FailingStore>) | string;
}

/** Runs a test on a fresh store and closes the store, also when the test fails. */
export async function withStore(
  suite: StoreSuite,
  body: (store: Store, other: Store | undefined) => Promise<void>,
  bounds?: Partial<StreamBounds>,
): Promise<void> {
  const { store, other } = await suite.create(bounds);
  try {
    await body(store, other);
  } finally {
    await other?.close();
    await store.close();
  }
}

let counter = 0;

/** A name that no other test uses, so that a shared server needs no flushing. */
export function uniqueName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}

/** The key of a stream of a new session. */
export function newKey(): StreamKey {
  return { session: uniqueName('session'), stream: uniqueName('stream') };
}

/** The record of a new session of a new owner. */
export function newRecord(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id: uniqueName('session'),
    owner: uniqueName('owner'),
    revision: '2025-11-25',
    client: { name: 'suite', version: '1.0.0' },
    capabilities: { roots: { listChanged: true } },
    standalone: uniqueName('stream'),
    createdAt: Date.now(),
    lists: { tools: 'v1', resources: 'v1', prompts: 'v1' },
    ...changes,
  };
}

/** Waits until a condition holds. @throws Error with `what` after the limit (milliseconds). */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
