import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord } from '../ledger/call-record.js';
import type { RecordedFetchParts } from './recorded-fetch.js';
import { answerOf, type Message } from './recording.js';
import { eventsOf, wholeOf } from './resume-stream.js';

/** The share of calls whose answers are read again. */
const CHANCE = 0.2;

/** The longest time between an answer and the second read: long enough for the node to be considered dead. Milliseconds. */
const AFTER_MS = 6_000;

const TRIES = 60;
const BETWEEN_MS = 500;
const POLL_MS = 100;

/**
 * Reads the stream of an answered call again, as a client does whose connection was broken beyond the node when the answer was
 * sent. Both reads must have the same answer.
 */
export function rereadAnswer(
  { ledger, random }: RecordedFetchParts,
  [input, init]: Parameters<typeof fetch>,
  call: CallRecord,
): void {
  const [chosen, afterMs] = [random.chance(CHANCE), random.between(0, AFTER_MS)];
  if (!chosen || call.era !== 'legacy' || call.keyed) return;
  const headers = new Headers(init?.headers);
  headers.set('accept', 'text/event-stream');
  headers.delete('content-type');
  const read = (from: string) => {
    headers.set('last-event-id', from);
    return fetch(input, { headers, signal: AbortSignal.timeout(TRIES * BETWEEN_MS) });
  };
  const reading = readAnswer(call, afterMs, read)
    .then((answer) => {
      if (answer === undefined) return;
      ledger.counts.rereads += 1;
      call.rereads.push(answer);
    })
    .finally(() => ledger.pendingRereads.delete(reading));
  ledger.pendingRereads.add(reading);
}

async function readAnswer(call: CallRecord, afterMs: number, read: (from: string) => Promise<Response>) {
  while (call.to === undefined) await delay(POLL_MS);
  if (call.answers.length === 0 || call.cancelled || call.firstId === undefined) return undefined;
  await delay(afterMs);
  for (let tries = 0; tries < TRIES; tries += 1) {
    let status = 0;
    const { text } = await wholeOf(async () => {
      const response = await read(call.firstId ?? '');
      status = response.status;
      return response;
    });
    for (const { data } of eventsOf(text)) {
      const message = data === '' ? {} : (JSON.parse(data) as Message);
      if (message.method === undefined && message.id !== undefined) return answerOf(message.result, message.error);
    }
    // The session has ended, or the stream was dropped.
    if (status >= 400 && status < 500) return undefined;
    await delay(BETWEEN_MS);
  }
  return undefined;
}
