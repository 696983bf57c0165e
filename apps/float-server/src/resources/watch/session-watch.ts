import { ownerName, type Principal, type SessionId, type Store } from 'mcp-express';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import type { Interest } from './interest.js';

interface Watched {
  readonly account: string;
  readonly uris: Set<string>;
}

/**
 * Hears of the subscriptions of sessions where they are stored. A session may end without a word (its client is gone, and
 * it expires), so those that are known are looked up now and then.
 */
export class SessionWatch {
  /** The store to serve with: what is subscribed to there is heard of here. */
  readonly store: Store;
  readonly #sessions = new Map<SessionId, Watched>();

  constructor(
    private readonly kept: Store,
    private readonly interest: Interest,
    private readonly accounts: Accounts,
  ) {
    const { subscriptions } = kept;
    this.store = {
      ...kept,
      subscriptions: {
        add: async (session, uri, limit) => {
          const added = await subscriptions.add(session, uri, limit);
          if (added && locate(uri) !== undefined) await this.#begin(session, uri);
          return added;
        },
        remove: async (session, uri) => {
          await subscriptions.remove(session, uri);
          this.#end(session, uri);
        },
        mark: (uri) => subscriptions.mark(uri),
        take: (session) => subscriptions.take(session),
      },
    };
  }

  /** Forgets sessions that are gone. */
  async sweep(): Promise<void> {
    for (const [session, { uris }] of this.#sessions) {
      if ((await this.kept.sessions.read(session)) !== undefined) continue;
      for (const uri of [...uris]) this.#end(session, uri);
    }
  }

  async #begin(session: SessionId, uri: string): Promise<void> {
    const record = await this.kept.sessions.read(session);
    if (record === undefined) return;
    const principal: Principal | undefined = ownerName(record.owner);
    const watched = this.#sessions.get(session) ?? { account: this.accounts.of(principal).key, uris: new Set() };
    this.#sessions.set(session, watched);
    if (watched.uris.has(uri)) return;
    watched.uris.add(uri);
    this.interest.add(watched.account, uri);
  }

  #end(session: SessionId, uri: string): void {
    const watched = this.#sessions.get(session);
    if (watched?.uris.delete(uri) !== true) return;
    this.interest.remove(watched.account, uri);
    if (watched.uris.size === 0) this.#sessions.delete(session);
  }
}
