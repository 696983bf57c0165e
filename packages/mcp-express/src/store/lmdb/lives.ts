import { Due } from './due.js';
import { addToOwner } from './owners.js';
import { LAST, type Life, type Tables } from './tables.js';

/** What a change of a life says; where it is indexed follows from it. */
export type Change = Partial<Pick<Life, 'turn' | 'expiresAt' | 'heldUntil'>>;

/** How long sessions live, and which of them is idle longest. */
export class Lives {
  readonly due: Due<string>;

  constructor(private readonly tables: Tables) {
    this.due = new Due(tables, 'session');
  }

  read(name: string, now: number): Life | undefined {
    const life = this.tables.lives.get(name);
    return life === undefined || isOver(life, now) ? undefined : life;
  }

  begin(name: string, owner: string, turn: number, expiresAt: number): void {
    const life: Life = { turn, expiresAt, heldUntil: 0, dueAt: expiresAt, idle: true, owner };
    void this.tables.lives.put(name, life);
    this.due.set(expiresAt, name);
    this.#enterIdle(name, life);
    addToOwner(this.tables, owner, 'sessions', 1);
  }

  change(name: string, life: Life, change: Change, now: number): void {
    const changed = { ...life, ...change };
    const isHeld = changed.heldUntil > now;
    const lookAt = isHeld ? changed.heldUntil : changed.expiresAt;
    const dueAt = Math.min(lookAt, life.dueAt);
    if (dueAt !== life.dueAt) {
      this.due.clear(life.dueAt, name);
      this.due.set(dueAt, name);
    }
    this.#put(name, life, { ...changed, dueAt, idle: !isHeld });
  }

  /** After it came up as due, and is out of there: it may have been prolonged since. True when it is over. */
  look(name: string, now: number): boolean {
    const life = this.tables.lives.get(name);
    if (life === undefined) return false;
    if (isOver(life, now)) return true;
    const isHeld = life.heldUntil > now;
    const dueAt = isHeld ? life.heldUntil : life.expiresAt;
    this.due.set(dueAt, name);
    this.#put(name, life, { ...life, dueAt, idle: !isHeld });
    return false;
  }

  end(name: string): Life | undefined {
    const life = this.tables.lives.get(name);
    if (life === undefined) return undefined;
    void this.tables.lives.remove(name);
    this.due.clear(life.dueAt, name);
    if (life.idle) this.#leaveIdle(life);
    addToOwner(this.tables, life.owner, 'sessions', -1);
    return life;
  }

  /** The names of those that are not held, idle longest first: of all, or of one owner. */
  *idle(owner?: string): Generator<string> {
    const STEP = 16;
    let from = 0;
    for (;;) {
      const page: { turn: number; name: string }[] = [...this.#idlePage(owner, from, STEP)];
      for (const { name } of page) yield name;
      if (page.length < STEP) return;
      from = (page.at(-1)?.turn ?? 0) + 1;
    }
  }

  *#idlePage(owner: string | undefined, from: number, limit: number): Generator<{ turn: number; name: string }> {
    if (owner === undefined) {
      for (const { key, value } of this.tables.idle.getRange({ start: from, end: LAST, limit })) {
        yield { turn: key, name: value };
      }
      return;
    }
    const range = { start: [owner, from] as [string, number], end: [owner, LAST] as [string, number], limit };
    for (const { key, value } of this.tables.idleOfOwner.getRange(range)) yield { turn: key[1], name: value };
  }

  #put(name: string, before: Life, after: Life): void {
    if (before.idle && !(after.idle && after.turn === before.turn)) this.#leaveIdle(before);
    if (after.idle && !(before.idle && after.turn === before.turn)) this.#enterIdle(name, after);
    void this.tables.lives.put(name, after);
  }

  #enterIdle(name: string, { turn, owner }: Life): void {
    void this.tables.idle.put(turn, name);
    if (owner !== '') void this.tables.idleOfOwner.put([owner, turn], name);
  }

  #leaveIdle({ turn, owner }: Life): void {
    void this.tables.idle.remove(turn);
    if (owner !== '') void this.tables.idleOfOwner.remove([owner, turn]);
  }
}

export function isOver({ expiresAt, heldUntil }: Life, now: number): boolean {
  return expiresAt <= now && heldUntil <= now;
}
