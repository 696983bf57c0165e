import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingEvent } from '../../store/store.js';
import type { Streams } from '../../stream/streams.js';
import type { StreamWriter } from '../../stream/writer.js';

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

export interface LateAnswers {
  readonly writer: StreamWriter;
  /** All that the stream still owes. */
  readonly answers: readonly OwedAnswer[];
  /** Nobody can want them any more. */
  isVain(): boolean;
}

/** Waits between the tries: about a minute in all. Clients of a store that is away for longer must call again. */
const RETRY_AFTER_MS = [250, 500, 1_000, ...Array.from({ length: 29 }, () => 2_000)];

/**
 * Stores answers that the store did not take when they came, once it is back, so that whoever comes back for them finds
 * them. Meanwhile somebody who is connected, and has seen all that came before, is given them without ids.
 *
 * False when the store did not come back in time.
 */
export async function sayLate(streams: Streams, { writer, answers, isVain }: LateAnswers): Promise<boolean> {
  let told = false;
  for (const waitMs of RETRY_AFTER_MS) {
    told ||= tell(streams, writer, answers);
    try {
      // Who was told is owed no more: stored as well, it would be there a second time.
      await (told ? streams.end(writer.key) : store(writer, answers));
      return true;
    } catch {
      await delay(waitMs, undefined, { ref: false });
    }
    if (isVain()) return true;
  }
  return false;
}

/** Whoever shows the stream by now: the client may have come back since it was opened. */
function tell(streams: Streams, { key }: StreamWriter, answers: readonly OwedAnswer[]): boolean {
  const reader = streams.readerOf(key);
  if (reader?.isWaiting !== true) return false;
  reader.finishWith(answers.map(({ text }) => text));
  return true;
}

/** The store takes each owed answer once: one that it has taken already is not there twice. */
async function store(writer: StreamWriter, answers: readonly OwedAnswer[]): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    await writer.append(answerEvent(answer), index === answers.length - 1);
  }
}
