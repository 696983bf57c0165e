import { randomUUID } from 'node:crypto';
import { systemClock } from 'float-api';
import type { Notifier, Principal, Store, Subscription } from 'mcp-express';
import type { Day } from 'resource-planning';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import { Fingerprints, fingerprintOf } from './fingerprints.js';
import { SubscriptionRegistry } from './subscription-registry.js';
import { Watcher } from './watcher.js';

/** Subscribed resources of one account that are checked. Each costs requests whenever one of its tables changes. */
const MAX_WATCHED = 200;
const MAX_SIGHTINGS = 10_000;

/** Bus topics between nodes. A lost message only delays the detection until the next check. */
const TOPICS = {
  /** An account was written to. Message: node and key of the account. */
  written: 'float-written',
  /** Clients were notified of a change. Message: account, URI, and fingerprint of the content. */
  told: 'float-told',
};

/** Options of a resource watch. */
export interface WatchOptions {
  readonly accounts: Accounts;
  /** The store of the router: its bus connects the nodes. */
  readonly store: Pick<Store, 'bus'>;
  readonly today: () => Day;
  readonly intervalMs: number;
  readonly onError: (cause: unknown) => void;
}

/**
 * Notifies clients of changes to resources that they are subscribed to. It learns of subscriptions by the hooks of the
 * resources.
 */
export class ResourceWatch {
  readonly #node = randomUUID();
  readonly #subscriptions = new SubscriptionRegistry(MAX_WATCHED);
  readonly #fingerprints = new Fingerprints(MAX_SIGHTINGS);
  readonly #watcher: Watcher;
  readonly #stop: readonly (() => void)[];
  #notify: Pick<Notifier, 'resourceUpdated'> | undefined;

  constructor(private readonly options: WatchOptions) {
    const { accounts, store, onError, today, intervalMs } = options;
    this.#watcher = new Watcher({
      accounts,
      subscriptions: this.#subscriptions,
      fingerprints: this.#fingerprints,
      today,
      intervalMs,
      clock: systemClock,
      onChange: (account, uri, look) => void this.#announce(account, uri, look).catch(onError),
      onError,
    });
    accounts.onWrite((account) => {
      this.#written(account);
      store.bus.publish(TOPICS.written, `${this.#node} ${account}`).catch(onError);
    });
    this.#stop = [
      store.bus.subscribe(TOPICS.written, (message) => {
        const [node, account = ''] = message.split(' ');
        if (node !== this.#node) this.#written(account);
      }),
      store.bus.subscribe(TOPICS.told, (message) => {
        const [account, uri, look] = JSON.parse(message) as [string, string, string];
        if (this.#subscriptions.has(account, uri)) this.#fingerprints.record(account, uri, look);
      }),
    ];
  }

  /** Sets the notifier; changes before this call are not announced. */
  notifyThrough(notify: Pick<Notifier, 'resourceUpdated'>): void {
    this.#notify = notify;
  }

  /** A client has subscribed to a resource. */
  onSubscribe({ uri, principal }: Subscription): void {
    this.#subscriptions.add(this.options.accounts.of(principal).key, spellingOf(uri));
  }

  /** A subscription has ended. */
  onUnsubscribe({ uri, principal }: Subscription): void {
    this.#subscriptions.remove(this.options.accounts.of(principal).key, spellingOf(uri));
  }

  /**
   * Records the content a client has read. If it differs from the last known content, other subscribers are notified.
   */
  onRead(uri: string, body: string, principal: Principal | undefined): void {
    const account = this.options.accounts.of(principal).key;
    const look = fingerprintOf(body);
    const isNews = this.#fingerprints.record(account, uri, look);
    if (isNews && this.#subscriptions.has(account, uri))
      void this.#announce(account, uri, look).catch(this.options.onError);
  }

  close(): void {
    this.#watcher.close();
    for (const stop of this.#stop) stop();
  }

  #written(account: string): void {
    // Cached tables may predate the write.
    this.options.accounts.byKey(account)?.api.forget();
    this.#watcher.wake(account);
  }

  async #announce(account: string, uri: string, look: string): Promise<void> {
    // Other nodes first, so that they do not detect and announce the same change.
    await this.options.store.bus.publish(TOPICS.told, JSON.stringify([account, uri, look]));
    await this.#notify?.resourceUpdated(uri);
  }
}

/** The URI as the templates of the resources match it. */
function spellingOf(uri: string): string {
  return locate(uri) === undefined ? new URL(uri).href : uri;
}
