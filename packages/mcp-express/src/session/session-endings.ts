import type { SessionEnd } from '../features/server-events.js';
import { hashedId, type Observer, type SessionFacts } from '../observe/observe.js';
import type { SessionId, Store } from '../store/store.js';
import type { SessionEndEvents } from './session-end-events.js';

/** The bus topic of ended sessions. */
const ENDED_TOPIC = 'session-ended';

/** Milliseconds between attempts to complete endings that the store has not taken. */
const RETRY_MS = 1_000;

/** Endings that wait for another attempt. Those dropped beyond this limit expire by themselves. */
const MAX_PENDING = 10_000;

/** Services of `Endings`. */
export interface SessionEndingsDeps {
  readonly store: Pick<Store, 'bus' | 'streams' | 'sessions'>;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  readonly events: Pick<SessionEndEvents, 'publish'>;
  /** Ends the calls and streams of the session on this node. */
  readonly endHere: (session: SessionId) => void;
}

/**
 * Deletes sessions, and completes the end of a session whose record was deleted: every node ends its part, and the streams
 * are dropped. A client that gets 503 cannot repeat this, because the record may be deleted; the node retries instead.
 */
export class SessionEndings {
  readonly #pending = new Set<SessionId>();
  /** Sessions whose deletion failed: their records may or may not be deleted. */
  readonly #undeleted = new Set<SessionId>();
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #isRetrying = false;

  constructor(private readonly deps: SessionEndingsDeps) {
    this.#unsubscribe = deps.store.bus.subscribe(ENDED_TOPIC, deps.endHere);
    this.#timer = setInterval(() => void this.#retry(), RETRY_MS).unref();
  }

  /**
   * Deletes the record and ends the session on all nodes. Rejects if that is not complete yet; the rest is retried
   * automatically, also if only the reply of the store was lost.
   */
  async delete(id: SessionId, facts?: SessionFacts, reason: 'deleted' | 'operator' = 'deleted'): Promise<boolean> {
    let isDeleted: boolean;
    try {
      isDeleted = await this.deps.store.sessions.delete(id);
    } catch (cause) {
      if (this.#undeleted.size < MAX_PENDING) this.#undeleted.add(id);
      throw cause;
    }
    this.#undeleted.delete(id);
    if (isDeleted) await this.announce(id, reason, facts);
    return isDeleted;
  }

  /**
   * Ends the parts of a deleted session on all nodes. Rejects if that is not complete yet; the rest is retried
   * automatically.
   */
  async announce(id: SessionId, reason: SessionEnd['reason'], facts?: SessionFacts): Promise<void> {
    this.deps.endHere(id);
    try {
      await this.#announceToAll(id);
    } catch (cause) {
      if (this.#pending.size < MAX_PENDING) this.#pending.add(id);
      throw cause;
    } finally {
      this.deps.observe?.({ type: 'session-ended', session: hashedId(id), reason, ...facts });
      this.deps.events.publish({ sessionId: id, reason });
    }
  }

  /** The same for a session other than that of the current request. Never rejects. */
  async announceInBackground(id: SessionId, reason: 'deleted' | 'evicted'): Promise<void> {
    try {
      await this.announce(id, reason);
    } catch (cause) {
      this.deps.failed('announcing the end of a session', cause);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    this.#pending.clear();
    this.#undeleted.clear();
  }

  /** The streams are dropped even if the other nodes cannot be notified: their readers notice it. */
  async #announceToAll(id: SessionId): Promise<void> {
    const { bus, streams } = this.deps.store;
    const [published, dropped] = await Promise.allSettled([bus.publish(ENDED_TOPIC, id), streams.drop(id)]);
    for (const step of [published, dropped]) if (step.status === 'rejected') throw step.reason;
  }

  async #retry(): Promise<void> {
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    try {
      for (const id of this.#undeleted) {
        await this.deps.store.sessions.delete(id);
        // A second DELETE of the client may have completed it meanwhile.
        if (this.#undeleted.delete(id)) await this.announceInBackground(id, 'deleted');
      }
      for (const id of this.#pending) {
        await this.#announceToAll(id);
        this.#pending.delete(id);
      }
    } catch {
      // The store is still away; the next attempt follows in a second.
    } finally {
      this.#isRetrying = false;
    }
  }
}
