import { ownerName, type Principal, type SessionId, type Store } from 'mcp-express';
import type { Accounts } from '../../tokens/accounts.js';
import { locate } from '../index.js';
import type { Interest } from './interest.js';

interface Watched {
  readonly account: string;
  /** By what all spellings of a URI have in common. */
  readonly uris: Map<string, string>;
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

  /** Forgets sessions that are gone. */
  async sweep(): Promise<void> {
    for (const [session, { uris }] of this.#sessions) {
      if ((await this.kept.sessions.read(session)) !== undefined) continue;
      for (const key of [...uris.keys()]) this.#end(session, key);
    }
  }

  async #begin(session: SessionId, key: string, uri: string): Promise<void> {
    const record = await this.kept.sessions.read(session);
    if (record === undefined) return;
    const principal: Principal | undefined = ownerName(record.owner);
    const watched = this.#sessions.get(session) ?? {
      account: this.accounts.of(principal).key,
      uris: new Map<string, string>(),
    };
    this.#sessions.set(session, watched);
    if (watched.uris.has(key)) return;
    watched.uris.set(key, uri);
    this.interest.add(watched.account, uri);
  }

  #end(session: SessionId, key: string): void {
    const watched = this.#sessions.get(session);
    const uri = watched?.uris.get(key);
    if (watched === undefined || uri === undefined) return;
    watched.uris.delete(key);
    this.interest.remove(watched.account, uri);
    if (watched.uris.size === 0) this.#sessions.delete(session);
  }
}
