import { ownerKey, type Principal } from '../../auth/principal.js';
import { McpError } from '../../protocol/errors.js';
import { timerMs } from '../../util/time.js';

/** A stream that is open only while its token is valid. */
export interface WatchedStream {
  readonly principal: Principal | undefined;
  /** The stream handles the expiry of its token itself. */
  readonly endsAtExpiry: boolean;
  /** Verifies the token again; rejects if it is no longer valid. Absent if the token cannot be verified again. */
  readonly recheck?: (() => Promise<Principal>) | undefined;
  /** Receives the current principal of the token. The stream narrows its messages to it. */
  renew(principal: Principal): void;
  /** Ends the stream. */
  end(): void;
}

/** A watched stream and the state of its token. */
interface Entry {
  readonly watched: WatchedStream;
  readonly owner: string;
  expiry: NodeJS.Timeout | undefined;
  /** A verification is queued or running, so that no second one is started. */
  asked: boolean;
  /** When the pending question was asked, in milliseconds of `performance.now()`. `undefined` while it is queued. */
  askedAt: number | undefined;
}

/**
 * Concurrent verifications: enough to verify all streams within one period if each takes a twentieth of it, within these
 * limits.
 */
const AT_A_TIME = { least: 8, most: 256 };
const TURNS = 20;

/** Milliseconds after which the next stream has its turn. A later result still counts. */
const ANSWER_MS = 5_000;

/**
 * After this time a verification counts as lost, and the token is verified again: one that never ends must not keep a
 * stream open on a revoked token. Milliseconds.
 */
const LOST_MS = 60_000;

/**
 * Verifies the tokens of open streams periodically. Ends streams whose token has expired, was revoked or now belongs to
 * another owner, and passes the renewed principal to the others.
 */
export class TokenWatch {
  readonly #entries = new Set<Entry>();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #due: Entry[] = [];
  #running = 0;

  /** @param everyMs interval between verifications in milliseconds; 0 disables them. */
  constructor(
    everyMs: number,
    private readonly answerMs = ANSWER_MS,
    private readonly lostMs = LOST_MS,
  ) {
    if (everyMs > 0) this.#timer = setInterval(() => this.#round(), timerMs(everyMs)).unref();
  }

  /**
   * Watches a stream until the returned function is called.
   *
   * @returns `undefined` if there is nothing to watch: the token neither expires nor can be verified again.
   */
  watch(watched: WatchedStream): (() => void) | undefined {
    const { principal, recheck } = watched;
    if (principal?.expiresAt === undefined && recheck === undefined) return undefined;
    const entry: Entry = { watched, owner: ownerKey(principal), expiry: undefined, asked: false, askedAt: undefined };
    this.#endAtExpiry(entry, principal);
    this.#entries.add(entry);
    return () => {
      clearTimeout(entry.expiry);
      this.#entries.delete(entry);
    };
  }

  /** Stops the periodic verification. */
  close(): void {
    clearInterval(this.#timer);
  }

  /** Queues only streams that are not queued already, so that a verification that never ends delays its own stream alone. */
  #round(): void {
    for (const entry of this.#entries) {
      if (this.#isAsked(entry) || entry.watched.recheck === undefined) continue;
      entry.asked = true;
      entry.askedAt = undefined;
      this.#due.push(entry);
    }
    const wanted = Math.ceil(this.#due.length / TURNS);
    const atATime = Math.min(AT_A_TIME.most, Math.max(AT_A_TIME.least, wanted));
    while (this.#running < Math.min(atATime, this.#running + this.#due.length)) void this.#work();
  }

  #isAsked({ asked, askedAt }: Entry): boolean {
    return asked && (askedAt === undefined || performance.now() - askedAt < this.lostMs);
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
    const askedAt = performance.now();
    entry.askedAt = askedAt;
    try {
      const fresh = await entry.watched.recheck?.();
      if (fresh !== undefined && this.#entries.has(entry)) this.#onAnswer(entry, fresh);
    } catch (thrown) {
      // An unreachable authorization server has not revoked the token.
      const isRefused = McpError.is(thrown) && (thrown.code === 'unauthorized' || thrown.code === 'insufficient-scope');
      if (isRefused && this.#entries.has(entry)) entry.watched.end();
    } finally {
      // A lost answer that comes after all leaves the question that took its place.
      if (entry.askedAt === askedAt) entry.asked = false;
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
