import { McpError } from '../protocol/errors.js';
import { errorText, type JsonRpcRequest } from '../protocol/json-rpc.js';
import type { StreamReader } from '../stream/reader.js';
import type { Streams } from '../stream/streams.js';
import type { StreamWriter } from '../stream/writer.js';
import { answerEvent, type PendingAnswer } from './answer-events.js';
import type { Unstored } from './unstored.js';

/** The stream of the late answers, and the requests they answer. */
export interface LateAnswersDeps {
  readonly streams: Streams;
  readonly writer: StreamWriter;
  /** All answers that the stream still owes. */
  readonly answers: readonly PendingAnswer[];
  /** The requests of the POST, by their index. */
  readonly requests: readonly JsonRpcRequest[];
  /** The client got an event id when the stream opened. */
  readonly isPrimed: boolean;
  /** True once the session has ended: no client can fetch the answers any more. */
  isObsolete(): boolean;
}

/**
 * How long a connection stays open without its answer while this node must not send it. Afterwards the client can
 * reconnect to another node. Milliseconds.
 */
const WITHHELD_MS = 5_000;

const LOST =
  'It was carried out while the store was unavailable, and its answer is too large to hold until the store is back';

/**
 * Answers that the store could not take in time: state "answered" in docs/architecture.md, "The states of an answer".
 * They are stored once the store is back, even if a connection has received them, because that connection may have been
 * broken beyond the proxy. Until then a connected client gets them without event ids, but only while no other node can
 * have answered `call-interrupted`.
 */
export class LateAnswers implements Unstored {
  readonly characters: number;
  readonly #dueAt = performance.now();

  constructor(private readonly deps: LateAnswersDeps) {
    this.characters = deps.answers.reduce((sum, { text }) => sum + text.length, 0);
  }

  /**
   * Sends the answers to the current reader of the stream, if it has read all earlier events. The client may have
   * reconnected, so that reader need not be the first.
   */
  send(): void {
    const { streams, writer, answers } = this.deps;
    const reader = streams.readerOf(writer.key);
    if (reader === undefined) return;
    if (this.#maySend(reader)) {
      if (reader.isCaughtUp) reader.deliverAndEnd(answers.map(({ text }) => text));
    } else if (performance.now() - this.#dueAt >= WITHHELD_MS) reader.close('withheld');
  }

  readonly attempt = (): Promise<void> => {
    this.send();
    return this.#store(this.deps.answers);
  };

  readonly instead = (): Promise<void> => {
    const { answers, requests } = this.deps;
    const error = new McpError('answer-not-kept', LOST);
    return this.#store(answers.map(({ place }) => ({ place, text: errorText(requests[place]?.id ?? null, error) })));
  };

  #maySend(reader: StreamReader): boolean {
    const { streams, requests, isPrimed } = this.deps;
    // Without an event id of this stream, the client cannot get another answer from another node.
    if (!isPrimed && !reader.isResumable) return true;
    // With several answers the client may have seen some: an append that failed without confirmation may have been
    // stored.
    return streams.isLeaseSure && (requests.length === 1 || !reader.isResumable);
  }

  /** Safe to repeat: the store takes each owed answer once, and ignores one that it has taken or settled before. */
  async #store(answers: readonly PendingAnswer[]): Promise<void> {
    const { streams, writer, isObsolete } = this.deps;
    if (isObsolete()) return;
    try {
      // In order: the last answer ends the stream, so the others must be stored before it.
      for (const [index, answer] of answers.entries()) {
        await writer.append(answerEvent(answer), index === answers.length - 1);
      }
    } catch (cause) {
      if (await streams.exists(writer.key)) throw cause;
    }
  }
}
