import type { Store } from '../../store/store.js';

/** Begins a fault, and resolves once the store shows it, with the function that ends it. */
export type Fault = () => Promise<() => Promise<void>>;

/** How a test makes a store fail. A text in place of a fault says why this store cannot fail in that way. */
export interface StoreFaults {
  /** Nothing reaches the store, and each method finds out at once. */
  readonly away: Fault | string;
  /** Nothing reaches the store, and nothing says so. What was asked meanwhile may arrive once the fault ends. */
  readonly cutOff: Fault | string;
  /** The connection breaks: what was asked just now never arrives, and the store can be reached again at once. */
  readonly broken: Fault | string;
  /** Each answer takes long, but less than the time limit. */
  readonly slow: Fault | string;
  /** There is no room for anything new. */
  readonly full: Fault | string;
  /** Nothing can be written. */
  readonly readOnly: Fault | string;
  /** The store gives so many answers more. What is asked next it still does, but the answer is lost with the connection. */
  readonly lost: ((answers: number) => ReturnType<Fault>) | string;
}

export const STORE_FAULTS: readonly (keyof StoreFaults)[] = [
  'away',
  'cutOff',
  'broken',
  'slow',
  'full',
  'readOnly',
  'lost',
];

/** One method of the contract, called in a state that lets its effect be seen. */
export interface FaultStep {
  /** The part and the method, and what is special in this case. */
  readonly name: string;
  readonly prepare?: (store: Store) => Promise<unknown>;
  readonly run: (store: Store) => Promise<unknown>;
  /** What `run` may give. */
  readonly gives: readonly unknown[];
  /** What `run` may give besides, where an earlier run was made of which nothing is known. */
  readonly givesAgain?: readonly unknown[];
  readonly see?: (store: Store) => Promise<unknown>;
  /** What `see` gives before the step, after it, and after it was made twice, where that differs. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly twice?: unknown;
}

export type Outcome =
  | { readonly is: 'resolved'; readonly value: unknown }
  | { readonly is: 'rejected'; readonly value: unknown }
  | { readonly is: 'pending' };
