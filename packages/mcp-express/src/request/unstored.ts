import { pause } from '../util/time.js';

/** A result of a call or a task that waits to be stored. */
export interface Unstored {
  /** Characters held in memory until it is stored. */
  readonly characters: number;
  /** Stores the result; rejects on failure. Safe to repeat, even if a failed attempt was stored. */
  readonly attempt: () => Promise<unknown>;
  /** Stores a short replacement when too much is held. Absent: the result is then dropped. */
  readonly instead?: () => Promise<unknown>;
}

interface Held {
  readonly characters: number;
  readonly attempt: () => Promise<unknown>;
  readonly settle: (isStored: boolean) => void;
}

/** Most characters that one node holds for an unavailable store. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Pause between rounds. Well below the lease, so that results are stored soon after the store is back. Milliseconds.
 */
const AGAIN_MS = 500;

/** Concurrent attempts, so that a recovering store is not flooded. */
const AT_ONCE = 50;

/** Results that an unavailable store did not take, held in memory until it is back. */
export class UnstoredResults {
  /** The latest failure is last, so that one failing part of the store does not delay the others. */
  readonly #held = new Set<Held>();
  readonly #underWay = new Set<Held>();
  #characters = 0;
  #isTrying = false;
  #isGivingUp = false;

  constructor(private readonly maxCharacters = MAX_CHARACTERS) {}

  /** Resolves to true once the result is stored, to false if it was dropped. Never rejects. */
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

  /** Drops all results, because this node stops. Other nodes then answer `call-interrupted`. */
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

  /**
   * Ends early while the store is unavailable. Slow attempts, such as an append to a full stream, do not delay the
   * others.
   */
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

/** Resolves to true with the first true, to false once all are false. */
function anyOf(tries: readonly Promise<boolean>[]): Promise<boolean> {
  return new Promise((resolve) => {
    for (const each of tries) void each.then((isStored) => isStored && resolve(true));
    void Promise.all(tries).then(() => resolve(false));
  });
}
