/** One event of the SSE standard (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface SseEvent {
  /** Empty or absent: the event has no id, and does not change what a client would resume from. */
  readonly id?: string;
  readonly data: string;
}

const LINE_BREAK = /\r\n|\r|\n/;
const UNSAFE_IN_FIELD = /[\r\n\0]/;

/** A comment line keeps a connection busy and shows it to be open; no client sees it as an event. */
export const KEEP_ALIVE = ':\n\n';

/** Tells a person at the wire, not the client, that a limit has taken events away. */
export const GAP = ': some events are no longer held\n\n';

/** The same of an answer that this node has and cannot store: the client is to come back for it, to a node that has the store. */
export const WITHHELD = ': the answer is held back while this node cannot reach its store\n\n';

/**
 * One event as text.
 *
 * @throws TypeError when the id holds a line break or NUL, which would make a new field of what follows.
 */
export function frame({ id, data }: SseEvent): string {
  const head = id === undefined || id === '' ? '' : `id: ${safe(id)}\n`;
  return `${head}event: message\n${dataLines(data)}\n`;
}

/** An event of an id and no data: a client can resume from it before anything was said (MCP 2025-11-25, transports). */
export function primingFrame(id: string, retryMs: number): string {
  return `id: ${safe(id)}\n${retryLine(retryMs)}data:\n\n`;
}

/** Changes how long the client waits before it comes back, and is no event. */
export function retryFrame(retryMs: number): string {
  return `${retryLine(retryMs)}\n`;
}

/** The same, for the end of a stream: without the empty line it is no frame, and takes effect all the same. */
export function retryLine(retryMs: number): string {
  return `retry: ${Math.round(retryMs)}\n`;
}

function safe(id: string): string {
  if (UNSAFE_IN_FIELD.test(id)) throw new TypeError('an SSE event id must not contain CR, LF or NUL');
  return id;
}

/** JSON text is one line; anything else is split as the standard asks, so that nothing is lost or smuggled in. */
function dataLines(data: string): string {
  if (!data.includes('\n') && !data.includes('\r')) return `data: ${data}\n`;
  return data
    .split(LINE_BREAK)
    .map((line) => `data: ${line}\n`)
    .join('');
}
