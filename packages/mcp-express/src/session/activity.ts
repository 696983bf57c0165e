import type { SessionId, SessionStore } from '../store/store.js';

/** Busy sessions are marked anew this often, and a mark lasts for two rounds: a killed node's marks lapse soon. */
const MAX_ROUND_MS = 15_000;

/** However often they are marked: a node that stands still for a moment must not lose what it is busy with. */
const MIN_MARK_MS = 10_000;

/**
 * Which sessions are busy on this node: a call runs, or a stream is open. A busy session neither expires nor makes room
 * for another. Short calls are never told to the store: their own request has just touched the session.
 */
export class Activity {
  readonly #busy = new Map<SessionId, number>();
  readonly #held = new Set<SessionId>();
  readonly #timer: NodeJS.Timeout;
  readonly #roundMs: number;

  constructor(
    private readonly store: SessionStore,
    private readonly idleMs: number,
    private readonly failed: (where: string, cause: unknown) => void,
  ) {
    this.#roundMs = Math.min(MAX_ROUND_MS, Math.max(1, idleMs / 4));
    this.#timer = setInterval(() => this.#round(), this.#roundMs).unref();
  }

  begin(session: SessionId): void {
    this.#busy.set(session, (this.#busy.get(session) ?? 0) + 1);
  }

  end(session: SessionId): void {
    const count = (this.#busy.get(session) ?? 0) - 1;
    if (count > 0) {
      this.#busy.set(session, count);
      return;
    }
    this.#busy.delete(session);
    if (this.#held.delete(session)) this.#release(session);
  }

  isBusy(session: SessionId): boolean {
    return this.#busy.has(session);
  }

  /** Marks the session at once rather than at the next round: for what is meant to stay open long. */
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
    // Idle time begins now, not when the long call began.
    this.store
      .release(session, Date.now() + this.idleMs)
      .catch((cause: unknown) => this.failed('releasing a session', cause));
  }
}
