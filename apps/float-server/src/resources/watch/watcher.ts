/** Looks after the resources somebody is subscribed to, and says so when one has changed. */
import type { Clock } from '../../float/clock.js';
import { FloatApiError } from '../../float/errors.js';
import type { ResourceKey } from '../../float/resources.js';
import { createTableProbe, type TableProbe } from '../../float/table-probe.js';
import { addDays, type Day } from '../../planning/day.js';
import { PlanningError } from '../../planning/errors.js';
import type { Accounts } from '../../tokens/accounts.js';
import { ToolProblem } from '../../tools/problem.js';
import { bodyOf, type Located, locate } from '../index.js';
import type { View } from '../view.js';
import type { Interest } from './interest.js';
import { lookOf, type Sightings } from './sightings.js';

export interface WatcherParts {
  readonly accounts: Accounts;
  readonly interest: Interest;
  readonly sightings: Sightings;
  readonly today: () => Day;
  /** Milliseconds between two looks at Float; 0 looks only when something was written. */
  readonly intervalMs: number;
  readonly clock: Clock;
  /** Before each look: time to forget who is gone. */
  readonly sweep: () => Promise<void>;
  /** A resource has changed. */
  readonly changed: (account: string, uri: string, look: string) => void;
  readonly failed: (cause: unknown) => void;
}

/** How much is looked at; the later ones include those before. */
const DEPTHS = ['new', 'changed', 'all'] as const;
/** What was never seen; what is made of tables that have changed; everything, because something was written. */
type Depth = (typeof DEPTHS)[number];

interface Looking {
  readonly probes: Map<ResourceKey, TableProbe>;
  /** Tables that have changed since the resources made of them were last seen. */
  readonly stale: Set<ResourceKey>;
  day: Day;
  wanted: Depth | undefined;
  running: boolean;
}

export class Watcher {
  readonly #accounts = new Map<string, Looking>();
  readonly #stop = new AbortController();
  #isGoing = false;

  constructor(private readonly parts: WatcherParts) {
    parts.interest.onNew((account) => {
      this.#look(account, 'new');
      // Rejects when it is closed, and then never matters again.
      this.#goOn().catch(() => {});
    });
  }

  /** Something was written in this account. */
  wake(account: string): void {
    if (this.parts.interest.of(account).length > 0) this.#look(account, 'all');
  }

  /** A look is under way. */
  get isLooking(): boolean {
    return [...this.#accounts.values()].some(({ running }) => running);
  }

  close(): void {
    this.#stop.abort(new Error('closed'));
  }

  /** Looks at every account now and then, until nobody is subscribed any more: the next who is starts it again. */
  async #goOn(): Promise<void> {
    const { interest, intervalMs, clock, sweep, failed } = this.parts;
    if (this.#isGoing || intervalMs === 0) return;
    this.#isGoing = true;
    while (interest.accounts.length > 0) {
      await clock.sleep(intervalMs, this.#stop.signal);
      await sweep().catch(failed);
      for (const account of interest.accounts) this.#look(account, 'changed');
    }
    this.#isGoing = false;
    this.#accounts.clear();
  }

  /** One look at a time for each account; what is asked for meanwhile is done after it. */
  #look(account: string, depth: Depth): void {
    const looking = this.#accounts.get(account) ?? this.#begin(account);
    looking.wanted = deeper(looking.wanted, depth);
    if (!looking.running) void this.#run(account, looking);
  }

  #begin(account: string): Looking {
    const looking = { probes: new Map(), stale: new Set<ResourceKey>(), day: '', wanted: undefined, running: false };
    this.#accounts.set(account, looking);
    return looking;
  }

  async #run(account: string, looking: Looking): Promise<void> {
    looking.running = true;
    while (looking.wanted !== undefined && !this.#stop.signal.aborted) {
      const depth = looking.wanted;
      looking.wanted = undefined;
      try {
        await this.#lookNow(account, looking, depth);
      } catch (cause) {
        if (!this.#stop.signal.aborted) this.parts.failed(cause);
      }
    }
    looking.running = false;
  }

  async #lookNow(account: string, looking: Looking, depth: Depth): Promise<void> {
    const { accounts, interest, sightings, today } = this.parts;
    const api = accounts.byKey(account)?.api;
    if (api === undefined) return;
    const view: View = { api, today: today(), signal: this.#stop.signal };
    const watched = interest.of(account).flatMap((uri) => {
      const located = locate(uri);
      return located === undefined ? [] : [{ uri, located }];
    });
    const tables = new Set(watched.flatMap(({ located }) => located.resource.tables));
    // "This week" is another one on another day.
    if (depth === 'all' || looking.day !== view.today) for (const table of tables) looking.stale.add(table);
    else if (depth === 'changed') await findStale(looking, tables, view);
    looking.day = view.today;
    // One after the other: the calls of people who wait come in between.
    for (const { uri, located } of watched) {
      const isStale = located.resource.tables.some((table) => looking.stale.has(table));
      if (isStale || !sightings.has(account, uri)) await this.#see(account, uri, { located, view });
    }
    // Only now: had Float gone away meanwhile, the next look would have to see to them.
    looking.stale.clear();
  }

  async #see(account: string, uri: string, { located, view }: { located: Located; view: View }): Promise<void> {
    const look = lookOf(await bodyOrNothing(located, view));
    if (this.parts.sightings.saw(account, uri, look)) this.parts.changed(account, uri, look);
  }
}

function deeper(one: Depth | undefined, other: Depth): Depth {
  return one !== undefined && DEPTHS.indexOf(one) > DEPTHS.indexOf(other) ? one : other;
}

async function findStale({ probes, stale }: Looking, tables: ReadonlySet<ResourceKey>, view: View): Promise<void> {
  for (const table of tables) {
    // A day back, whatever zone Float's clock is in.
    const probe = probes.get(table) ?? createTableProbe(view.api, table, `${addDays(view.today, -1)} 00:00:00`);
    probes.set(table, probe);
    if (await probe(view)) stale.add(table);
  }
}

/** What was deleted is a change as well. */
async function bodyOrNothing(located: Located, view: View): Promise<string> {
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
