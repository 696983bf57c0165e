/** Sessions that are remembered; the oldest is forgotten first. */
const MAX_SESSIONS = 10_000;

interface Opened {
  readonly openedAt: number;
  readonly revision: string;
}

/** When the sessions that this node has opened began, for those whose end is reported by their ids only. */
export class SessionClock {
  readonly #opened = new Map<string, Opened>();

  /** @param session the hashed id. */
  opened(session: string, revision: string): void {
    this.#opened.set(session, { openedAt: Date.now(), revision });
    if (this.#opened.size <= MAX_SESSIONS) return;
    const [oldest] = this.#opened.keys();
    if (oldest !== undefined) this.#opened.delete(oldest);
  }

  /** Forgets the session. */
  ended(session: string): Opened | undefined {
    const found = this.#opened.get(session);
    this.#opened.delete(session);
    return found;
  }
}
