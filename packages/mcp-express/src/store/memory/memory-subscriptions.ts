import type { SessionId, Subscribed, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';

interface Wishes {
  readonly uris: Set<string>;
  readonly marked: Set<string>;
  /** Invariant: the sum of what its subscriptions cost. */
  bytes: number;
}

export class MemorySubscriptions implements Subscriptions {
  readonly #sessions = new Map<SessionId, Wishes>();
  readonly #subscribers = new Map<string, Set<SessionId>>();

  constructor(private readonly exists: (session: SessionId) => boolean) {}

  async add(session: SessionId, uri: string, limits: SubscriptionLimits): Promise<Subscribed> {
    if (!this.exists(session)) return 'no-session';
    const wishes = this.#sessions.get(session) ?? { uris: new Set(), marked: new Set(), bytes: 0 };
    if (wishes.uris.has(uri)) return 'subscribed';
    if (wishes.uris.size >= limits.count) return 'too-many';
    const bytes = wishes.bytes + subscriptionCost(uri);
    if (bytes > limits.bytes) return 'too-long';
    wishes.uris.add(uri);
    wishes.bytes = bytes;
    this.#sessions.set(session, wishes);
    const subscribers = this.#subscribers.get(uri) ?? new Set();
    this.#subscribers.set(uri, subscribers.add(session));
    return 'subscribed';
  }

  async remove(session: SessionId, uri: string): Promise<void> {
    const wishes = this.#sessions.get(session);
    if (wishes?.uris.delete(uri) === true) wishes.bytes -= subscriptionCost(uri);
    wishes?.marked.delete(uri);
    this.#unlist(session, uri);
  }

  async mark(uri: string): Promise<readonly SessionId[]> {
    const sessions = [...(this.#subscribers.get(uri) ?? [])];
    for (const session of sessions) this.#sessions.get(session)?.marked.add(uri);
    return sessions;
  }

  async take(session: SessionId): Promise<readonly string[]> {
    const marked = this.#sessions.get(session)?.marked;
    if (marked === undefined || marked.size === 0) return [];
    const uris = [...marked];
    marked.clear();
    return uris;
  }

  forget(session: SessionId): void {
    const wishes = this.#sessions.get(session);
    this.#sessions.delete(session);
    for (const uri of wishes?.uris ?? []) this.#unlist(session, uri);
  }

  #unlist(session: SessionId, uri: string): void {
    const subscribers = this.#subscribers.get(uri);
    subscribers?.delete(session);
    if (subscribers?.size === 0) this.#subscribers.delete(uri);
  }
}
