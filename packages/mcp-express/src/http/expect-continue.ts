import type { IncomingMessage, ServerResponse } from 'node:http';

/** Requests whose clients wait for "100 Continue" before they send their bodies. */
const waiting = new WeakSet<IncomingMessage>();

/**
 * Sends "100 Continue" when the body of a request is first read, by whichever body parser reads it. Node alone sends it
 * at once, so that a client uploads a body that is refused by its head (RFC 9110, section 10.1.1).
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

/** True when the client still waits for "100 Continue", which from now on is not sent: the final answer is. */
export function withholdContinue(request: IncomingMessage): boolean {
  return waiting.delete(request);
}
