import type { Store } from '../../store/store.js';

/** Begins a fault. Resolves once the store shows it, to a function that ends it. */
export type Fault = () => Promise<() => Promise<void>>;

/** The faults of a store under test. A text in place of a fault is the reason why this store cannot fail in that way. */
export interface StoreFaults {
  /** The store cannot be reached, and each method notices at once. */
  readonly away: Fault | string;
  /** The store does not answer, without any error. Requests may still arrive when the fault ends. */
  readonly cutOff: Fault | string;
  /** The connection breaks: requests in flight never arrive, and the store can be reached again at once. */
  readonly broken: Fault | string;
  /** Each answer takes long, but less than the time limit. */
  readonly slow: Fault | string;
  /** The store has no room for new data. */
  readonly full: Fault | string;
  /** The store takes no writes. */
  readonly readOnly: Fault | string;
  /** The store gives `answers` more answers. It still runs the next request, but the answer is lost with the connection. */
  readonly lost: ((answers: number) => ReturnType<Fault>) | string;
}

/** The names of all faults. */
export const STORE_FAULTS: readonly (keyof StoreFaults)[] = [
  'away',
  'cutOff',
  'broken',
  'slow',
  'full',
  'readOnly',
  'lost',
];

/** A call of one method of the contract, and the results and states that it may have. */
export interface FaultStep {
  /** The part of the store and the method, with the special case if any. */
  readonly name: string;
  readonly prepare?: (store: Store) => Promise<unknown>;
  readonly run: (store: Store) => Promise<unknown>;
  /** Results that `run` may have. */
  readonly gives: readonly unknown[];
  /** Further results of `run` after an earlier run with an unknown outcome. */
  readonly givesAgain?: readonly unknown[];
  readonly see?: (store: Store) => Promise<unknown>;
  /** Results of `see` before the step, after it, and, if different, after it was run twice. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly twice?: unknown;
}

/** The outcome of a step within the time limit of the store. */
export type Outcome =
  | { readonly is: 'resolved'; readonly value: unknown }
  | { readonly is: 'rejected'; readonly value: unknown }
  | { readonly is: 'pending' };
