import { ownerKey, type Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import { timerMs } from '../util/time.js';

/** A stream that stays open on the strength of a token. */
export interface Watched {
  readonly principal: Principal | undefined;
  /** It ends itself when its token expires, in a way of its own. */
  readonly endsAtExpiry: boolean;
  /** Asks again whose its token is. Rejects with what is wrong with it. Absent: that cannot be asked. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
  /** What the token says by now. What the stream shows is narrowed to it. */
  renew(principal: Principal): void;
  /** Ends the stream. */
  end(): void;
}

/** One stream, and what is known of its token. */
interface Entry {
  readonly watched: Watched;
  readonly owner: string;
  expiry: NodeJS.Timeout | undefined;
  /** It waits for its turn, or for its answer: it is not asked about a second time meanwhile. */
  asked: boolean;
}

/** Questions at a time: enough for all streams in one period where an answer takes a twentieth of it, within these. */
const AT_A_TIME = { least: 8, most: 256 };
const TURNS = 20;

/** How long an answer is waited for before the next stream has its turn. One that comes later still counts. */
const ANSWER_MS = 5_000;

/** Ends streams whose token has ended or is of another owner by now, and tells the others what their tokens say. */
export class TokenWatch {
  readonly #entries = new Set<Entry>();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #due: Entry[] = [];
  #running = 0;

  /** @param everyMs how often tokens are asked about again; 0 for never. */
  constructor(
    everyMs: number,
    private readonly answerMs = ANSWER_MS,
  ) {
    if (everyMs > 0) this.#timer = setInterval(() => this.#round(), timerMs(everyMs)).unref();
  }

  /** @returns what stops the watching; nothing when there is nothing to watch. */
  watch(watched: Watched): (() => void) | undefined {
    const { principal, recheck } = watched;
    if (principal?.expiresAt === undefined && recheck === undefined) return undefined;
    const entry: Entry = { watched, owner: ownerKey(principal), expiry: undefined, asked: false };
    this.#endAtExpiry(entry, principal);
    this.#entries.add(entry);
    return () => {
      clearTimeout(entry.expiry);
      this.#entries.delete(entry);
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Each period adds what is not asked about already, so that one answer that never comes delays its own stream alone. */
  #round(): void {
    for (const entry of this.#entries) {
      if (entry.asked || entry.watched.recheck === undefined) continue;
      entry.asked = true;
      this.#due.push(entry);
    }
    const wanted = Math.ceil(this.#due.length / TURNS);
    const atATime = Math.min(AT_A_TIME.most, Math.max(AT_A_TIME.least, wanted));
    while (this.#running < Math.min(atATime, this.#running + this.#due.length)) void this.#work();
  }

  async #work(): Promise<void> {
    this.#running += 1;
    for (let entry = this.#due.shift(); entry !== undefined; entry = this.#due.shift()) {
      if (this.#entries.has(entry)) await this.#withinLimit(this.#ask(entry));
    }
    this.#running -= 1;
  }

  #withinLimit(answer: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.answerMs).unref();
      void answer.then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Never rejects. */
  async #ask(entry: Entry): Promise<void> {
    try {
      const fresh = await entry.watched.recheck?.();
      if (fresh !== undefined && this.#entries.has(entry)) this.#onAnswer(entry, fresh);
    } catch (thrown) {
      // Who cannot be asked has not said no.
      const isRefused = McpError.is(thrown) && (thrown.code === 'unauthorized' || thrown.code === 'insufficient-scope');
      if (isRefused && this.#entries.has(entry)) entry.watched.end();
    } finally {
      entry.asked = false;
    }
  }

  #onAnswer(entry: Entry, fresh: Principal): void {
    if (ownerKey(fresh) !== entry.owner) return entry.watched.end();
    this.#endAtExpiry(entry, fresh);
    entry.watched.renew(fresh);
  }

  #endAtExpiry(entry: Entry, principal: Principal | undefined): void {
    if (entry.watched.endsAtExpiry) return;
    clearTimeout(entry.expiry);
    const expiresAt = principal?.expiresAt;
    entry.expiry =
      expiresAt === undefined
        ? undefined
        : setTimeout(() => entry.watched.end(), timerMs(Math.max(0, expiresAt * 1000 - Date.now()))).unref();
  }
}
