import type { ServerResponse } from 'node:http';

/** The responses of each connection that wait for the ones before them. */
const waiting = new WeakMap<object, Set<ServerResponse>>();

/**
 * Makes a response tell of its end like any other when it is one of several on their way over one connection (RFC 9112,
 * section 9.3.2). Node runs pipelined requests at once, and when the connection closes tells only the response whose turn
 * it is: the others would be waited for, and their calls would run, for ever.
 */
export function closeWithConnection(response: ServerResponse): void {
  if (response.socket !== null || response.destroyed) return;
  const { socket } = response.req;
  if (socket.destroyed) return void response.destroy();
  const others = waiting.get(socket);
  if (others !== undefined) others.add(response);
  else {
    const responses = new Set([response]);
    waiting.set(socket, responses);
    socket.once('close', () => closeAll(responses));
  }
  response.once('close', () => waiting.get(socket)?.delete(response));
}

function closeAll(responses: Set<ServerResponse>): void {
  for (const response of responses) {
    // The one whose turn it is by now is told by Node.
    if (response.socket !== null) continue;
    response.destroy();
    response.emit('close');
  }
}
