import type { StreamKey } from '../store/store.js';
import type { StreamReader } from '../stream/reader.js';
import { newStreamId, type Streams } from '../stream/streams.js';
import type { StreamWriter } from '../stream/writer.js';
import type { SlowReplies } from './slow-replies.js';

/** The forms a client takes an answer in. At least one is true. */
export interface ReplyForm {
  readonly json: boolean;
  readonly sse: boolean;
}

/** How a POST is answered: one JSON body, a stream, or (all its calls were cancelled) nothing. */
export type Answered =
  | { readonly kind: 'json'; readonly body: string }
  | { readonly kind: 'stream'; readonly reader: StreamReader }
  | { readonly kind: 'nothing' };

/** What the client of a POST can do with its answer. */
export interface ReplyManner {
  readonly form: ReplyForm;
  /** It is given an event id as soon as a stream opens, so it can come back for the rest. */
  readonly resumable: boolean;
}

export interface ReplyOptions extends ReplyManner {
  readonly session: string;
  /** How many answers the POST is owed: one, or the requests of a batch. */
  readonly owed: number;
  /** The answer is an array, even of one. */
  readonly batch: boolean;
}

/** What a reply needs from its node. */
export interface ReplyHost {
  readonly streams: Streams;
  readonly slow: SlowReplies;
  failed(where: string, cause: unknown): void;
  streamOpened(key: StreamKey): void;
}

/**
 * The answer to one POST. It begins as a JSON body that nothing has been said of, and becomes a stream at the first
 * message before the answer, or when the answer takes long. From then on everything goes through the log.
 */
export class Reply {
  readonly outcome: Promise<Answered>;
  #resolve!: (answered: Answered) => void;
  #owed: number;
  #settled = false;
  /** Answers that are not in the log: those of a batch before it became a stream, and those a store refused. */
  #unlogged: string[] | undefined;
  /** Set when this became a stream, for good. */
  #writer: StreamWriter | undefined;
  #reader: StreamReader | undefined;

  constructor(
    private readonly host: ReplyHost,
    private readonly options: ReplyOptions,
  ) {
    this.#owed = options.owed;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (!options.form.sse) return;
    if (options.form.json) host.slow.add(this);
    else this.becomeStream();
  }

  /** No more answers are owed, and nothing is said after the last one. */
  get isConcluded(): boolean {
    return this.#owed === 0;
  }

  /** Says something before the answer. False when the client takes no stream, so that there is nowhere to say it. */
  say(text: string): Promise<void> | false {
    if (this.isConcluded || !this.options.form.sse) return false;
    return this.#stream().append({ data: text });
  }

  /** Gives one of the owed answers. */
  answer(text: string): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) this.#log(this.#writer, text);
    else if (this.options.batch) this.#keep(text);
    else this.#settle({ kind: 'json', body: text });
  }

  /** One of the owed answers will not be given, because its call was cancelled. */
  waive(): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (!this.isConcluded) return;
    if (this.#writer === undefined) return this.#settleUnlogged();
    const writer = this.#writer;
    writer.opened
      .then(
        () => this.host.streams.end(writer.key),
        () => this.#settleUnlogged(),
      )
      .catch((cause: unknown) => this.host.failed('ending a stream', cause));
  }

  /** The call is over for reasons that also end its stream, such as the end of the session: tell who still listens. */
  interrupt(text: string): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    this.#setAside(text);
    if (this.isConcluded) this.#afterLast();
  }

  becomeStream(): void {
    if (!this.isConcluded) this.#stream();
  }

  /** Ends the HTTP response but not the stream. False when the client has no event id to come back with. */
  closeConnection(): boolean {
    if (this.isConcluded || !this.options.form.sse || !this.options.resumable) return false;
    const writer = this.#stream();
    writer.opened.then(
      () => this.#reader?.close('paused'),
      () => {},
    );
    return true;
  }

  #stream(): StreamWriter {
    if (this.#writer !== undefined) return this.#writer;
    this.host.slow.delete(this);
    const key = { session: this.options.session, stream: newStreamId() };
    const writer = this.host.streams.open(key);
    this.#writer = writer;
    for (const text of this.#unlogged?.splice(0) ?? []) this.#log(writer, text);
    writer.opened.then(
      () => this.#show(key),
      (cause: unknown) => this.host.failed('opening a stream', cause),
    );
    return writer;
  }

  #show(key: StreamKey): void {
    // The reply may have been interrupted, and answered, while its stream was being opened.
    if (this.#settled) return;
    this.#reader = this.host.streams.show(key);
    this.host.streamOpened(key);
    this.#resolve({ kind: 'stream', reader: this.#reader });
  }

  #log(writer: StreamWriter, text: string): void {
    const last = this.isConcluded;
    writer.append({ data: text, answer: true }, last).then(
      () => last && this.#afterLast(),
      (cause: unknown) => {
        this.host.failed('storing an answer', cause);
        this.#setAside(text);
        if (last) this.#afterLast();
      },
    );
  }

  /** What the store did not take is given to whoever is still connected. */
  #afterLast(): void {
    if (this.#unlogged === undefined || this.#unlogged.length === 0) return;
    if (this.#reader !== undefined) this.#reader.finishWith(this.#unlogged);
    else this.#settleUnlogged();
  }

  #setAside(text: string): void {
    this.#unlogged ??= [];
    this.#unlogged.push(text);
  }

  #keep(text: string): void {
    this.#setAside(text);
    if (this.isConcluded) this.#settleUnlogged();
  }

  #settleUnlogged(): void {
    const answers = this.#unlogged ?? [];
    if (answers.length === 0) return this.#settle({ kind: 'nothing' });
    const body = this.options.batch ? `[${answers.join(',')}]` : answers.join('');
    this.#settle({ kind: 'json', body });
  }

  #settle(answered: Answered): void {
    this.host.slow.delete(this);
    this.#settled = true;
    this.#resolve(answered);
  }
}
