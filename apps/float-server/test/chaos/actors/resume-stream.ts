import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Message } from './recording.js';

const TRIES = 100;

/** Number of orderly ends without an event after which a stream counts as complete. */
const ENDS = 5;

/**
 * Resumes a stream in place of an official client, which keeps its last event id only until the new stream opens: if that
 * breaks before an event, the client cannot resume again, while the server still owes the response.
 */
export async function resumeStream(
  { ledger, onMessage }: { ledger: Ledger; onMessage: (message: Message) => void },
  [input, init]: Parameters<typeof fetch>,
  call: CallRecord,
): Promise<void> {
  ledger.counts.forgotten += 1;
  let ends = 0;
  for (let tries = 0; tries < TRIES && call.answers.length === 0 && ends < ENDS; tries += 1) {
    await delay(100);
    const headers = new Headers(init?.headers);
    headers.set('last-event-id', call.lastId ?? '');
    const came = await wholeOf(() => fetch(input, { ...init, headers }));
    for (const event of eventsOf(came.text)) {
      call.lastId = event.id;
      // The client itself answers requests of the server.
      if (event.data !== '') onMessage(JSON.parse(event.data) as Message);
    }
    ends = came.inOrder && !/^id:/m.test(came.text) ? ends + 1 : 0;
    ledger.note(call, ends > 0 ? 'resumed in place of the client: it had ended' : 'resumed in place of the client');
  }
  call.lost.abort();
}

/** Reads a stream until it ends or breaks. */
export async function wholeOf(open: () => Promise<Response>): Promise<{ text: string; inOrder: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    const response = await open();
    if (response.status !== 200) return { text: '', inOrder: false };
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    return { text, inOrder: true };
  } catch {
    return { text, inOrder: false };
  }
}

/** The complete events of a text. Each has one line of data. */
export function eventsOf(text: string): { id: string; data: string }[] {
  const whole = text.split('\n\n').slice(0, -1);
  return whole.flatMap((block) => {
    const id = /^id: ?(.*)$/m.exec(block)?.[1];
    return id === undefined ? [] : [{ id, data: /^data: ?(.*)$/m.exec(block)?.[1] ?? '' }];
  });
}
