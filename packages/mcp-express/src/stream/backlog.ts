import type { AppendOutcome, OutgoingEvent, SessionId, StreamKey, StreamStore } from '../store/store.js';

/** Milliseconds between attempts while no reader of this node makes room; readers of other nodes may. */
const RETRY_MS = [25, 50, 100, 250];

/** Milliseconds that writers wait for readers if `stallTimeoutMs` is 0, so that readers may stall forever. */
const DEFAULT_PATIENCE_MS = 60_000;

/** Milliseconds that writers wait for stalled readers while much is waiting. */
const SHORT_PATIENCE_MS = 2_000;

/** The same while very much of one holder is waiting. Milliseconds. */
const SHORTEST_PATIENCE_MS = 1_000;

/** Waiting characters of one session or holder, and in all, from which the short limit applies. */
const MUCH_OF_SESSION = 16 * 1024 * 1024;
const MUCH_IN_ALL = 64 * 1024 * 1024;

/** Waiting characters of one holder from which the shortest limit applies, and from which writers do not wait at all. */
const VERY_MUCH_OF_HOLDER = 32 * 1024 * 1024;
const TOO_MUCH_OF_HOLDER = 64 * 1024 * 1024;

/** Waiting characters in all from which writers do not wait. */
const TOO_MUCH_IN_ALL = 256 * 1024 * 1024;

/**
 * Batches from this size, in characters, go to the store one at a time for each session, so that one session cannot occupy
 * the connection to the store.
 */
export const LARGE = 64 * 1024;

/** An event waits for at most this multiple of the limit, even while its session makes progress. */
const MOST_PATIENCES = 5;

/** A batch to append. */
export interface PendingAppend {
  readonly key: StreamKey;
  readonly events: readonly OutgoingEvent[];
  readonly end: boolean;
  /** The holder that the stream counts for; empty: none. */
  readonly holder: string;
}

interface WaitingAppend extends PendingAppend {
  readonly characters: number;
  readonly since: number;
  readonly resolve: (appended: AppendOutcome) => void;
  readonly reject: (cause: unknown) => void;
}

/** The batches of one session that wait for its readers, in order. */
class Queue {
  readonly waiting: WaitingAppend[] = [];
  characters = 0;
  /** The time of the last progress: a reader took a page, or a waiting batch was stored. */
  progressAt = performance.now();
  /** Ends the pause before the next attempt. */
  poke: (() => void) | undefined;
}

/**
 * Appends for which the store has no room until readers have read. They wait here, one queue for each session, for as long
 * as its readers make progress. A session whose readers stall for too long loses the waiting messages: notifications are
 * dropped, answers are replaced by errors. So a client that reads loses no answer, and a client that does not read cannot
 * hold more than the limits.
 */
export class Backlog {
  readonly #queues = new Map<SessionId, Queue>();
  readonly #patienceMs: number;
  /** Waiting characters by holder, where the holder is known. */
  readonly #holders = new Map<string, number>();
  /** Waiting characters of all queues. */
  #characters = 0;
  /** Characters that writers hold and the store has not taken yet. */
  #held = 0;
  #hurried = false;

  /** @param stallMs milliseconds without progress after which a connection is cut; 0: never. */
  constructor(
    private readonly store: StreamStore,
    stallMs: number,
  ) {
    this.#patienceMs = stallMs > 0 ? stallMs : DEFAULT_PATIENCE_MS;
  }

  /** Characters of notifications and answers that writers of this node have not stored yet. */
  get held(): number {
    return this.#held;
  }

  /** Counts characters that a writer has taken on or, if negative, released. */
  hold(characters: number): void {
    this.#held += characters;
  }

  /**
   * Appends a batch as soon as there is room, in order. For batches that the store has answered with `full`, and for those
   * that are `LARGE`. Never resolves with `full`.
   */
  append({ key, events, end, holder }: PendingAppend): Promise<AppendOutcome> {
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

  /** Call it when a reader of the session has delivered a page or was closed. */
  onRead(session: SessionId): void {
    if (this.#queues.size === 0) return;
    const queue = this.#queues.get(session);
    if (queue === undefined) return;
    queue.progressAt = performance.now();
    queue.poke?.();
  }

  /** Stops waiting for readers, because the node is closing. */
  stopWaiting(): void {
    this.#hurried = true;
    for (const { poke } of this.#queues.values()) poke?.();
  }

  #begin(session: SessionId, first: WaitingAppend): void {
    const queue = new Queue();
    queue.waiting.push(first);
    queue.characters = first.characters;
    this.#queues.set(session, queue);
    void this.#work(session, queue);
  }

  /** Never rejects. */
  async #work(session: SessionId, queue: Queue): Promise<void> {
    for (let tries = 0; queue.waiting.length > 0; tries += 1) {
      const first = queue.waiting[0] as WaitingAppend;
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

  #count({ holder }: WaitingAppend, characters: number): void {
    this.#characters += characters;
    if (holder === '') return;
    const left = (this.#holders.get(holder) ?? 0) + characters;
    if (left > 0) this.#holders.set(holder, left);
    else this.#holders.delete(holder);
  }

  async #try(queue: Queue, waiting: WaitingAppend): Promise<AppendOutcome> {
    const { key, events, end } = waiting;
    const appended = await this.store.append(key, events, end);
    if (appended !== 'full' || this.#mayWait(queue, waiting)) return appended;
    return this.store.append(key, events, end, true);
  }

  #mayWait(queue: Queue, { holder, since }: WaitingAppend): boolean {
    const ofHolder = this.#holders.get(holder) ?? 0;
    if (this.#hurried || this.#characters > TOO_MUCH_IN_ALL || ofHolder > TOO_MUCH_OF_HOLDER) return false;
    const now = performance.now();
    const isMuch = Math.max(queue.characters, ofHolder) > MUCH_OF_SESSION || this.#characters > MUCH_IN_ALL;
    const shortMs = ofHolder > VERY_MUCH_OF_HOLDER ? SHORTEST_PATIENCE_MS : SHORT_PATIENCE_MS;
    const patienceMs = isMuch ? Math.min(shortMs, this.#patienceMs) : this.#patienceMs;
    return now - queue.progressAt < patienceMs && now - since < this.#patienceMs * MOST_PATIENCES;
  }
}

/** Resolves after `ms`, or earlier when a reader makes room. */
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
