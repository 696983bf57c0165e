import type { SessionRecord, Store, StreamKey } from '../store/store.js';
import type { StoreFaults } from './faults/fault-suite.js';

/** A fresh, empty store under test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** A second node's view of the same store. Absent: the store serves one process, and tests of two nodes are left out. */
  readonly other?: Store;
}

/** A fresh, empty store that can be made to fail. */
export interface FailingStore extends StoreUnderTest {
  readonly faults: StoreFaults;
  /** Milliseconds within which every method but `bus.publish` resolves or rejects, whatever is wrong. */
  readonly limitMs: number;
}

/** The limits the store was made with, so that the suite can go over them. */
export interface StreamBounds {
  /** Events that one session may hold. */
  readonly events: number;
  /** Bytes that one session may hold. */
  readonly bytes: number;
}

/** What the suite needs: a test framework's functions and a factory. Works with Jest, Vitest, Mocha and `node:test`. */
export interface StoreSuite {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
  /** Called once per test; the suite closes what it gives. */
  create(bounds?: Partial<StreamBounds>): Promise<StoreUnderTest>;
  /**
   * Makes a store that can be made to fail in this way. A text in place of the function says why no faults are tried.
   */
  readonly createFailing: ((fault: keyof StoreFaults) => Promise<FailingStore>) | string;
}

/** Runs a test on a fresh store and closes it, whatever happens. */
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

/** Names are new in every test, so that a shared server needs no flushing. */
export function uniqueName(prefix: string): string {
  counter += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter}`;
}

export function newKey(): StreamKey {
  return { session: uniqueName('session'), stream: uniqueName('stream') };
}

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

/** Waits until the condition holds: stores may need a moment, and tests must not guess how long. */
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
