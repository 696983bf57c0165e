import type { NamedResource, SessionId, SubscribeOutcome, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';
import type { StoreFile } from './store-file.js';
import { LAST, LAST_NAME, nameOf, type Tables } from './tables.js';

/** Subscriptions in the tables `wishes`, `marks` and `subscribers`. */
export class LmdbSubscriptions implements Subscriptions {
  constructor(
    private readonly file: StoreFile,
    private readonly isAlive: (sessionName: string) => boolean,
  ) {}

  add(session: SessionId, resource: NamedResource, { count, bytes }: SubscriptionLimits): Promise<SubscribeOutcome> {
    const { subscriptions, subscriptionBytes, subscribers } = this.file.tables;
    return this.file.write(() => {
      const [name, wanted] = [nameOf(session), nameOf(resource.key)];
      if (!this.isAlive(name)) return 'no-session';
      if (subscriptions.get([name, wanted]) !== undefined) return 'subscribed';
      if (subscriptions.getKeysCount({ start: [name], end: [name, LAST_NAME], limit: count }) >= count)
        return 'too-many';
      const cost = subscriptionCost(resource);
      const sum = bytesOf(this.file.tables, name) + cost;
      if (sum > bytes) return 'too-long';
      void subscriptionBytes.put(name, sum);
      void subscriptions.put([name, wanted], [resource.uri, 0, cost]);
      void subscribers.put([wanted, name], session);
      return 'subscribed';
    });
  }

  remove(session: SessionId, key: string): Promise<void> {
    return this.file.write(() => forget(this.file.tables, nameOf(session), nameOf(key)));
  }

  mark(key: string): Promise<readonly SessionId[]> {
    const { subscribers, subscriptions, marks } = this.file.tables;
    const wanted = nameOf(key);
    return this.file.write((tx) => {
      const sessions: SessionId[] = [];
      for (const { key, value: session } of [...subscribers.getRange({ start: [wanted], end: [wanted, LAST_NAME] })]) {
        const name = key[1];
        if (!this.isAlive(name)) continue;
        sessions.push(session);
        const stored = subscriptions.get([name, wanted]);
        if (stored?.[1] !== 0) continue;
        const turn = tx.nextSequence();
        void subscriptions.put([name, wanted], marked(stored, turn));
        void marks.put([name, turn], wanted);
      }
      return sessions;
    });
  }

  async take(session: SessionId): Promise<readonly string[]> {
    const { marks } = this.file.tables;
    const range = {
      start: [nameOf(session)] as unknown as [string, number],
      end: [nameOf(session), LAST] as [string, number],
    };
    // Every listening session calls this, and marks are rare: avoid the write without any.
    if (await this.file.read(() => marks.getKeysCount({ ...range, limit: 1 }) === 0)) return [];
    return this.file.write(() => [...marks.getRange(range)].map(({ key, value }) => this.#unmark(key, value)));
  }

  #unmark(key: [string, number], wanted: string): string {
    const { marks, subscriptions } = this.file.tables;
    const stored = subscriptions.get([key[0], wanted]) ?? ['', 0];
    void marks.remove(key);
    void subscriptions.put([key[0], wanted], marked(stored, 0));
    return stored[0];
  }
}

type StoredSubscription = readonly [uri: string, mark: number, cost?: number];

function marked([uri, , cost]: StoredSubscription, turn: number): StoredSubscription {
  return cost === undefined ? [uri, turn] : [uri, turn, cost];
}

/** A subscription stored by a version without costs: its URI is its key. */
function costOf([uri, , cost]: StoredSubscription): number {
  return cost ?? subscriptionCost({ uri, key: uri });
}

/** Removes the subscriptions of a session that has ended. */
export function removeSubscriptions(tables: Tables, session: string): void {
  const keys = [
    ...tables.subscriptions.getKeys({ start: [session] as unknown as [string, string], end: [session, LAST_NAME] }),
  ];
  for (const [, uri] of keys) forget(tables, session, uri);
  void tables.subscriptionBytes.remove(session);
}

/** The bytes of a session's subscriptions. Files of earlier versions have no sum. */
function bytesOf({ subscriptions, subscriptionBytes }: Tables, session: string): number {
  const counted = subscriptionBytes.get(session);
  if (counted !== undefined) return counted;
  const range = { start: [session] as unknown as [string, string], end: [session, LAST_NAME] as [string, string] };
  return [...subscriptions.getRange(range)].reduce((sum, { value }) => sum + costOf(value), 0);
}

function forget(tables: Tables, session: string, uri: string): void {
  const { subscriptions, subscriptionBytes, marks, subscribers } = tables;
  const stored = subscriptions.get([session, uri]);
  if (stored === undefined) return;
  const [, turn] = stored;
  void subscriptionBytes.put(session, bytesOf(tables, session) - costOf(stored));
  if (turn !== 0) void marks.remove([session, turn]);
  void subscriptions.remove([session, uri]);
  void subscribers.remove([uri, session]);
}
