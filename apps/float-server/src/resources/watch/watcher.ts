/** Detects changes of subscribed resources. */
import { type Clock, createTableProbe, FloatApiError, type ResourceKey, type TableProbe } from 'float-api';
import { addDays, type Day, PlanningError } from 'resource-planning';
import type { Accounts } from '../../tokens/accounts.js';
import { ToolProblem } from '../../tools/problem.js';
import { bodyOf, type Located, locate } from '../index.js';
import type { View } from '../view.js';
import { type Fingerprints, fingerprintOf } from './fingerprints.js';
import type { SubscriptionRegistry } from './subscription-registry.js';

/** The parts of a watcher. */
export interface WatcherParts {
  readonly accounts: Accounts;
  readonly subscriptions: SubscriptionRegistry;
  readonly fingerprints: Fingerprints;
  readonly today: () => Day;
  /** Milliseconds between two checks; 0 checks only after writes. */
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Called when a resource has changed. */
  readonly onChange: (account: string, uri: string, look: string) => void;
  readonly onError: (cause: unknown) => void;
}

/** Scopes of a check; each includes those before it. */
const SCOPES = ['new', 'changed', 'all'] as const;
/**
 * `new`: resources without a fingerprint; `changed`: also those whose tables changed; `all`: every one, after a write.
 */
type Scope = (typeof SCOPES)[number];

interface AccountCheck {
  readonly probes: Map<ResourceKey, TableProbe>;
  /** Tables that changed since the resources derived from them were last read. */
  readonly stale: Set<ResourceKey>;
  day: Day;
  wanted: Scope | undefined;
  running: boolean;
}

/** Checks the subscribed resources of all accounts for changes. */
export class Watcher {
  readonly #accounts = new Map<string, AccountCheck>();
  readonly #stop = new AbortController();
  #isPeriodic = false;

  constructor(private readonly parts: WatcherParts) {
    parts.subscriptions.onNew((account) => {
      this.#check(account, 'new');
      // Rejects only when the watcher is closed.
      this.#checkPeriodically().catch(() => {});
    });
  }

  /** Checks an account after a write to it. */
  wake(account: string): void {
    if (this.parts.subscriptions.of(account).length > 0) this.#check(account, 'all');
  }

  /** Whether a check is running. */
  get isChecking(): boolean {
    return [...this.#accounts.values()].some(({ running }) => running);
  }

  close(): void {
    this.#stop.abort(new Error('closed'));
  }

  /** Checks all accounts periodically, as long as there are subscriptions. */
  async #checkPeriodically(): Promise<void> {
    const { subscriptions, intervalMs, clock } = this.parts;
    if (this.#isPeriodic || intervalMs === 0) return;
    this.#isPeriodic = true;
    while (subscriptions.accounts.length > 0) {
      await clock.sleep(intervalMs, this.#stop.signal);
      for (const account of subscriptions.accounts) this.#check(account, 'changed');
    }
    this.#isPeriodic = false;
    this.#accounts.clear();
  }

  /** Starts a check of an account. Checks requested while one is running are merged and follow it. */
  #check(account: string, depth: Scope): void {
    const looking = this.#accounts.get(account) ?? this.#begin(account);
    looking.wanted = widerScope(looking.wanted, depth);
    if (!looking.running) void this.#run(account, looking);
  }

  #begin(account: string): AccountCheck {
    const looking = { probes: new Map(), stale: new Set<ResourceKey>(), day: '', wanted: undefined, running: false };
    this.#accounts.set(account, looking);
    return looking;
  }

  async #run(account: string, looking: AccountCheck): Promise<void> {
    looking.running = true;
    while (looking.wanted !== undefined && !this.#stop.signal.aborted) {
      const depth = looking.wanted;
      looking.wanted = undefined;
      try {
        await this.#checkNow(account, looking, depth);
      } catch (cause) {
        if (!this.#stop.signal.aborted) this.parts.onError(cause);
      }
    }
    looking.running = false;
  }

  async #checkNow(account: string, looking: AccountCheck, depth: Scope): Promise<void> {
    const { accounts, subscriptions, fingerprints, today } = this.parts;
    const api = accounts.byKey(account)?.api;
    if (api === undefined) return;
    const view: View = { api, today: today(), signal: this.#stop.signal };
    const watched = subscriptions.of(account).flatMap((uri) => {
      const located = locate(uri);
      return located === undefined ? [] : [{ uri, located }];
    });
    const tables = new Set(watched.flatMap(({ located }) => located.resource.tables));
    // "This week" changes with the date.
    if (depth === 'all' || looking.day !== view.today) for (const table of tables) looking.stale.add(table);
    else if (depth === 'changed') await findStale(looking, tables, view);
    looking.day = view.today;
    // Sequential, so that requests of clients are not delayed.
    for (const { uri, located } of watched) {
      const isStale = located.resource.tables.some((table) => looking.stale.has(table));
      if (isStale || !fingerprints.has(account, uri)) await this.#readAndCompare(account, uri, { located, view });
    }
    // Only after success: if Float fails meanwhile, the next check must read them again.
    looking.stale.clear();
  }

  async #readAndCompare(
    account: string,
    uri: string,
    { located, view }: { located: Located; view: View },
  ): Promise<void> {
    const look = fingerprintOf(await bodyOrEmpty(located, view));
    if (this.parts.fingerprints.record(account, uri, look)) this.parts.onChange(account, uri, look);
  }
}

function widerScope(one: Scope | undefined, other: Scope): Scope {
  return one !== undefined && SCOPES.indexOf(one) > SCOPES.indexOf(other) ? one : other;
}

async function findStale({ probes, stale }: AccountCheck, tables: ReadonlySet<ResourceKey>, view: View): Promise<void> {
  for (const table of tables) {
    // A day back, whatever the time zone of Float's clock.
    const probe = probes.get(table) ?? createTableProbe(view.api, table, `${addDays(view.today, -1)} 00:00:00`);
    probes.set(table, probe);
    if (await probe(view)) stale.add(table);
  }
}

/** The content of a resource, empty if it is deleted, which counts as a change too. */
async function bodyOrEmpty(located: Located, view: View): Promise<string> {
  try {
    return await bodyOf(located, view);
  } catch (error) {
    const isGone = error instanceof FloatApiError ? error.code === 'not-found' : isAbsence(error);
    if (isGone) return '';
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof ToolProblem || error instanceof PlanningError;
}
