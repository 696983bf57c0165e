import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hashedId, type Observer } from '../observe/observe.js';

/** A socket or HTTP/2 stream. Its timeout restarts whenever the peer takes some of the queued bytes. */
type Timed = Pick<Socket, 'setTimeout' | 'once' | 'off'>;

/** Watches the connections of streams whose clients do not drain them. Messages of the meantime stay in the log. */
export class SlowReaders {
  #waiting = 0;
  #cut = 0;

  /**
   * @param stallMs milliseconds without any progress after which a connection is cut; 0: never.
   * @param observe receives `stream-stalled` before a connection is cut, without a session for stateless requests.
   */
  constructor(
    private readonly stallMs: number,
    private readonly observe: Observer | undefined,
  ) {}

  /** Clients that are being waited for. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Connections cut since the start. */
  get cut(): number {
    return this.#cut;
  }

  /**
   * Waits until the returned function is called. Calls `cut` if the connection makes no progress at all for `stallMs`;
   * a client that drains a little now and then is slow, not stuck.
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

/** For HTTP/2 the stream, because other requests share the connection. */
function timedOf(response: ServerResponse & { stream?: Timed }): Timed | null {
  return response.stream ?? response.socket;
}
