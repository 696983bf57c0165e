import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { wireText } from '../protocol/wire-text.js';
import type { Page } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { ReaderSink } from '../stream/reader-sink.js';
import type { KeepAlive, KeepAliveTarget } from './keep-alive.js';
import type { RestartHint } from './restart-hint.js';
import type { SlowReaders } from './slow-readers.js';
import { frame, GAP, KEEP_ALIVE, primingFrame, retryFrame, retryLine, WITHHELD } from './sse-frame.js';

/** One stream and how it is written. */
export interface SseOptions {
  readonly reader: StreamReader;
  /** The event id of a priming event (an event with empty data) that opens the response; absent: none. */
  readonly prime?: string;
  /** Send events without ids, because the client cannot resume. */
  readonly direct?: boolean;
  /** Reconnection time for the client, in milliseconds. Absent: the field `retry` is not sent. */
  readonly retryMs?: number;
}

/** Services that all streams of a router share. */
export interface SseDeps {
  readonly keepAlive: KeepAlive;
  readonly slow: SlowReaders;
  readonly restart: RestartHint;
}

/** Milliseconds a slow client has, when the server stops, to take the bytes already written. */
const FLUSH_MS = 2_000;

/** `compression` and similar middleware buffer output until `flush` is called. */
type Flushable = ServerResponse & { flush?: () => void };

/**
 * Writes a stream to one HTTP response. While the client does not drain the response, nothing more is read from the
 * log, so a slow client costs one page of memory.
 */
export class SseWriter implements ReaderSink, KeepAliveTarget {
  #drained: (() => void) | undefined;
  #flowing = true;

  /** @param onOver called once, after the response has ended or lost its connection and the reader is closed. */
  constructor(
    private readonly response: Flushable,
    private readonly options: SseOptions,
    private readonly deps: SseDeps,
    private readonly onOver: () => void,
  ) {}

  /** Sends the opening bytes and starts the reader. Never throws. */
  run(): void {
    const { response, options, deps } = this;
    const onGone = (): void => this.#leave();
    response
      .on('close', onGone)
      .on('error', onGone)
      .on('drain', () => this.#drain());
    deps.keepAlive.add(this);
    // The client may have left before these listeners were added, in which case 'close' has been emitted already.
    if (response.destroyed || response.writableEnded) this.#leave();
    else this.#open();
    options.reader.pipeTo(this);
  }

  /** Sends a comment line, if the client is draining the response. */
  keepAlive(): void {
    // A connection that does not drain is stuck, not idle: more bytes would only accumulate.
    if (this.#flowing) this.#write(KEEP_ALIVE);
  }

  /** Writes one page. The returned promise, if any, resolves when the client has drained it. */
  write(page: Page): Promise<void> | undefined {
    let text = page.gap ? GAP : '';
    for (const event of page.events) text += frame(this.options.direct === true ? { data: event.data } : event);
    return this.#write(wireText(text)) ? undefined : this.#untilDrained();
  }

  /**
   * Called when the reader was closed while a page may be undrained. A client that takes nothing would keep its
   * connection and buffers forever, so it is cut; when the server shuts down, the bytes on their way get `FLUSH_MS` to
   * arrive.
   */
  readerClosed(): void {
    const { closed } = this.options.reader;
    if (this.#flowing || closed === 'finished') return this.#drained?.();
    if (closed !== 'shutting-down') return this.#cut();
    const timer = setTimeout(() => this.#cut(), FLUSH_MS).unref();
    this.response.once('close', () => clearTimeout(timer));
  }

  /**
   * Called once by the reader at the end of the stream.
   *
   * @param cause the failure that ended the stream; destroys the connection. Absent: a normal end.
   */
  end(cause?: unknown): void {
    const { response } = this;
    this.deps.keepAlive.delete(this);
    try {
      if (cause !== undefined) response.destroy(cause instanceof Error ? cause : undefined);
      else this.#sayGoodbye();
      if (!response.destroyed) response.end();
    } catch {
      // Middleware that replaced `write` or `end` may throw.
      response.destroy();
    }
    this.onOver();
  }

  #open(): void {
    try {
      // Send a first byte at once: some proxies and clients treat a stream as open only then.
      this.#write(KEEP_ALIVE + this.#opening);
    } catch {
      this.#cut();
    }
  }

  /** The opening fields. They also reset a longer `retry` from a server that was stopping. */
  get #opening(): string {
    const { prime, retryMs } = this.options;
    if (prime !== undefined) return primingFrame(prime, retryMs ?? 0);
    return retryMs === undefined ? '' : retryFrame(retryMs);
  }

  #sayGoodbye(): void {
    const { reader, retryMs, direct } = this.options;
    if (reader.closed === 'withheld') this.#write(WITHHELD);
    const comesBack = reader.closed === 'paused' || reader.closed === 'withheld';
    if (comesBack && retryMs !== undefined) this.#write(retryFrame(retryMs));
    if (reader.closed !== 'shutting-down' || direct === true) return;
    const restartMs = this.deps.restart.next();
    // Clients of earlier revisions may take a frame without data for a message, but only once its empty line has
    // arrived.
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
   * Only `false` from `write` means that the response is full. Middleware that replaces `write` may return nothing;
   * then `writableNeedDrain` decides. Such middleware may have replaced `on` too, so `drain` is subscribed to with
   * Node's own method.
   */
  #isTaken(returned: unknown): boolean {
    if (typeof returned === 'boolean') return returned;
    const { response } = this;
    if (response.writableNeedDrain !== true) return true;
    EventEmitter.prototype.once.call(response, 'drain', () => this.#drain());
    return false;
  }

  get #session(): string | undefined {
    return this.options.direct === true ? undefined : this.options.reader.key.session;
  }

  #untilDrained(): Promise<void> | undefined {
    if (this.response.destroyed) return undefined;
    return new Promise((resolve) => {
      const taken = this.deps.slow.wait(this.response, this.#session, () => this.#cut());
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

  /** Node emits no 'close' for a pipelined response whose turn on its connection has not come. */
  #cut(): void {
    this.response.destroy();
    this.#leave();
  }

  #leave(): void {
    this.options.reader.close('client-gone');
    this.#drained?.();
  }
}
