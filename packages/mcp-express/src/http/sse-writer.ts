import type { ServerResponse } from 'node:http';
import type { Page } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { KeepAlive } from './keep-alive.js';
import type { SlowReaders } from './slow-readers.js';
import { frame, GAP, KEEP_ALIVE, primingFrame, retryFrame } from './sse-frame.js';

/** What is shown of a stream beside its events. */
export interface SseManner {
  readonly prime: boolean;
  /** Events are sent without ids. */
  readonly direct?: boolean;
  readonly retryMs?: number;
}

/** For a slow client to take what was written when the server stops. */
const FLUSH_MS = 2_000;

/** `compression` and its like hold back what they were not told to send. */
type Flushable = ServerResponse & { flush?: () => void };

/**
 * Shows a stream on one HTTP response. It pulls: while the client does not take what was written, nothing more is read
 * from the log, so a slow client costs one page.
 */
export class SseWriter {
  #drained: (() => void) | undefined;
  #flowing = true;

  constructor(
    private readonly response: Flushable,
    private readonly reader: StreamReader,
    private readonly manner: SseManner,
    private readonly slow: SlowReaders,
  ) {}

  /** Resolves when the response has ended or its connection is gone, and the reader is closed. Never rejects. */
  async run(keepAlive: KeepAlive): Promise<void> {
    const { response, reader } = this;
    response.on('close', this.#onGone).on('drain', this.#onDrain).on('error', this.#onGone);
    reader.onStopped = this.#onStopped;
    // The client may have left while the call was looked up; its 'close' was then emitted to nobody.
    if (response.destroyed || response.writableEnded) this.#onGone();
    keepAlive.add(this);
    try {
      this.#open();
      for await (const page of reader) {
        if (!this.#mayShow()) break;
        await this.#show(page);
      }
      this.#sayGoodbye();
    } catch (cause) {
      response.destroy(cause instanceof Error ? cause : undefined);
    } finally {
      keepAlive.delete(this);
      reader.close('client-gone');
      if (!response.destroyed) response.end();
    }
  }

  keepAlive(): void {
    // A connection that does not drain is not silent but stuck: more bytes would only pile up.
    if (this.#flowing) this.#write(KEEP_ALIVE);
  }

  #open(): void {
    const { prime, retryMs = 0 } = this.manner;
    // A first byte at once: some proxies and clients take a stream for open only then.
    this.#write(prime ? KEEP_ALIVE + primingFrame(this.reader.origin, retryMs) : KEEP_ALIVE);
  }

  async #show(page: Page): Promise<void> {
    let text = page.gap ? GAP : '';
    for (const event of page.events) text += frame(this.manner.direct === true ? { data: event.data } : event);
    if (!this.#write(text)) await this.#untilDrained();
    const last = page.events.at(-1);
    if (last !== undefined && last.id !== '' && this.#mayShow()) await this.reader.delivered(last.id);
  }

  /** A page that was on its way when another connection took over belongs to that one. */
  #mayShow(): boolean {
    const { closed } = this.reader;
    return closed !== 'superseded' && closed !== 'client-gone';
  }

  #sayGoodbye(): void {
    const { closed } = this.reader;
    const comesBack = closed === 'shutting-down' || closed === 'paused';
    if (comesBack && this.manner.retryMs !== undefined) this.#write(retryFrame(this.manner.retryMs));
  }

  #write(text: string): boolean {
    if (this.response.destroyed || this.response.writableEnded) return true;
    this.#flowing = this.response.write(text);
    this.response.flush?.();
    return this.#flowing;
  }

  get #session(): string | undefined {
    return this.manner.direct === true ? undefined : this.reader.key.session;
  }

  #untilDrained(): Promise<void> | undefined {
    if (this.response.destroyed) return undefined;
    return new Promise((resolve) => {
      const taken = this.slow.wait(this.response, this.#session, this.#cut);
      this.#drained = () => {
        this.#drained = undefined;
        taken();
        resolve();
      };
    });
  }

  /**
   * A client that takes nothing would hold its connection, and what is buffered for it, for ever. When it is only the
   * server that stops, what is on its way may still arrive.
   */
  readonly #onStopped = (): void => {
    const { closed } = this.reader;
    if (this.#flowing || closed === 'finished') return this.#drained?.();
    if (closed !== 'shutting-down') return this.#cut();
    const timer = setTimeout(this.#cut, FLUSH_MS).unref();
    this.response.once('close', () => clearTimeout(timer));
  };

  /** A response whose turn on its connection has not come does not say that it was destroyed. */
  readonly #cut = (): void => {
    this.response.destroy();
    this.#onGone();
  };

  readonly #onDrain = (): void => {
    this.#flowing = true;
    this.#drained?.();
  };

  readonly #onGone = (): void => {
    this.reader.close('client-gone');
    this.#drained?.();
  };
}
