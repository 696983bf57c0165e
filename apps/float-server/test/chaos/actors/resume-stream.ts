import { setTimeout as delay } from 'node:timers/promises';
import type { CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import { record } from './recording.js';

const TRIES = 100;

/** Number of orderly ends without an event after which a stream counts as complete. */
const ENDS = 5;

/**
 * Resumes a stream in place of an official client, which keeps its last event id only until the new stream opens: if that
 * breaks before an event, the client cannot resume again, while the server still owes the response.
 */
export async function resumeStream(
  { ledger, client }: { ledger: Ledger; client: string },
  [input, init]: Parameters<typeof fetch>,
  call: CallRecord,
): Promise<void> {
  ledger.counts.forgotten += 1;
  const requests = { has: () => true, get: () => call };
  let ends = 0;
  for (let tries = 0; tries < TRIES && call.answers.length === 0 && ends < ENDS; tries += 1) {
    await delay(100);
    const headers = new Headers(init?.headers);
    headers.set('last-event-id', call.lastId ?? '');
    const came = await wholeOf(() => fetch(input, { ...init, headers }));
    for (const event of eventsOf(came.text)) {
      call.lastId = event.id;
      if (event.data !== '') record(JSON.parse(event.data), { name: client, ledger, requests });
    }
    ends = came.inOrder && !/^id:/m.test(came.text) ? ends + 1 : 0;
    call.trail.push(ends > 0 ? 'come back for: it was over' : 'come back for');
  }
  call.lost.abort();
}

/** The text of a stream until it ends or breaks. */
async function wholeOf(open: () => Promise<Response>): Promise<{ text: string; inOrder: boolean }> {
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

/** Parses complete events, which have one line of data each; partial ones are dropped. */
function eventsOf(text: string): { id: string; data: string }[] {
  const whole = text.split('\n\n').slice(0, -1);
  return whole.flatMap((block) => {
    const id = /^id: ?(.*)$/m.exec(block)?.[1];
    return id === undefined ? [] : [{ id, data: /^data: ?(.*)$/m.exec(block)?.[1] ?? '' }];
  });
}
