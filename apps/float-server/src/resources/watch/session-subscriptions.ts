import { ownerName, type Principal, type SessionId, type Store } from 'mcp-express';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import type { SubscriptionRegistry } from './subscription-registry.js';

interface TrackedSession {
  readonly account: string;
  /** URIs by the key that all spellings of a URI share. */
  readonly uris: Map<string, string>;
}

/**
 * Tracks subscriptions of sessions by wrapping the store. A session may expire without unsubscribing, so `sweep` checks the
 * known ones from time to time.
 */
export class SessionSubscriptions {
  /** The store to serve with; its subscriptions are tracked. */
  readonly store: Store;
  readonly #sessions = new Map<SessionId, TrackedSession>();

  constructor(
    private readonly inner: Store,
    private readonly registry: SubscriptionRegistry,
    private readonly accounts: Accounts,
  ) {
    const { subscriptions } = inner;
    this.store = {
      ...inner,
      subscriptions: {
        add: async (session, resource, limit) => {
          const added = await subscriptions.add(session, resource, limit);
          const uri = [resource.uri, resource.key].find((spelling) => locate(spelling) !== undefined);
          if (added === 'subscribed' && uri !== undefined) await this.#begin(session, resource.key, uri);
          return added;
        },
        remove: async (session, key) => {
          await subscriptions.remove(session, key);
          this.#end(session, key);
        },
        mark: (key) => subscriptions.mark(key),
        take: (session) => subscriptions.take(session),
      },
    };
  }

  /** Drops the subscriptions of sessions that no longer exist. */
  async sweep(): Promise<void> {
    for (const [session, { uris }] of this.#sessions) {
      if ((await this.inner.sessions.read(session)) !== undefined) continue;
      for (const key of [...uris.keys()]) this.#end(session, key);
    }
  }

  async #begin(session: SessionId, key: string, uri: string): Promise<void> {
    const record = await this.inner.sessions.read(session);
    if (record === undefined) return;
    const principal: Principal | undefined = ownerName(record.owner);
    const watched = this.#sessions.get(session) ?? {
      account: this.accounts.of(principal).key,
      uris: new Map<string, string>(),
    };
    this.#sessions.set(session, watched);
    if (watched.uris.has(key)) return;
    watched.uris.set(key, uri);
    this.registry.add(watched.account, uri);
  }

  #end(session: SessionId, key: string): void {
    const watched = this.#sessions.get(session);
    const uri = watched?.uris.get(key);
    if (watched === undefined || uri === undefined) return;
    watched.uris.delete(key);
    this.registry.remove(watched.account, uri);
    if (watched.uris.size === 0) this.#sessions.delete(session);
  }
}
