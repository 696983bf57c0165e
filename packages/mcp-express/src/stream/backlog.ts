import type { Appended, OutgoingEvent, SessionId, StreamKey, StreamStore } from '../store/store.js';

/** Between the tries, where no reader of this node makes room: those of other nodes may. Milliseconds. */
const RETRY_MS = [25, 50, 100, 250];

/** Where readers may stall for as long as they like, writers wait this long for them all the same. Milliseconds. */
const DEFAULT_PATIENCE_MS = 60_000;

/** Readers that take nothing are waited for this long only, while much waits. Milliseconds. */
const SHORT_PATIENCE_MS = 2_000;

/** The same, while very much of one holder waits. Milliseconds. */
const SHORTEST_PATIENCE_MS = 1_000;

/** With this much waiting in one session or of one holder, or in all, patience is short. Characters. */
const MUCH_OF_SESSION = 16 * 1024 * 1024;
const MUCH_IN_ALL = 64 * 1024 * 1024;

/** With this much of the sessions of one holder, patience is shortest, and then readers are not waited for. Characters. */
const VERY_MUCH_OF_HOLDER = 32 * 1024 * 1024;
const TOO_MUCH_OF_HOLDER = 64 * 1024 * 1024;

/** With this much waiting in all, readers are not waited for. Characters. */
const TOO_MUCH_IN_ALL = 256 * 1024 * 1024;

/** Larger batches are on their way to the store one at a time for each session, so that one session does not fill the way. */
export const LARGE = 64 * 1024;

/** No event waits longer than this many times the patience, even while its session makes progress. */
const MOST_PATIENCES = 5;

/** What is to be appended. */
export interface Appending {
  readonly key: StreamKey;
  readonly events: readonly OutgoingEvent[];
  readonly end: boolean;
  /** Whom the stream is counted for; the empty string: for none. */
  readonly holder: string;
}

interface Waiting extends Appending {
  readonly characters: number;
  readonly since: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (cause: unknown) => void;
}

/** What waits in one session for its readers, in order. */
class Queue {
  readonly waiting: Waiting[] = [];
  characters = 0;
  /** When a reader took something, or something that waited was stored. */
  progressAt = performance.now();
  /** Ends the pause before the next try. */
  poke: (() => void) | undefined;
}

/**
 * Appends for which a store has no room before readers have read. They wait here, each session in a line of its own, for
 * as long as its readers take something; a session whose readers take nothing for too long loses what waits for them:
 * notifications, and answers to the errors that stand for them. So no answer is lost to a client that reads, and a client
 * that does not read cannot hold more than is bounded.
 */
export class Backlog {
  readonly #queues = new Map<SessionId, Queue>();
  readonly #patienceMs: number;
  /** Characters of those of the queues whose holder is known. */
  readonly #holders = new Map<string, number>();
  /** Characters of all queues. */
  #characters = 0;
  /** Characters that writers hold, which were not given to the store yet. */
  #held = 0;
  #hurried = false;

  /** @param stallMs how long a connection may take nothing before it is cut; 0 for as long as it likes. */
  constructor(
    private readonly store: StreamStore,
    stallMs: number,
  ) {
    this.#patienceMs = stallMs > 0 ? stallMs : DEFAULT_PATIENCE_MS;
  }

  /** Characters of notifications and answers that writers of this node have not got into the store yet. */
  get held(): number {
    return this.#held;
  }

  /** Counts what a writer took, and, negative, what it is rid of. */
  hold(characters: number): void {
    this.#held += characters;
  }

  /**
   * Appends as soon as there is room, one after the other. For what the store has answered `full` to, and for what is
   * `LARGE`. Never resolves with `full`.
   */
  append({ key, events, end, holder }: Appending): Promise<Appended> {
    const characters = events.reduce((sum, { data }) => sum + data.length, 0);
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(key.session);
      const waiting = { key, events, end, holder, characters, since: performance.now(), resolve, reject };
      this.#count(waiting, characters);
      if (queue === undefined) return this.#begin(key.session, waiting);
      queue.characters += characters;
      queue.waiting.push(waiting);
    });
  }

  /** A reader of this session took what it was shown, or left. */
  onRead(session: SessionId): void {
    if (this.#queues.size === 0) return;
    const queue = this.#queues.get(session);
    if (queue === undefined) return;
    queue.progressAt = performance.now();
    queue.poke?.();
  }

  /** Waits for no reader any more: the node stops. */
  hurry(): void {
    this.#hurried = true;
    for (const { poke } of this.#queues.values()) poke?.();
  }

  #begin(session: SessionId, first: Waiting): void {
    const queue = new Queue();
    queue.waiting.push(first);
    queue.characters = first.characters;
    this.#queues.set(session, queue);
    void this.#work(session, queue);
  }

  /** Never rejects. */
  async #work(session: SessionId, queue: Queue): Promise<void> {
    for (let tries = 0; queue.waiting.length > 0; tries += 1) {
      const first = queue.waiting[0] as Waiting;
      try {
        const appended = await this.#try(queue, first);
        if (appended === 'full') {
          await pause(queue, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0);
          continue;
        }
        first.resolve(appended);
        queue.progressAt = performance.now();
      } catch (cause) {
        first.reject(cause);
      }
      tries = -1;
      queue.waiting.shift();
      queue.characters -= first.characters;
      this.#count(first, -first.characters);
    }
    this.#queues.delete(session);
  }

  #count({ holder }: Waiting, characters: number): void {
    this.#characters += characters;
    if (holder === '') return;
    const left = (this.#holders.get(holder) ?? 0) + characters;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }

  async #try(queue: Queue, waiting: Waiting): Promise<Appended> {
    const { key, events, end } = waiting;
    const appended = await this.store.append(key, events, end);
    if (appended !== 'full' || this.#mayWait(queue, waiting)) return appended;
    return this.store.append(key, events, end, true);
  }

  #mayWait(queue: Queue, { holder, since }: Waiting): boolean {
    const ofHolder = this.#holders.get(holder) ?? 0;
    if (this.#hurried || this.#characters > TOO_MUCH_IN_ALL || ofHolder > TOO_MUCH_OF_HOLDER) return false;
    const now = performance.now();
    const isMuch = Math.max(queue.characters, ofHolder) > MUCH_OF_SESSION || this.#characters > MUCH_IN_ALL;
    const shortMs = ofHolder > VERY_MUCH_OF_HOLDER ? SHORTEST_PATIENCE_MS : SHORT_PATIENCE_MS;
    const patienceMs = isMuch ? Math.min(shortMs, this.#patienceMs) : this.#patienceMs;
    return now - queue.progressAt < patienceMs && now - since < this.#patienceMs * MOST_PATIENCES;
  }
}

/** Ends early when a reader makes room. */
function pause(queue: Queue, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      queue.poke = undefined;
      resolve();
    };
    const timer = setTimeout(done, ms);
    queue.poke = done;
  });
}
