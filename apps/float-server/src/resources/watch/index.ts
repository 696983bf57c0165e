import { randomUUID } from 'node:crypto';
import type { Notifier, Observer, Principal, Store } from 'mcp-express';
import { systemClock } from '../../float/clock.js';
import type { Day } from '../../planning/day.js';
import type { Accounts } from '../../tokens/accounts.js';
import { Interest } from './interest.js';
import { listenWatch } from './listen-watch.js';
import { SessionWatch } from './session-watch.js';
import { lookOf, Sightings } from './sightings.js';
import { Watcher } from './watcher.js';

/** Resources of one account that are looked after: each costs calls whenever something has changed. */
const MAX_WATCHED = 200;
const MAX_SIGHTINGS = 10_000;

/** Where nodes tell each other. A message that is lost costs no more than the time until the next look. */
const TOPICS = {
  /** An account was written to. Message: which node did, and the key of the account. */
  written: 'float-written',
  /** Clients were told of a change. Message: account, URI, and what it looks like now. */
  told: 'float-told',
};

export interface WatchOptions {
  readonly accounts: Accounts;
  readonly store: Store;
  readonly today: () => Day;
  readonly intervalMs: number;
  readonly failed: (cause: unknown) => void;
}

/** Everything that makes subscriptions to resources work; the router is to be made with `store` and `observe`. */
export class ResourceWatch {
  readonly store: Store;
  readonly observe: Observer;
  readonly #node = randomUUID();
  readonly #interest = new Interest(MAX_WATCHED);
  readonly #sightings = new Sightings(MAX_SIGHTINGS);
  readonly #watcher: Watcher;
  readonly #stop: readonly (() => void)[];
  #notify: Pick<Notifier, 'resourceUpdated'> | undefined;

  constructor(private readonly options: WatchOptions) {
    const { accounts, store, failed, today, intervalMs } = options;
    const sessions = new SessionWatch(store, this.#interest, accounts);
    this.store = sessions.store;
    this.observe = listenWatch(this.#interest, accounts);
    this.#watcher = new Watcher({
      accounts,
      interest: this.#interest,
      sightings: this.#sightings,
      today,
      intervalMs,
      clock: systemClock,
      sweep: () => sessions.sweep(),
      changed: (account, uri, look) => void this.#tell(account, uri, look).catch(failed),
      failed,
    });
    accounts.onWrite((account) => {
      this.#written(account);
      store.bus.publish(TOPICS.written, `${this.#node} ${account}`).catch(failed);
    });
    this.#stop = [
      store.bus.subscribe(TOPICS.written, (message) => {
        const [node, account = ''] = message.split(' ');
        if (node !== this.#node) this.#written(account);
      }),
      store.bus.subscribe(TOPICS.told, (message) => {
        const [account, uri, look] = JSON.parse(message) as [string, string, string];
        if (this.#interest.has(account, uri)) this.#sightings.saw(account, uri, look);
      }),
    ];
  }

  /** From now on, changes are told to clients. */
  tellBy(notify: Pick<Notifier, 'resourceUpdated'>): void {
    this.#notify = notify;
  }

  /** A client was given this. If somebody else knows it otherwise, it has changed. */
  onRead(uri: string, body: string, principal: Principal | undefined): void {
    const account = this.options.accounts.of(principal).key;
    const look = lookOf(body);
    const isNews = this.#sightings.saw(account, uri, look);
    if (isNews && this.#interest.has(account, uri)) void this.#tell(account, uri, look).catch(this.options.failed);
  }

  close(): void {
    this.#watcher.close();
    for (const stop of this.#stop) stop();
  }

  #written(account: string): void {
    // What was read before may be older than the write.
    this.options.accounts.byKey(account)?.api.forget();
    this.#watcher.wake(account);
  }

  async #tell(account: string, uri: string, look: string): Promise<void> {
    // The other nodes first: they need not find out by themselves, and tell the same again.
    await this.options.store.bus.publish(TOPICS.told, JSON.stringify([account, uri, look]));
    await this.#notify?.resourceUpdated(uri);
  }
}
