import type { JsonRpcRequest } from '../../ground/json-rpc.js';
import type { Pending } from '../../ground/pending.js';
import type { StreamKey } from '../../store/store.js';
import { newStreamId, type Streams } from '../../stream/streams.js';
import type { StreamWriter } from '../../stream/writer.js';
import { persistently } from '../persistently.js';
import type { UnstoredResults } from '../unstored.js';
import type { Answered, ReplyManner } from './answered.js';
import { insteadOf, interruptedText } from './interrupted.js';
import { answerEvent, LateAnswers, type OwedAnswer } from './late-answers.js';
import type { SlowReplies } from './slow-replies.js';

export interface ReplyOptions {
  readonly manner: ReplyManner;
  readonly session: string;
  /** What the POST is owed answers to: one request, or those of a batch. */
  readonly owed: readonly JsonRpcRequest[];
  /** Whom the stream is counted for, should it become one. */
  readonly holder: string;
  /** The answer is an array, even of one. */
  readonly batch: boolean;
  /** Of a batch: answers, as JSON text, that are known from the start. */
  readonly refusals?: readonly string[] | undefined;
}

/** What a reply needs from its node. */
export interface ReplyHost {
  readonly streams: Streams;
  readonly slow: SlowReplies;
  failed(where: string, cause: unknown): void;
  /** Answers on their way into the store. */
  readonly storing: Pending;
  /** Answers that wait for a store that is away. */
  readonly unstored: UnstoredResults;
  streamOpened(key: StreamKey): void;
  /** An answer that comes at once may be an HTTP error, so that no stream is opened before it could have come. */
  readonly statusMatters: boolean;
  /** Nobody shows the stream any more; absent: it is kept for who comes back. */
  streamClosed?(key: StreamKey): void;
}

/**
 * The answer to one POST. It begins as a JSON body, and becomes a stream at the first message before the answer, or when
 * the answer takes long. From then on everything goes through the log.
 */
export class Reply {
  readonly outcome: Promise<Answered>;
  #resolve!: (answered: Answered) => void;
  #owed: number;
  /** Invariant: true once `outcome` was told. */
  #settled = false;
  /** The session ended before the reply did. */
  #interrupted = false;
  /** Answers on their way into the store. */
  #storing = 0;
  /** The stream was ended in the store, or is being ended. */
  #endStored = false;
  /** Answers that are not in the log: those of a batch before it became a stream, and those a store refused. */
  #unlogged: OwedAnswer[] | undefined;
  /** Set when this became a stream, for good. */
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

  /** No more answers are owed, and nothing is said after the last one. */
  get isConcluded(): boolean {
    return this.#owed === 0;
  }

  /** Says something before the answer. False when the client takes no stream, so that there is nowhere to say it. */
  say(text: string): Promise<void> | false {
    if (this.isConcluded || !this.options.manner.form.sse) return false;
    return this.#stream().append({ data: text });
  }

  /** Gives the owed answer of this place. `status` and `headers` are those of the HTTP response, if this is all there is to it. */
  answer(place: number, text: string, status = 200, headers?: Readonly<Record<string, string>>): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) this.host.storing.add(this.#log(this.#writer, { place, text }));
    else if (this.options.batch) {
      this.#setAside({ place, text });
      if (this.isConcluded) this.#settleUnlogged();
    } else this.#settle({ kind: 'json', body: text, status, headers });
  }

  /** One of the owed answers will not be given, because its call was cancelled. */
  waive(): void {
    if (this.isConcluded) return;
    this.#owed -= 1;
    if (this.#writer !== undefined) void this.#finish(this.#writer);
    else if (this.isConcluded) this.#settleUnlogged();
  }

  /** The call is over for reasons that also end its stream, such as the end of the session: tell who still listens. */
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

  /** Ends the HTTP response but not the stream. False when the client has no event id to come back with. */
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
    // It has its reader before anything is appended: what a reader has not read is not dropped.
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
      // Its session went while the stream was being opened, so nobody else will take it away.
      this.host.streams.drop(key.session).catch((cause: unknown) => this.host.failed('dropping a stream', cause));
    }
    if (this.#settled) return;
    const { streams, streamClosed } = this.host;
    const reader = streams.show(key, streamClosed === undefined ? undefined : () => streamClosed(key));
    this.host.streamOpened(key);
    this.#settled = true;
    this.#resolve({ kind: 'stream', reader });
  }

  /** The one answer that is still owed ends the stream in the same step. */
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

  /** Once nothing more will be said: gives what the store did not take to who is connected, and ends the stream. */
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

  /** Its stream was told of, and outlives connections. */
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
    // Whoever shows the stream by now: the client may have come back since it was opened.
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
