import type { NamedResource, SessionId, Subscribed, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';
import type { Opened } from './opened.js';
import { LAST, LAST_NAME, nameOf, type Tables } from './tables.js';

export class LmdbSubscriptions implements Subscriptions {
  constructor(
    private readonly opened: Opened,
    private readonly isAlive: (sessionName: string) => boolean,
  ) {}

  add(session: SessionId, resource: NamedResource, { count, bytes }: SubscriptionLimits): Promise<Subscribed> {
    const { wishes, wishBytes, subscribers } = this.opened.tables;
    return this.opened.write(() => {
      const [name, wanted] = [nameOf(session), nameOf(resource.key)];
      if (!this.isAlive(name)) return 'no-session';
      if (wishes.get([name, wanted]) !== undefined) return 'subscribed';
      if (wishes.getKeysCount({ start: [name], end: [name, LAST_NAME], limit: count }) >= count) return 'too-many';
      const cost = subscriptionCost(resource);
      const sum = bytesOf(this.opened.tables, name) + cost;
      if (sum > bytes) return 'too-long';
      void wishBytes.put(name, sum);
      void wishes.put([name, wanted], [resource.uri, 0, cost]);
      void subscribers.put([wanted, name], session);
      return 'subscribed';
    });
  }

  remove(session: SessionId, key: string): Promise<void> {
    return this.opened.write(() => forget(this.opened.tables, nameOf(session), nameOf(key)));
  }

  mark(key: string): Promise<readonly SessionId[]> {
    const { subscribers, wishes, marks } = this.opened.tables;
    const wanted = nameOf(key);
    return this.opened.write((step) => {
      const sessions: SessionId[] = [];
      for (const { key, value: session } of [...subscribers.getRange({ start: [wanted], end: [wanted, LAST_NAME] })]) {
        const name = key[1];
        if (!this.isAlive(name)) continue;
        sessions.push(session);
        const wish = wishes.get([name, wanted]);
        if (wish?.[1] !== 0) continue;
        const turn = step.turn();
        void wishes.put([name, wanted], marked(wish, turn));
        void marks.put([name, turn], wanted);
      }
      return sessions;
    });
  }

  async take(session: SessionId): Promise<readonly string[]> {
    const { marks } = this.opened.tables;
    const range = {
      start: [nameOf(session)] as unknown as [string, number],
      end: [nameOf(session), LAST] as [string, number],
    };
    // Whoever listens asks, and there is rarely anything: then nothing need be written.
    if (await this.opened.read(() => marks.getKeysCount({ ...range, limit: 1 }) === 0)) return [];
    return this.opened.write(() => [...marks.getRange(range)].map(({ key, value }) => this.#unmark(key, value)));
  }

  #unmark(key: [string, number], wanted: string): string {
    const { marks, wishes } = this.opened.tables;
    const wish = wishes.get([key[0], wanted]) ?? ['', 0];
    void marks.remove(key);
    void wishes.put([key[0], wanted], marked(wish, 0));
    return wish[0];
  }
}

type Wish = readonly [uri: string, mark: number, cost?: number];

function marked([uri, , cost]: Wish, turn: number): Wish {
  return cost === undefined ? [uri, turn] : [uri, turn, cost];
}

/** One that was written before costs were has a URI that is its key. */
function costOf([uri, , cost]: Wish): number {
  return cost ?? subscriptionCost({ uri, key: uri });
}

/** Forgets the subscriptions of a session that is no more. */
export function forgetWishes(tables: Tables, session: string): void {
  const keys = [
    ...tables.wishes.getKeys({ start: [session] as unknown as [string, string], end: [session, LAST_NAME] }),
  ];
  for (const [, uri] of keys) forget(tables, session, uri);
  void tables.wishBytes.remove(session);
}

/** A file that was written before they were counted has none of them. */
function bytesOf({ wishes, wishBytes }: Tables, session: string): number {
  const counted = wishBytes.get(session);
  if (counted !== undefined) return counted;
  const range = { start: [session] as unknown as [string, string], end: [session, LAST_NAME] as [string, string] };
  return [...wishes.getRange(range)].reduce((sum, { value }) => sum + costOf(value), 0);
}

function forget(tables: Tables, session: string, uri: string): void {
  const { wishes, wishBytes, marks, subscribers } = tables;
  const wish = wishes.get([session, uri]);
  if (wish === undefined) return;
  const [, turn] = wish;
  void wishBytes.put(session, bytesOf(tables, session) - costOf(wish));
  if (turn !== 0) void marks.remove([session, turn]);
  void wishes.remove([session, uri]);
  void subscribers.remove([uri, session]);
}
