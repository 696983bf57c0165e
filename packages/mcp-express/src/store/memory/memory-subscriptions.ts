import type { NamedResource, SessionId, SubscribeOutcome, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';

/** The subscriptions of one session. */
interface SessionSubscriptions {
  /** URIs by key. */
  readonly uris: Map<string, string>;
  /** Keys of the updated resources, in the order of the updates. */
  readonly marked: Set<string>;
  /** Invariant: the sum of `subscriptionCost` of its subscriptions. */
  bytes: number;
}

/** Subscriptions in maps by session and by resource. */
export class MemorySubscriptions implements Subscriptions {
  readonly #sessions = new Map<SessionId, SessionSubscriptions>();
  readonly #subscribers = new Map<string, Set<SessionId>>();

  constructor(private readonly exists: (session: SessionId) => boolean) {}

  async add(session: SessionId, resource: NamedResource, limits: SubscriptionLimits): Promise<SubscribeOutcome> {
    const { uri, key } = resource;
    if (!this.exists(session)) return 'no-session';
    const subscriptions = this.#sessions.get(session) ?? { uris: new Map(), marked: new Set(), bytes: 0 };
    if (subscriptions.uris.has(key)) return 'subscribed';
    if (subscriptions.uris.size >= limits.count) return 'too-many';
    const bytes = subscriptions.bytes + subscriptionCost(resource);
    if (bytes > limits.bytes) return 'too-long';
    subscriptions.uris.set(key, uri);
    subscriptions.bytes = bytes;
    this.#sessions.set(session, subscriptions);
    const subscribers = this.#subscribers.get(key) ?? new Set();
    this.#subscribers.set(key, subscribers.add(session));
    return 'subscribed';
  }

  async remove(session: SessionId, key: string): Promise<void> {
    const subscriptions = this.#sessions.get(session);
    const uri = subscriptions?.uris.get(key);
    if (subscriptions === undefined || uri === undefined) return;
    subscriptions.uris.delete(key);
    subscriptions.bytes -= subscriptionCost({ uri, key });
    subscriptions.marked.delete(key);
    this.#unlist(session, key);
  }

  async mark(key: string): Promise<readonly SessionId[]> {
    const sessions = [...(this.#subscribers.get(key) ?? [])];
    for (const session of sessions) this.#sessions.get(session)?.marked.add(key);
    return sessions;
  }

  async take(session: SessionId): Promise<readonly string[]> {
    const subscriptions = this.#sessions.get(session);
    if (subscriptions === undefined || subscriptions.marked.size === 0) return [];
    const taken = [...subscriptions.marked].map((key) => subscriptions.uris.get(key) ?? key);
    subscriptions.marked.clear();
    return taken;
  }

  /** Removes the subscriptions of a session that has ended. */
  forget(session: SessionId): void {
    const subscriptions = this.#sessions.get(session);
    this.#sessions.delete(session);
    for (const key of subscriptions?.uris.keys() ?? []) this.#unlist(session, key);
  }

  #unlist(session: SessionId, key: string): void {
    const subscribers = this.#subscribers.get(key);
    subscribers?.delete(session);
    if (subscribers?.size === 0) this.#subscribers.delete(key);
  }
}
