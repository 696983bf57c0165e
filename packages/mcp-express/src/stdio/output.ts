import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Page } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import type { ReaderSink } from '../stream/reader-sink.js';

/** The messages to the client: one line each on stdout. Writes nothing more once the client has closed its end. */
export class StdioOutput {
  #isGone = false;
  readonly #write: (text: string) => boolean;
  readonly #release: () => void;

  constructor(private readonly stream: Writable) {
    const claimed = stream === process.stdout ? claimStdout() : undefined;
    this.#write = claimed?.write ?? ((text) => stream.write(text));
    this.#release = claimed?.release ?? (() => {});
    // A client that closes its end early (EPIPE) must not raise an uncaught exception.
    stream.on('error', this.#onGone);
    stream.once('close', this.#onGone);
  }

  /** Sends one message. @param text JSON without line breaks. */
  send(text: string): void {
    if (!this.#isGone) this.#write(`${text}\n`);
  }

  /** Resolves when the client takes more; `undefined` if it does now. */
  get ready(): Promise<void> | undefined {
    if (this.#isGone || !this.stream.writableNeedDrain) return undefined;
    return Promise.race([once(this.stream, 'drain'), once(this.stream, 'close')]).then(
      () => {},
      () => {},
    );
  }

  /** Sends the messages of a stream. Resolves at the end of the stream. */
  pipe(reader: StreamReader): Promise<void> {
    return new Promise((resolve) => reader.pipeTo(new LineSink(this, resolve)));
  }

  /** Returns stdout to the rest of the program, after the last message. */
  async end(): Promise<void> {
    await this.ready;
    this.#release();
    this.stream.off('close', this.#onGone);
  }

  readonly #onGone = (): void => {
    this.#isGone = true;
  };
}

/** Writes the events of a stream as lines. */
class LineSink implements ReaderSink {
  constructor(
    private readonly output: StdioOutput,
    private readonly onEnd: () => void,
  ) {}

  write({ events }: Page): Promise<void> | undefined {
    for (const { data } of events) if (data !== '') this.output.send(data);
    return this.output.ready;
  }

  readerClosed(): void {}

  end(): void {
    this.onEnd();
  }
}

/**
 * Reserves stdout for the protocol: "The server MUST NOT write anything to its stdout that is not a valid MCP message"
 * (MCP, Transports, stdio). Until `release`, `console.log` and other writers go to stderr.
 */
function claimStdout(): { write(text: string): boolean; release(): void } {
  const { stdout, stderr } = process;
  const own = stdout.write;
  const redirected = stderr.write.bind(stderr) as typeof stdout.write;
  stdout.write = redirected;
  return {
    write: (text) => own.call(stdout, text),
    release: () => {
      if (stdout.write === redirected) stdout.write = own;
    },
  };
}
