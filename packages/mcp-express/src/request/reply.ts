import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { StreamKey } from '../store/store.js';
import { newStreamId, type Streams } from '../stream/streams.js';
import type { StreamWriter } from '../stream/writer.js';
import type { Pending } from '../util/pending.js';
import type { Answered, ReplyManner } from './answered.js';
import { insteadOf, interruptedText } from './interrupted.js';
import { answerEvent, LateAnswers, type OwedAnswer } from './late-answers.js';
import { persistently } from './persistently.js';
import type { SlowReplies } from './slow-replies.js';
import type { UnstoredResults } from './unstored.js';

/** Properties of the response to one POST. */
export interface ReplyOptions {
  readonly manner: ReplyManner;
  readonly session: string;
  /** The requests that the response must answer: one, or those of a batch. */
  readonly owed: readonly JsonRpcRequest[];
  /** The account for limits on streams: a principal, or the address of an anonymous caller. */
  readonly holder: string;
  /** The body is an array, even with one answer. */
  readonly batch: boolean;
  /** For batches: errors, as JSON text, that are known before any call starts. */
  readonly refusals?: readonly string[] | undefined;
}

/** The services of the node that a response uses. */
export interface ReplyHost {
  readonly streams: Streams;
  readonly slow: SlowReplies;
  failed(where: string, cause: unknown): void;
  /** Answers being stored. */
  readonly storing: Pending;
  /** Answers that wait for the store to come back. */
  readonly unstored: UnstoredResults;
  streamOpened(key: StreamKey): void;
  /** True for stateless requests: an immediate answer may be an HTTP error, so opening the stream is delayed. */
  readonly statusMatters: boolean;
  /** The reader has left the stream. Absent: the stream is kept, so that the client can resume it. */
  streamClosed?(key: StreamKey): void;
}

/**
 * The response to one POST. It starts as a JSON body and becomes a stream at the first message before the answer, or
 * when the answer takes long. From then on all messages go through the stream.
 */
export class Reply {
  readonly outcome: Promise<Answered>;
  #resolve!: (answered: Answered) => void;
  #owed: number;
  /** Invariant: true once `outcome` has resolved. */
  #settled = false;
  /** The session ended before the response did. */
  #interrupted = false;
  /** Number of answers being stored. */
  #storing = 0;
  /** The stream has ended in the store, or is about to. */
  #endStored = false;
  /** Answers that are not in the stream: those of a batch before it became one, and those the store refused. */
  #unlogged: OwedAnswer[] | undefined;
  /** Set when the response becomes a stream, which is final. */
  #writer: StreamWriter | undefined;

  constructor(
    private readonly host: ReplyHost,
    private readonly options: ReplyOptions,
  ) {
    this.#owed = options.owed.length;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { form } = options.manner;
    if (!form.sse) return;
    if (form.json || host.statusMatters) host.slow.add(this);
    else this.becomeStream();
  }

  get statusMatters(): boolean {
    return this.host.statusMatters;
  }

  /** All answers were given; no further message is sent. */
  get isConcluded(): boolean {
    return this.#owed === 0;
  }

  /** Sends a message before the answer. False when the client accepts no stream. */
  say(text: string): Promise<void> | false {
    if (this.isConcluded || !this.options.manner.form.sse) return false;
    return this.#stream().append({ data: text });
  }

  /** Gives one of the owed answers. `status` and `headers` apply only if the response is a single JSON body. */
  answer(place: number, text: string, status = 200, headers?: Readonly<Record<string, string>>): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) this.host.storing.add(this.#log(this.#writer, { place, text }));
    else if (this.options.batch) {
      this.#setAside({ place, text });
      if (this.isConcluded) this.#settleUnlogged();
    } else this.#settle({ kind: 'json', body: text, status, headers });
  }

  /** Drops one of the owed answers because its call was cancelled. */
  waive(): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) void this.#finish(this.#writer);
    else if (this.isConcluded) this.#settleUnlogged();
  }

  /** The session has ended, and its stream with it: sends the answer to a connected client without storing it. */
  interrupt(place: number, text: string): void {
    this.#interrupted = true;
    if (this.isConcluded) return;
    this.#owed -= 1;
    this.#setAside({ place, text });
    if (this.isConcluded) this.#tellUnlogged();
  }

  becomeStream(): void {
    if (!this.isConcluded) this.#stream();
  }

  /** Ends the HTTP response but not the stream. False when the client has no event id to resume with. */
  closeConnection(): boolean {
    if (this.isConcluded || !this.options.manner.form.sse || !this.options.manner.resumable) return false;
    const writer = this.#stream();
    writer.opened.then(
      () => this.host.streams.release(writer.key, 'paused'),
      () => {},
    );
    return true;
  }

  #stream(): StreamWriter {
    if (this.#writer !== undefined) return this.#writer;
    this.host.slow.delete(this);
    const key = { session: this.options.session, stream: newStreamId() };
    const writer = this.host.streams.open(key, this.options.owed.map(interruptedText), this.options.holder);
    this.#writer = writer;
    const kept = this.#unlogged ?? [];
    this.#unlogged = undefined;
    // The reader is attached before anything is appended, because the store may drop events without a reader.
    writer.opened.then(
      () => this.#show(key),
      (cause: unknown) => this.host.failed('opening a stream', cause),
    );
    for (const data of this.options.refusals ?? []) {
      writer.append({ data, answer: true }).catch((cause: unknown) => this.host.failed('storing an answer', cause));
    }
    for (const answer of kept) this.host.storing.add(this.#log(writer, answer));
    return writer;
  }

  #show(key: StreamKey): void {
    if (this.#interrupted) {
      // The session ended while the stream was being opened, so its cleanup has missed this stream.
      this.host.streams.drop(key.session).catch((cause: unknown) => this.host.failed('dropping a stream', cause));
    }
    if (this.#settled) return;
    const { streams, streamClosed } = this.host;
    const reader = streams.show(key, streamClosed === undefined ? undefined : () => streamClosed(key));
    this.host.streamOpened(key);
    this.#settled = true;
    this.#resolve({ kind: 'stream', reader });
  }

  /** The last owed answer ends the stream in the same step. */
  async #log(writer: StreamWriter, given: OwedAnswer): Promise<void> {
    const answer = this.#replaceable(given);
    const end = this.isConcluded && this.#storing === 0 && this.#unlogged === undefined;
    this.#storing += 1;
    try {
      await persistently(() => writer.append(answerEvent(answer), end));
      this.#endStored ||= end;
    } catch (cause) {
      this.host.failed('storing an answer', cause);
      this.#setAside(answer);
    }
    this.#storing -= 1;
    await this.#finish(writer);
  }

  #replaceable(answer: OwedAnswer): OwedAnswer {
    const request = this.options.owed[answer.place];
    const kind = this.host.statusMatters ? 'stateless' : 'session';
    return request === undefined ? answer : { ...answer, instead: insteadOf(request, answer.text, kind) };
  }

  /** After the last message: sends answers that the store refused to a connected client, and ends the stream. */
  async #finish(writer: StreamWriter): Promise<void> {
    if (!this.isConcluded || this.#storing > 0 || this.#endStored) return;
    this.#endStored = true;
    const isKept = this.#mayComeBack;
    if (isKept && this.#unlogged !== undefined) return this.#holdLate(writer, this.#unlogged);
    this.#tellUnlogged();
    const end = (): Promise<void> => this.host.streams.end(writer.key);
    try {
      await persistently(() => writer.opened.then(end));
    } catch (cause) {
      this.host.failed('ending a stream', cause);
      this.host.streams.readerOf(writer.key)?.finishWith([]);
      if (isKept) void this.host.unstored.hold({ characters: 0, attempt: end });
    }
  }

  /** The client knows of the stream, and the stream outlives its connection. */
  get #mayComeBack(): boolean {
    return this.#settled && !this.#interrupted && this.host.streamClosed === undefined;
  }

  async #holdLate(writer: StreamWriter, answers: readonly OwedAnswer[]): Promise<void> {
    const { streams, unstored, failed } = this.host;
    const { owed: requests, manner } = this.options;
    const isVain = (): boolean => this.#interrupted;
    const late = new LateAnswers({ streams, writer, answers, requests, isPrimed: manner.resumable, isVain });
    late.give();
    if (await unstored.hold(late)) return;
    failed('storing an answer at last', new Error('the store was away until this node stopped'));
  }

  #tellUnlogged(): void {
    if (!this.#settled) return this.#settleUnlogged();
    if (this.#unlogged === undefined || this.#writer === undefined) return;
    // The current reader, because the client may have reconnected.
    this.host.streams.readerOf(this.#writer.key)?.finishWith(this.#unlogged.map(({ text }) => text));
  }

  #setAside(answer: OwedAnswer): void {
    this.#unlogged ??= [];
    this.#unlogged.push(answer);
  }

  #settleUnlogged(): void {
    const answers = [...(this.options.refusals ?? []), ...(this.#unlogged ?? []).map(({ text }) => text)];
    if (answers.length === 0) return this.#settle({ kind: 'nothing' });
    const body = this.options.batch ? `[${answers.join(',')}]` : answers.join('');
    this.#settle({ kind: 'json', body, status: 200 });
  }

  #settle(answered: Answered): void {
    if (this.#settled) return;
    this.host.slow.delete(this);
    this.#settled = true;
    this.#resolve(answered);
  }
}
