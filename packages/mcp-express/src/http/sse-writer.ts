import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { wireText } from '../protocol/wire-text.js';
import type { Page } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { Viewer } from '../stream/viewer.js';
import type { KeepAlive, Silent } from './keep-alive.js';
import type { RestartHint } from './restart-hint.js';
import type { SlowReaders } from './slow-readers.js';
import { frame, GAP, KEEP_ALIVE, primingFrame, retryFrame, retryLine, WITHHELD } from './sse-frame.js';

/** What is shown of a stream beside its events. */
export interface SseManner {
  readonly reader: StreamReader;
  /** The id of an event with empty data that opens it. */
  readonly prime?: string;
  /** Events are sent without ids. */
  readonly direct?: boolean;
  readonly retryMs?: number;
}

/** What all streams of a router share. */
export interface SseEdge {
  readonly keepAlive: KeepAlive;
  readonly slow: SlowReaders;
  readonly restart: RestartHint;
}

/** For a slow client to take what was written when the server stops. */
const FLUSH_MS = 2_000;

/** `compression` and its like hold back what they were not told to send. */
type Flushable = ServerResponse & { flush?: () => void };

/**
 * Shows a stream on one HTTP response. While the client does not take what was written, nothing more is read from the log,
 * so a slow client costs one page.
 */
export class SseWriter implements Viewer, Silent {
  #drained: (() => void) | undefined;
  #flowing = true;

  /** @param onOver called once, when the response has ended or its connection is gone, and the reader is closed. */
  constructor(
    private readonly response: Flushable,
    private readonly manner: SseManner,
    private readonly edge: SseEdge,
    private readonly onOver: () => void,
  ) {}

  /** Never throws. */
  run(): void {
    const { response, manner, edge } = this;
    const onGone = (): void => this.#leave();
    response
      .on('close', onGone)
      .on('error', onGone)
      .on('drain', () => this.#drain());
    edge.keepAlive.add(this);
    // The client may have left while the call was looked up; its 'close' was then emitted to nobody.
    if (response.destroyed || response.writableEnded) this.#leave();
    else this.#open();
    manner.reader.showTo(this);
  }

  keepAlive(): void {
    // A connection that does not drain is not silent but stuck: more bytes would only pile up.
    if (this.#flowing) this.#write(KEEP_ALIVE);
  }

  show(page: Page): Promise<void> | undefined {
    let text = page.gap ? GAP : '';
    for (const event of page.events) text += frame(this.manner.direct === true ? { data: event.data } : event);
    return this.#write(wireText(text)) ? undefined : this.#untilDrained();
  }

  /**
   * A client that takes nothing would hold its connection, and what is buffered for it, for ever. When it is only the
   * server that stops, what is on its way may still arrive.
   */
  stopped(): void {
    const { closed } = this.manner.reader;
    if (this.#flowing || closed === 'finished') return this.#drained?.();
    if (closed !== 'shutting-down') return this.#cut();
    const timer = setTimeout(() => this.#cut(), FLUSH_MS).unref();
    this.response.once('close', () => clearTimeout(timer));
  }

  over(cause?: unknown): void {
    const { response } = this;
    this.edge.keepAlive.delete(this);
    try {
      if (cause !== undefined) response.destroy(cause instanceof Error ? cause : undefined);
      else this.#sayGoodbye();
      if (!response.destroyed) response.end();
    } catch {
      // Other middleware has its own way of writing.
      response.destroy();
    }
    this.onOver();
  }

  #open(): void {
    try {
      // A first byte at once: some proxies and clients take a stream for open only then.
      this.#write(KEEP_ALIVE + this.#opening);
    } catch {
      this.#cut();
    }
  }

  /** Also takes back what a server that was stopping may have told the client. */
  get #opening(): string {
    const { prime, retryMs } = this.manner;
    if (prime !== undefined) return primingFrame(prime, retryMs ?? 0);
    return retryMs === undefined ? '' : retryFrame(retryMs);
  }

  #sayGoodbye(): void {
    const { reader, retryMs, direct } = this.manner;
    if (reader.closed === 'withheld') this.#write(WITHHELD);
    const comesBack = reader.closed === 'paused' || reader.closed === 'withheld';
    if (comesBack && retryMs !== undefined) this.#write(retryFrame(retryMs));
    if (reader.closed !== 'shutting-down' || direct === true) return;
    const restartMs = this.edge.restart.next();
    // Clients of earlier revisions may take a frame without data for a message, but only once it is complete.
    this.#write(retryMs === undefined ? retryLine(restartMs) : retryFrame(restartMs));
  }

  #write(text: string): boolean {
    const { response } = this;
    if (response.destroyed || response.writableEnded) return true;
    this.#flowing = this.#isTaken(response.write(text));
    response.flush?.();
    return this.#flowing;
  }

  /**
   * False alone says that the response takes no more for now. Middleware that replaces `write` may return nothing, so that
   * only the response itself knows; and may have replaced `on` as well, so that its own `drain` is heard by Node's.
   */
  #isTaken(returned: unknown): boolean {
    if (typeof returned === 'boolean') return returned;
    const { response } = this;
    if (response.writableNeedDrain !== true) return true;
    EventEmitter.prototype.once.call(response, 'drain', () => this.#drain());
    return false;
  }

  get #session(): string | undefined {
    return this.manner.direct === true ? undefined : this.manner.reader.key.session;
  }

  #untilDrained(): Promise<void> | undefined {
    if (this.response.destroyed) return undefined;
    return new Promise((resolve) => {
      const taken = this.edge.slow.wait(this.response, this.#session, () => this.#cut());
      this.#drained = () => {
        this.#drained = undefined;
        taken();
        resolve();
      };
    });
  }

  #drain(): void {
    this.#flowing = true;
    this.#drained?.();
  }

  /** A response whose turn on its connection has not come does not say that it was destroyed. */
  #cut(): void {
    this.response.destroy();
    this.#leave();
  }

  #leave(): void {
    this.manner.reader.close('client-gone');
    this.#drained?.();
  }
}
