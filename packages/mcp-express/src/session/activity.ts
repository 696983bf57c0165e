import type { SessionId, SessionStore } from '../store/store.js';

/**
 * Busy sessions are marked at this interval at the longest, and a mark lasts for two intervals, so that the marks of a
 * killed node expire soon.
 */
const MAX_ROUND_MS = 15_000;

/** The shortest duration of a mark, so that a node that stalls for a moment does not lose its sessions. */
const MIN_MARK_MS = 10_000;

/**
 * Tracks the sessions that are busy on this node: a call runs or a stream is open. A busy session neither expires nor is
 * evicted. Short calls are not reported to the store, because their own request has just extended the session.
 */
export class Activity {
  readonly #busy = new Map<SessionId, number>();
  readonly #held = new Set<SessionId>();
  readonly #timer: NodeJS.Timeout;
  readonly #roundMs: number;

  /**
   * @param idleMs milliseconds after which an idle session expires.
   * @param failed receives failures of the store.
   */
  constructor(
    private readonly store: SessionStore,
    private readonly idleMs: number,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#roundMs = Math.min(MAX_ROUND_MS, Math.max(1, idleMs / 4));
    this.#timer = setInterval(() => this.#round(), this.#roundMs).unref();
  }

  /** Counts a call or stream of the session that has begun. */
  begin(session: SessionId): void {
    this.#busy.set(session, (this.#busy.get(session) ?? 0) + 1);
  }

  /** Counts a call or stream of the session that has ended. */
  end(session: SessionId): void {
    const count = (this.#busy.get(session) ?? 0) - 1;
    if (count > 0) {
      this.#busy.set(session, count);
      return;
    }
    this.#busy.delete(session);
    if (this.#held.delete(session)) this.#release(session);
  }

  /** True while a call or stream of the session is running here. */
  isBusy(session: SessionId): boolean {
    return this.#busy.has(session);
  }

  /** Marks the session at once instead of at the next interval: for streams, which usually stay open for long. */
  hold(session: SessionId): void {
    this.#held.add(session);
    this.store
      .hold(session, Date.now() + Math.max(2 * this.#roundMs, MIN_MARK_MS))
      .catch((cause: unknown) => this.failed('holding a session', cause));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    for (const session of this.#busy.keys()) this.hold(session);
  }

  #release(session: SessionId): void {
    // Idle time starts now, not at the beginning of the long call.
    this.store
      .release(session, Date.now() + this.idleMs)
      .catch((cause: unknown) => this.failed('releasing a session', cause));
  }
}
