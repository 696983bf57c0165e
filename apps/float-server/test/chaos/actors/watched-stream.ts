import type { CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';

/** Maps event ids to calls. */
export class EventIds {
  readonly #calls = new Map<string, CallRecord>();

  /** @returns whether the text contained an id */
  note(text: string, call: CallRecord): boolean {
    const ids = [...text.matchAll(EVENT_ID)].map(([, id = '']) => id);
    for (const id of ids) this.#calls.set(id, call);
    call.firstId ??= ids[0];
    call.lastId = ids.at(-1) ?? call.lastId;
    if (call.era === 'legacy' && text.split('\n\n').some(isUnstored)) call.answeredWithoutStore = true;
    return ids.length > 0;
  }

  callOf(id: string): CallRecord | undefined {
    return this.#calls.get(id);
  }
}

const EVENT_ID = /^id: ?(.*)$/gm;

/** Whether an event is a message without an id: its node sent it although the store was unavailable. */
function isUnstored(block: string): boolean {
  return /^data: ?\{/m.test(block) && !/^id:/m.test(block);
}

/** The share of streams that are cut in the middle, if the client can resume them. */
const CUT_CHANCE = 0.3;

/** The parts of a watched stream. */
export interface WatchedStreamParts {
  readonly ledger: Ledger;
  readonly random: Random;
  readonly ids: EventIds;
  /** Undefined for the standalone stream of a session. */
  readonly call: CallRecord | undefined;
  /** Called when a resumed stream ends before an event, after which official clients no longer know their position. */
  readonly onForgotten?: () => void;
}

/** Passes a response through. Streams are recorded, and cut at random. */
export function watched(response: Response, parts: WatchedStreamParts): Response {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (response.body === null || !isStream) return response;
  const { status, headers } = response;
  return new Response(ReadableStream.from(withCuts(response.body, parts)), { status, headers });
}

async function* withCuts(body: ReadableStream<Uint8Array>, parts: WatchedStreamParts) {
  const { ledger, random, ids, call } = parts;
  // The controller of this attempt: a call with a key may be sent again.
  const lost = call?.lost;
  let left = random.chance(CUT_CHANCE) ? random.between(100, 2_000) : Number.POSITIVE_INFINITY;
  let hasId = false;
  let begun = '';
  try {
    for await (const chunk of body) {
      left -= chunk.length;
      const breaks = left <= 0 && (call === undefined || (call.lastId !== undefined && call.era === 'legacy'));
      // The last chunk arrives only partly.
      const shown = breaks ? chunk.subarray(0, Math.floor(chunk.length / 2)) : chunk;
      begun += Buffer.from(shown).toString('latin1');
      const whole = begun.lastIndexOf('\n\n') + 2;
      if (whole > 1 && call !== undefined && ids.note(begun.slice(0, whole), call)) hasId = true;
      if (whole > 1) begun = begun.slice(whole);
      yield shown;
      if (!breaks) continue;
      ledger.counts.cuts += 1;
      throw new Error('the connection was cut');
    }
    ledger.note(call, 'its stream ended');
  } catch (cause) {
    ledger.note(call, `its stream broke (${(cause as Error).message})`);
    throw cause;
  } finally {
    // If the answer arrived, the client processes it within this turn of the event loop.
    if (call !== undefined && !hasId) setImmediate(() => onOver(call, lost, parts));
  }
}

function onOver(call: CallRecord, lost: AbortController | undefined, { onForgotten }: WatchedStreamParts): void {
  if (call.answers.length > 0 || call.cancelled) return;
  if (call.lastId === undefined) lost?.abort();
  else onForgotten?.();
}
