import { McpError } from '../../ground/errors.js';
import { errorText, type JsonRpcRequest } from '../../ground/json-rpc.js';
import type { OutgoingEvent } from '../../store/store.js';
import type { StreamReader } from '../../stream/reader.js';
import type { Streams } from '../../stream/streams.js';
import type { StreamWriter } from '../../stream/writer.js';
import type { Unstored } from '../unstored.js';

/** An answer, and which of the owed ones it is. */
export interface OwedAnswer {
  readonly place: number;
  readonly text: string;
  /** What stands for it, should the store have to drop it. */
  readonly instead?: string | undefined;
}

export function answerEvent({ place, text, instead }: OwedAnswer): OutgoingEvent {
  const event = { data: text, answer: true, owed: place };
  return instead === undefined ? event : { ...event, instead };
}

export interface LateAnswersParts {
  readonly streams: Streams;
  readonly writer: StreamWriter;
  /** All that the stream still owes. */
  readonly answers: readonly OwedAnswer[];
  /** The requests of its POST, by their places. */
  readonly requests: readonly JsonRpcRequest[];
  /** The client was given an event id when the stream was opened. */
  readonly isPrimed: boolean;
  /** Nobody can want them any more. */
  isVain(): boolean;
}

/** A connection waits this long for an answer that its node may not give: the client may find another node. Milliseconds. */
const WITHHELD_MS = 5_000;

const LOST = 'It was carried out while the store was away, and its answer is too large to be kept until then';

/**
 * Answers that the store did not take when they came: "answered" in the states of an answer (docs/architecture.md). They
 * are stored once the store is back, whether or not they were given to a connection, because a connection that took them
 * may have been dead further out. Until then whoever is connected is given them without ids, but only while no other node
 * can have said that the call was interrupted.
 */
export class LateAnswers implements Unstored {
  readonly characters: number;
  readonly #dueAt = performance.now();

  constructor(private readonly parts: LateAnswersParts) {
    this.characters = parts.answers.reduce((sum, { text }) => sum + text.length, 0);
  }

  /** To whoever shows the stream by now, and has seen all that came before: the client may have come back meanwhile. */
  give(): void {
    const { streams, writer, answers } = this.parts;
    const reader = streams.readerOf(writer.key);
    if (reader === undefined) return;
    if (this.#mayGive(reader)) {
      if (reader.isWaiting) reader.finishWith(answers.map(({ text }) => text));
    } else if (performance.now() - this.#dueAt >= WITHHELD_MS) reader.close('withheld');
  }

  readonly attempt = (): Promise<void> => {
    this.give();
    return this.#store(this.parts.answers);
  };

  readonly instead = (): Promise<void> => {
    const { answers, requests } = this.parts;
    const error = new McpError('answer-not-kept', LOST);
    return this.#store(answers.map(({ place }) => ({ place, text: errorText(requests[place]?.id ?? null, error) })));
  };

  #mayGive(reader: StreamReader): boolean {
    const { streams, requests, isPrimed } = this.parts;
    // A client without an event id of this stream is told nothing by any other node.
    if (!isPrimed && !reader.hasMoved) return true;
    // Of several answers one may have been shown already: the store may have taken what it did not confirm.
    return streams.mayAnswer && (requests.length === 1 || !reader.hasMoved);
  }

  /** The store takes each owed answer once: one that it has taken already, or given up, is not there twice. */
  async #store(answers: readonly OwedAnswer[]): Promise<void> {
    const { streams, writer, isVain } = this.parts;
    if (isVain()) return;
    try {
      // One after the other: the last ends the stream, which it may only once the others are there.
      for (const [index, answer] of answers.entries()) {
        await writer.append(answerEvent(answer), index === answers.length - 1);
      }
    } catch (cause) {
      if (await streams.isKnown(writer.key)) throw cause;
    }
  }
}
