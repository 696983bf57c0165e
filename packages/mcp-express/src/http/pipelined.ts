import type { ServerResponse } from 'node:http';

/** The responses of each connection that wait for earlier ones. */
const waiting = new WeakMap<object, Set<ServerResponse>>();

/**
 * Makes a pipelined response (RFC 9112, section 9.3.2) emit 'close' like any other. Node runs pipelined requests
 * concurrently, but when the connection closes, it notifies only the response whose turn it is; the calls of the others
 * would run forever.
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
    // Node notifies the response whose turn it is.
    if (response.socket !== null) continue;
    response.destroy();
    response.emit('close');
  }
}
