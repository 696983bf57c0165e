import type { SessionId } from './session-store.js';

/** Nobody may ever ask. */
const MOST = 10_000;

/** Sessions that were found to have expired by this process, until somebody is told. */
export class ExpiredSessions {
  #ids: SessionId[] = [];

  add(ids: readonly SessionId[]): void {
    for (const id of ids) if (this.#ids.length < MOST) this.#ids.push(id);
  }

  take(): readonly SessionId[] {
    const taken = this.#ids;
    this.#ids = [];
    return taken;
  }
}
