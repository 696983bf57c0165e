import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hashedId, type Observer } from '../observe/observe.js';

/** What has a timeout that begins anew whenever the other side takes some of what is queued. */
type Timed = Pick<Socket, 'setTimeout' | 'once' | 'off'>;

/** The connections of streams whose clients do not take what was written. What is said meanwhile waits in the log. */
export class SlowReaders {
  #waiting = 0;
  #cut = 0;

  /**
   * @param stallMs how long a connection may take nothing before it is cut; 0 for as long as it likes.
   * @param observe told before a connection is cut; without a session where the request stood alone.
   */
  constructor(
    private readonly stallMs: number,
    private readonly observe: Observer | undefined,
  ) {}

  /** Those that are waited for now. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Those that were cut since the start. */
  get cut(): number {
    return this.#cut;
  }

  /**
   * Waits for a client until the returned function is called, or calls `cut` when its connection takes nothing at all for
   * too long. One that takes a little now and then is slow, not stuck.
   */
  wait(response: ServerResponse, session: string | undefined, cut: () => void): () => void {
    this.#waiting += 1;
    const timed = this.stallMs > 0 ? timedOf(response) : undefined;
    const onTimeout = (): void => {
      this.#cut += 1;
      this.observe?.({ type: 'stream-stalled', ...(session === undefined ? {} : { session: hashedId(session) }) });
      cut();
    };
    timed?.once('timeout', onTimeout);
    timed?.setTimeout(this.stallMs);
    return () => {
      this.#waiting -= 1;
      timed?.setTimeout(0);
      timed?.off('timeout', onTimeout);
    };
  }
}

/** Of HTTP/2, the stream rather than the connection, which others share. */
function timedOf(response: ServerResponse & { stream?: Timed }): Timed | null {
  return response.stream ?? response.socket;
}
