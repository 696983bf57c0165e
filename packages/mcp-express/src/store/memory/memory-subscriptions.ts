import type { NamedResource, SessionId, Subscribed, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';

interface Wishes {
  /** By key. */
  readonly uris: Map<string, string>;
  /** Keys. */
  readonly marked: Set<string>;
  /** Invariant: the sum of what its subscriptions cost. */
  bytes: number;
}

export class MemorySubscriptions implements Subscriptions {
  readonly #sessions = new Map<SessionId, Wishes>();
  readonly #subscribers = new Map<string, Set<SessionId>>();

  constructor(private readonly exists: (session: SessionId) => boolean) {}

  async add(session: SessionId, resource: NamedResource, limits: SubscriptionLimits): Promise<Subscribed> {
    const { uri, key } = resource;
    if (!this.exists(session)) return 'no-session';
    const wishes = this.#sessions.get(session) ?? { uris: new Map(), marked: new Set(), bytes: 0 };
    if (wishes.uris.has(key)) return 'subscribed';
    if (wishes.uris.size >= limits.count) return 'too-many';
    const bytes = wishes.bytes + subscriptionCost(resource);
    if (bytes > limits.bytes) return 'too-long';
    wishes.uris.set(key, uri);
    wishes.bytes = bytes;
    this.#sessions.set(session, wishes);
    const subscribers = this.#subscribers.get(key) ?? new Set();
    this.#subscribers.set(key, subscribers.add(session));
    return 'subscribed';
  }

  async remove(session: SessionId, key: string): Promise<void> {
    const wishes = this.#sessions.get(session);
    const uri = wishes?.uris.get(key);
    if (wishes === undefined || uri === undefined) return;
    wishes.uris.delete(key);
    wishes.bytes -= subscriptionCost({ uri, key });
    wishes.marked.delete(key);
    this.#unlist(session, key);
  }

  async mark(key: string): Promise<readonly SessionId[]> {
    const sessions = [...(this.#subscribers.get(key) ?? [])];
    for (const session of sessions) this.#sessions.get(session)?.marked.add(key);
    return sessions;
  }

  async take(session: SessionId): Promise<readonly string[]> {
    const wishes = this.#sessions.get(session);
    if (wishes === undefined || wishes.marked.size === 0) return [];
    const taken = [...wishes.marked].map((key) => wishes.uris.get(key) ?? key);
    wishes.marked.clear();
    return taken;
  }

  forget(session: SessionId): void {
    const wishes = this.#sessions.get(session);
    this.#sessions.delete(session);
    for (const key of wishes?.uris.keys() ?? []) this.#unlist(session, key);
  }

  #unlist(session: SessionId, key: string): void {
    const subscribers = this.#subscribers.get(key);
    subscribers?.delete(session);
    if (subscribers?.size === 0) this.#subscribers.delete(key);
  }
}
