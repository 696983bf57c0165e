import type { Response } from 'express';
import { JsonHead } from './json-head.js';
import { JSON_TYPE, type Outbound, type OutboundHeaders, SSE_TYPE } from './outbound.js';
import { type SseEdge, SseWriter } from './sse-writer.js';

/** What every stream is sent with: proxies must neither hold it back nor change it (nginx: X-Accel-Buffering). */
const STREAM_HEADERS = ['Content-Type', SSE_TYPE, 'Cache-Control', 'no-cache, no-transform', 'X-Accel-Buffering', 'no'];

/** What all answers of a router share. */
export interface OutboundEdge extends SseEdge {
  /** Headers of every answer, as a flat list of names and values: what Node writes with the least work. */
  readonly headers: readonly string[];
  readonly jsonHead: JsonHead;
}

/** @param headers those of every answer, as a flat list of names and values. */
export function outboundEdge(shared: SseEdge, headers: readonly string[]): OutboundEdge {
  return { ...shared, headers, jsonHead: new JsonHead(headers) };
}

/** What a client may still send of a request that was refused by its head, and keep its connection. Bytes. */
const SMALL_BODY = 64 * 1024;

/** How long a client that is still sending a refused body may take to read why, before its connection is cut. */
const LINGER_MS = 500;

/**
 * The edge to Express, outwards. Throws when what other middleware made of the response does not let it be sent.
 *
 * @param onOver told once when a stream is over, on whose reader nobody waits any more; at once when nobody is there.
 */
export function send(response: Response, outbound: Outbound, edge: OutboundEdge, onOver: () => void): void {
  // The client is gone, or other middleware has answered.
  if (response.destroyed || response.headersSent) {
    if (outbound.kind !== 'stream') return;
    outbound.reader.close('client-gone');
    return onOver();
  }
  switch (outbound.kind) {
    case 'empty':
      response
        .writeHead(outbound.status, [
          ...edge.headers,
          ...(outbound.status === 204 ? [] : ['Content-Length', '0']),
          ...flat(outbound.headers),
        ])
        .end();
      return;
    case 'text':
      return sendText(response, outbound, edge);
    case 'stream':
      response.writeHead(200, [...edge.headers, ...STREAM_HEADERS]).flushHeaders();
      new SseWriter(response, outbound, edge, onOver).run();
  }
}

function flat(headers: OutboundHeaders | undefined): readonly string[] {
  return headers === undefined ? [] : Object.entries(headers).flat();
}

function sendText(response: Response, outbound: Outbound & { kind: 'text' }, edge: OutboundEdge): void {
  const { status, type, body, headers, unread } = outbound;
  if (status === 200 && type === JSON_TYPE && headers === undefined) {
    edge.jsonHead.write(response, Buffer.byteLength(body));
    response.end(body);
    return;
  }
  const lines = [...edge.headers, 'Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))];
  if (headers !== undefined) lines.push(...flat(headers));
  response.writeHead(status, lines);
  if (unread !== undefined) sendThenCut(response, body, unread, true);
  else if (status >= 400 && !response.req.complete) sendThenCut(response, body, SMALL_BODY, false);
  else response.end(body);
}

/**
 * The answer to a body that is not read to its end. Cutting the connection at once would reset it before the client has
 * the answer; so the client may send a little more, which nobody looks at.
 *
 * @param cuts the connection is not used again even if the body ends in time.
 */
function sendThenCut(response: Response, body: string, unread: number, cuts: boolean): void {
  const { req, socket } = response;
  response.write(body);
  const cut = (): void => void socket?.destroy();
  const timer = setTimeout(cut, LINGER_MS).unref();
  const onClose = (): void => clearTimeout(timer);
  socket?.once('close', onClose);
  let left = unread;
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.pause();
  });
  req.once('end', () => {
    clearTimeout(timer);
    // The connection may carry many more of the kind.
    socket?.off('close', onClose);
    response.end(cuts ? () => socket?.destroySoon() : undefined);
  });
  req.resume();
}
