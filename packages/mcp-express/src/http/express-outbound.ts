import type { Response } from 'express';
import { wireText } from '../ground/wire-text.js';
import { JsonHead } from './json-head.js';
import { JSON_TYPE, type Outbound, type OutboundHeaders, SSE_TYPE } from './outbound.js';
import { writeHead } from './response-head.js';
import { type SseEdge, SseWriter } from './sse-writer.js';
import { hasUnread, UnreadBodies } from './unread-bodies.js';

/** What every stream is sent with: proxies must neither hold it back nor change it (nginx: X-Accel-Buffering). */
const STREAM_HEADERS = ['Content-Type', SSE_TYPE, 'Cache-Control', 'no-cache, no-transform', 'X-Accel-Buffering', 'no'];

/** What all answers of a router share. */
export interface OutboundEdge extends SseEdge {
  /** Headers of every answer, as a flat list of names and values. */
  readonly headers: readonly string[];
  readonly jsonHead: JsonHead;
  readonly unread: UnreadBodies;
}

/** @param headers those of every answer, as a flat list of names and values. */
export function outboundEdge(shared: SseEdge, headers: readonly string[], maxBodyBytes: number): OutboundEdge {
  return { ...shared, headers, jsonHead: new JsonHead(headers), unread: new UnreadBodies(maxBodyBytes) };
}

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
  const { req } = response;
  if (hasUnread(req)) {
    if (outbound.kind === 'stream') req.resume();
    else edge.unread.discard(req, response);
  }
  switch (outbound.kind) {
    case 'empty':
      writeHead(response, outbound.status, [
        ...edge.headers,
        ...(outbound.status === 204 ? [] : ['Content-Length', '0']),
        ...flat(outbound.headers),
      ]);
      response.end();
      return;
    case 'text':
      return sendText(response, outbound, edge);
    case 'stream':
      writeHead(response, 200, [...edge.headers, ...STREAM_HEADERS]);
      response.flushHeaders();
      new SseWriter(response, outbound, edge, onOver).run();
  }
}

/**
 * `send`, which also asks the client to open another connection, to a server that goes on. Not while its body is still
 * coming: proxies take an early answer that closes the connection for a failure.
 */
export function sendLast(...args: Parameters<typeof send>): void {
  const [response] = args;
  const { headersSent, req } = response;
  if (!headersSent && req.httpVersionMajor === 1 && !hasUnread(req)) response.setHeader('Connection', 'close');
  send(...args);
}

function flat(headers: OutboundHeaders | undefined): readonly string[] {
  return headers === undefined ? [] : Object.entries(headers).flat();
}

function sendText(response: Response, outbound: Outbound & { kind: 'text' }, edge: OutboundEdge): void {
  const { status, type, headers } = outbound;
  const body = wireText(outbound.body);
  if (status === 200 && type === JSON_TYPE && headers === undefined) {
    edge.jsonHead.write(response, Buffer.byteLength(body));
    response.end(body);
    return;
  }
  const lines = [...edge.headers, 'Content-Type', type, 'Content-Length', String(Buffer.byteLength(body))];
  if (headers !== undefined) lines.push(...flat(headers));
  writeHead(response, status, lines);
  response.end(body);
}
