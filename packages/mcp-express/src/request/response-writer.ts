import type { NodeInstruments, TracedCall } from '../observe/instrumentation.js';
import type { StreamKey } from '../store/store.js';
import { newStreamId, type Streams } from '../stream/streams.js';
import type { StreamWriter } from '../stream/writer.js';
import type { PendingWork } from '../util/pending-work.js';
import { answerEvent, droppedText, interruptedText, type PendingAnswer } from './answer-events.js';
import { LateAnswers } from './late-answers.js';
import type { Response, ResponseOptions } from './response.js';
import type { SlowResponses } from './slow-responses.js';
import type { UnstoredResults } from './unstored.js';
import { withRetry } from './with-retry.js';

/** The services of the node that a response uses. */
export interface ResponseDeps {
  readonly streams: Streams;
  readonly slowResponses: SlowResponses;
  readonly instruments: NodeInstruments | undefined;
  failed(where: string, cause: unknown): void;
  /** Answers being stored. */
  readonly storing: PendingWork;
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
export class ResponseWriter {
  readonly outcome: Promise<Response>;
  #resolve!: (answered: Response) => void;
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
  #unlogged: PendingAnswer[] | undefined;
  /** Set when the response becomes a stream, which is final. */
  #writer: StreamWriter | undefined;

  constructor(
    private readonly deps: ResponseDeps,
    private readonly options: ResponseOptions,
  ) {
    this.#owed = options.requests.length;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { formats } = options.delivery;
    if (!formats.sse) return;
    if (formats.json || deps.statusMatters) deps.slowResponses.add(this);
    else this.becomeStream();
  }

  get statusMatters(): boolean {
    return this.deps.statusMatters;
  }

  /** All answers were given; no further message is sent. */
  get isComplete(): boolean {
    return this.#owed === 0;
  }

  /** Sends a message before the answer. False when the client accepts no stream. */
  send(text: string): Promise<void> | false {
    if (this.isComplete || !this.options.delivery.formats.sse) return false;
    return this.#stream().append({ data: text });
  }

  /** Gives one of the owed answers. `status` and `headers` apply only if the response is a single JSON body. */
  answer(place: number, text: string, status = 200, headers?: Readonly<Record<string, string>>): void {
    if (this.isComplete) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) this.deps.storing.add(this.#log(this.#writer, { place, text }));
    else if (this.options.batch) {
      this.#setAside({ place, text });
      if (this.isComplete) this.#settleUnlogged();
    } else this.#settle({ kind: 'json', body: text, status, headers });
  }

  /** Drops one of the owed answers because its call was cancelled. */
  waive(): void {
    if (this.isComplete) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) void this.#finish(this.#writer);
    else if (this.isComplete) this.#settleUnlogged();
  }

  /** The session has ended, and its stream with it: sends the answer to a connected client without storing it. */
  interrupt(place: number, text: string): void {
    this.#interrupted = true;
    if (this.isComplete) return;
    this.#owed -= 1;
    this.#setAside({ place, text });
    if (this.isComplete) this.#sendUnlogged();
  }

  becomeStream(): void {
    if (this.isComplete) return;
    const span = this.#spanOfFirst;
    span === undefined ? this.#stream() : span.run(() => this.#stream());
  }

  get #spanOfFirst(): TracedCall | undefined {
    const [request] = this.options.requests;
    return request && this.deps.instruments?.of(request);
  }

  /** Ends the HTTP response but not the stream. False when the client has no event id to resume with. */
  closeConnection(): boolean {
    if (this.isComplete || !this.options.delivery.formats.sse || !this.options.delivery.resumable) return false;
    const writer = this.#stream();
    writer.opened.then(
      () => this.deps.streams.closeReader(writer.key, 'paused'),
      () => {},
    );
    return true;
  }

  #stream(): StreamWriter {
    if (this.#writer !== undefined) return this.#writer;
    this.deps.slowResponses.delete(this);
    const key = { session: this.options.session, stream: newStreamId() };
    const errors = this.options.requests.map(interruptedText);
    const writer = this.deps.streams.open(key, { errors, trace: this.#spanOfFirst?.context }, this.options.holder);
    this.#writer = writer;
    const kept = this.#unlogged ?? [];
    this.#unlogged = undefined;
    // The reader is attached before anything is appended, because the store may drop events without a reader.
    writer.opened.then(
      () => this.#show(key),
      (cause: unknown) => this.deps.failed('opening a stream', cause),
    );
    for (const data of this.options.refusals ?? []) {
      writer.append({ data, answer: true }).catch((cause: unknown) => this.deps.failed('storing an answer', cause));
    }
    for (const answer of kept) this.deps.storing.add(this.#log(writer, answer));
    return writer;
  }

  #show(key: StreamKey): void {
    if (this.#interrupted) {
      // The session ended while the stream was being opened, so its cleanup has missed this stream.
      this.deps.streams.drop(key.session).catch((cause: unknown) => this.deps.failed('dropping a stream', cause));
    }
    if (this.#settled) return;
    const { streams, streamClosed } = this.deps;
    const reader = streams.openReader(key, streamClosed === undefined ? undefined : () => streamClosed(key));
    this.deps.streamOpened(key);
    this.#settled = true;
    this.#resolve({ kind: 'stream', reader });
  }

  /** The last owed answer ends the stream in the same step. */
  async #log(writer: StreamWriter, given: PendingAnswer): Promise<void> {
    const answer = this.#replaceable(given);
    const end = this.isComplete && this.#storing === 0 && this.#unlogged === undefined;
    this.#storing += 1;
    try {
      await withRetry(() => writer.append(answerEvent(answer), end));
      this.#endStored ||= end;
    } catch (cause) {
      this.deps.failed('storing an answer', cause);
      this.#setAside(answer);
    }
    this.#storing -= 1;
    await this.#finish(writer);
  }

  #replaceable(answer: PendingAnswer): PendingAnswer {
    const request = this.options.requests[answer.place];
    const kind = this.deps.statusMatters ? 'stateless' : 'session';
    return request === undefined ? answer : { ...answer, instead: droppedText(request, answer.text, kind) };
  }

  /** After the last message: sends answers that the store refused to a connected client, and ends the stream. */
  async #finish(writer: StreamWriter): Promise<void> {
    if (!this.isComplete || this.#storing > 0 || this.#endStored) return;
    this.#endStored = true;
    const isKept = this.#mayComeBack;
    if (isKept && this.#unlogged !== undefined) return this.#holdLate(writer, this.#unlogged);
    this.#sendUnlogged();
    const end = (): Promise<void> => this.deps.streams.end(writer.key);
    try {
      await withRetry(() => writer.opened.then(end));
    } catch (cause) {
      this.deps.failed('ending a stream', cause);
      this.deps.streams.readerOf(writer.key)?.deliverAndEnd([]);
      if (isKept) void this.deps.unstored.hold({ characters: 0, attempt: end });
    }
  }

  /** The client knows of the stream, and the stream outlives its connection. */
  get #mayComeBack(): boolean {
    return this.#settled && !this.#interrupted && this.deps.streamClosed === undefined;
  }

  async #holdLate(writer: StreamWriter, answers: readonly PendingAnswer[]): Promise<void> {
    const { streams, unstored, failed } = this.deps;
    const { requests, delivery } = this.options;
    const late = new LateAnswers({
      streams,
      writer,
      answers,
      requests,
      isPrimed: delivery.resumable,
      isObsolete: () => this.#interrupted,
    });
    late.send();
    if (await unstored.hold(late)) return;
    failed('storing an answer at last', new Error('the store was away until this node stopped'));
  }

  #sendUnlogged(): void {
    if (!this.#settled) return this.#settleUnlogged();
    if (this.#unlogged === undefined || this.#writer === undefined) return;
    // The current reader, because the client may have reconnected.
    this.deps.streams.readerOf(this.#writer.key)?.deliverAndEnd(this.#unlogged.map(({ text }) => text));
  }

  #setAside(answer: PendingAnswer): void {
    this.#unlogged ??= [];
    this.#unlogged.push(answer);
  }

  #settleUnlogged(): void {
    const answers = [...(this.options.refusals ?? []), ...(this.#unlogged ?? []).map(({ text }) => text)];
    if (answers.length === 0) return this.#settle({ kind: 'nothing' });
    const body = this.options.batch ? `[${answers.join(',')}]` : answers.join('');
    this.#settle({ kind: 'json', body, status: 200 });
  }

  #settle(answered: Response): void {
    if (this.#settled) return;
    this.deps.slowResponses.delete(this);
    this.#settled = true;
    this.#resolve(answered);
  }
}
