import { pause } from '../ground/time.js';

/** What is to be stored of a call or a task. */
export interface Unstored {
  /** Characters that are held for as long as it is not stored. */
  readonly characters: number;
  /** Rejects when the store did not take it. May be tried again, whether or not the store took it. */
  readonly attempt: () => Promise<unknown>;
  /** The same with next to nothing to hold, where too much is held already; absent: then it is given up. */
  readonly instead?: () => Promise<unknown>;
}

interface Held {
  readonly characters: number;
  readonly attempt: () => Promise<unknown>;
  readonly settle: (isStored: boolean) => void;
}

/** What one node holds at most for a store that is away. Characters. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** Between two rounds: far below a lease, so that a result is there soon after the store is. */
const AGAIN_MS = 500;

/** What is tried at once, so that a store that comes back is not flooded. */
const AT_ONCE = 50;

/** Results that the store did not take because it was away, in the memory of the node until it is back. */
export class UnstoredResults {
  /** What was tried last comes last, so that a part of the store that stays away does not keep the others waiting. */
  readonly #held = new Set<Held>();
  readonly #underWay = new Set<Held>();
  #characters = 0;
  #isTrying = false;
  #isGivingUp = false;

  constructor(private readonly maxCharacters = MAX_CHARACTERS) {}

  /** Resolves once the store has taken it, or it was given up, which is false. Never rejects. */
  hold({ attempt, characters, instead }: Unstored): Promise<boolean> {
    const isTooMuch = this.#characters + characters > this.maxCharacters;
    if (this.#isGivingUp || (isTooMuch && instead === undefined)) return Promise.resolve(false);
    const kept = isTooMuch ? { attempt: instead ?? attempt, characters: 0 } : { attempt, characters };
    this.#characters += kept.characters;
    return new Promise((settle) => {
      this.#held.add({ ...kept, settle });
      if (!this.#isTrying) void this.#tryAll();
    });
  }

  /** Waits for the store no more: this node stops, and others tell that what it ran was interrupted. */
  giveUp(): void {
    this.#isGivingUp = true;
    for (const held of this.#held) this.#settle(held, false);
  }

  async #tryAll(): Promise<void> {
    this.#isTrying = true;
    while (this.#held.size > 0) {
      await pause(AGAIN_MS, false);
      await this.#round();
    }
    this.#isTrying = false;
  }

  /** Ends early while the store is still away. Those that take long, such as an append without room, hold up no others. */
  async #round(): Promise<void> {
    const all = [...this.#held].filter((held) => !this.#underWay.has(held));
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const tries = all.slice(start, start + AT_ONCE).map((held) => this.#try(held));
      if (!(await Promise.race([anyOf(tries), pause(AGAIN_MS, false)]))) return;
    }
  }

  async #try(held: Held): Promise<boolean> {
    this.#underWay.add(held);
    try {
      await held.attempt();
    } catch {
      if (this.#held.delete(held)) this.#held.add(held);
      return false;
    } finally {
      this.#underWay.delete(held);
    }
    this.#settle(held, true);
    return true;
  }

  #settle(held: Held, isStored: boolean): void {
    if (!this.#held.delete(held)) return;
    this.#characters -= held.characters;
    held.settle(isStored);
  }
}

/** True with the first of them that is, false once all are not. */
function anyOf(tries: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    for (const each of tries) void each.then((isStored) => isStored && resolve(true));
    void Promise.all(tries).then(() => resolve(false));
  });
}
