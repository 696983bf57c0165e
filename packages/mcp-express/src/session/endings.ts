import { hashedId, type Observer } from '../observe/observe.js';
import type { SessionId, Store } from '../store/store.js';

/** Where nodes tell each other that a session is over. */
const ENDED_TOPIC = 'session-ended';

/** An end that not all nodes were told of is told again after so many milliseconds. */
const AGAIN_MS = 1_000;

/** Ends that wait to be told again. What is dropped beyond it expires by itself. */
const MAX_UNTOLD = 10_000;

export interface EndingsParts {
  readonly store: Pick<Store, 'bus' | 'streams'>;
  readonly observe: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  /** Ends what this node runs and shows of the session. */
  readonly endHere: (session: SessionId) => void;
}

/**
 * What remains to be done once the record of a session is deleted: every node ends its part, and the streams are dropped.
 * A deleted record cannot be deleted again, so a client that is answered 503 cannot repeat this: the node does.
 */
export class Endings {
  readonly #untold = new Set<SessionId>();
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #isRetrying = false;

  constructor(private readonly parts: EndingsParts) {
    this.#unsubscribe = parts.store.bus.subscribe(ENDED_TOPIC, parts.endHere);
    this.#timer = setInterval(() => void this.#retry(), AGAIN_MS).unref();
  }

  /** Rejects when not everything is done yet; the rest is tried again by itself. */
  async tell(id: SessionId, reason: 'deleted' | 'evicted'): Promise<void> {
    this.parts.endHere(id);
    try {
      await this.#tellAll(id);
    } catch (cause) {
      if (this.#untold.size < MAX_UNTOLD) this.#untold.add(id);
      throw cause;
    } finally {
      this.parts.observe?.({ type: 'session-ended', session: hashedId(id), reason });
    }
  }

  /** The same, for a request that is not about this session. Never rejects. */
  async tellAside(id: SessionId, reason: 'evicted'): Promise<void> {
    try {
      await this.tell(id, reason);
    } catch (cause) {
      this.parts.failed('telling that a session has ended', cause);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    this.#untold.clear();
  }

  /** The streams are dropped also where the other nodes cannot be told: their readers see it. */
  async #tellAll(id: SessionId): Promise<void> {
    const { bus, streams } = this.parts.store;
    const [told, dropped] = await Promise.allSettled([bus.publish(ENDED_TOPIC, id), streams.drop(id)]);
    for (const step of [told, dropped]) if (step.status === 'rejected') throw step.reason;
  }

  async #retry(): Promise<void> {
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    try {
      for (const id of this.#untold) {
        await this.#tellAll(id);
        this.#untold.delete(id);
      }
    } catch {
      // The store is still away: again in a second.
    } finally {
      this.#isRetrying = false;
    }
  }
}
