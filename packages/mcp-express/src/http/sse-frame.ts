/** One event of the SSE standard (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface SseEvent {
  /** Empty or absent: the event has no id and leaves the client's last event id unchanged. */
  readonly id?: string;
  readonly data: string;
}

const LINE_BREAK = /\r\n|\r|\n/;
const UNSAFE_IN_FIELD = /[\r\n\0]/;

/** A comment line. It keeps a connection busy and shows that it is open; clients ignore it. */
export const KEEP_ALIVE = ':\n\n';

/** A comment for people who read the traffic: the stream's limits have dropped events. Clients ignore it. */
export const GAP = ': some events are no longer held\n\n';

/**
 * A comment for people who read the traffic: this node has the answer but cannot store it, so the client must
 * reconnect, to a node that reaches the store.
 */
export const WITHHELD = ': the answer is held back while this node cannot reach its store\n\n';

/**
 * One event as text.
 *
 * @throws TypeError if the id contains a line break or NUL, which would start a new field.
 */
export function frame({ id, data }: SseEvent): string {
  const head = id === undefined || id === '' ? '' : `id: ${safe(id)}\n`;
  return `${head}event: message\n${dataLines(data)}\n`;
}

/**
 * A priming event: an id and no data, from which a client can resume before the first message (MCP 2025-11-25,
 * transports).
 *
 * @param retryMs reconnection time in milliseconds; rounded.
 */
export function primingFrame(id: string, retryMs: number): string {
  return `id: ${safe(id)}\n${retryLine(retryMs)}data:\n\n`;
}

/**
 * Sets the client's reconnection time without being an event.
 *
 * @param retryMs milliseconds; rounded.
 */
export function retryFrame(retryMs: number): string {
  return `${retryLine(retryMs)}\n`;
}

/**
 * The field `retry` alone, for the end of a stream: it takes effect although the missing empty line means it is no
 * frame.
 *
 * @param retryMs milliseconds; rounded.
 */
export function retryLine(retryMs: number): string {
  return `retry: ${Math.round(retryMs)}\n`;
}

function safe(id: string): string {
  if (UNSAFE_IN_FIELD.test(id)) throw new TypeError('an SSE event id must not contain CR, LF or NUL');
  return id;
}

/**
 * JSON text is one line. Any other text is split at its line breaks as the standard requires, so that none of it can
 * become a field of its own.
 */
function dataLines(data: string): string {
  if (!data.includes('\n') && !data.includes('\r')) return `data: ${data}\n`;
  return data
    .split(LINE_BREAK)
    .map((line) => `data: ${line}\n`)
    .join('');
}
