import type { IncomingMessage, ServerResponse } from 'node:http';

/** Requests whose clients wait for "100 Continue" before they send the body. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * Sends "100 Continue" when any body parser first reads the body. Node would send it at once, so that clients upload a body
 * that is refused because of its headers (RFC 9110, section 10.1.1).
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const read = request._read;
  waiting.add(request);
  request._read = (size) => {
    request._read = read;
    if (waiting.delete(request) && !response.headersSent) response.writeContinue();
    read.call(request, size);
  };
}

/**
 * Prevents "100 Continue" from being sent, because the final response comes first.
 *
 * @returns true if the client still waits for it.
 */
export function withholdContinue(request: IncomingMessage): boolean {
  return waiting.delete(request);
}
