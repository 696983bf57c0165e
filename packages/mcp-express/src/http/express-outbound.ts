import type { Response } from 'express';
import { wireText } from '../protocol/wire-text.js';
import { JsonHead } from './json-head.js';
import { JSON_TYPE, type Outbound, type OutboundHeaders, SSE_TYPE } from './outbound.js';
import { writeHead } from './response-head.js';
import { type SseEdge, SseWriter } from './sse-writer.js';
import { hasUnread, UnreadBodies } from './unread-bodies.js';

/**
 * What every other answer is sent with. Caches may keep some statuses, such as 404 and 405, without being asked to (RFC 9110,
 * section 15.1), and a shared one would then give the answer of one client to another.
 */
const ANSWER_HEADERS = ['Cache-Control', 'no-store'];

/** What every stream is sent with: proxies must neither hold it back nor change it (nginx: X-Accel-Buffering). */
const STREAM_HEADERS = ['Content-Type', SSE_TYPE, 'Cache-Control', 'no-cache, no-transform', 'X-Accel-Buffering', 'no'];

/** What all answers of a router share. */
export interface OutboundEdge extends SseEdge {
  /** Headers of every answer that is no stream, as a flat list of names and values. */
  readonly headers: readonly string[];
  /** Those of every stream. */
  readonly streamHeaders: readonly string[];
  readonly jsonHead: JsonHead;
  readonly unread: UnreadBodies;
}

/** @param common headers of answers and streams, as a flat list of names and values. */
export function outboundEdge(shared: SseEdge, common: readonly string[], maxBodyBytes: number): OutboundEdge {
  const headers = [...common, ...ANSWER_HEADERS];
  return {
    ...shared,
    headers,
    streamHeaders: [...common, ...STREAM_HEADERS],
    jsonHead: new JsonHead(headers),
    unread: new UnreadBodies(maxBodyBytes),
  };
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
        ...linesWith(edge.headers, outbound.headers),
        ...(outbound.status === 204 ? [] : ['Content-Length', '0']),
      ]);
      response.end();
      return;
    case 'text':
      return sendText(response, outbound, edge);
    case 'stream':
      writeHead(response, 200, edge.streamHeaders);
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

/** The headers of every answer and those of this one, which replace any of the same name. */
function linesWith(common: readonly string[], own: OutboundHeaders | undefined): readonly string[] {
  if (own === undefined) return common;
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = common.filter((_part, at) => !names.has((common[at - (at % 2)] as string).toLowerCase()));
  return [...kept, ...Object.entries(own).flat()];
}

function sendText(response: Response, outbound: Outbound & { kind: 'text' }, edge: OutboundEdge): void {
  const { status, type, headers } = outbound;
  const body = wireText(outbound.body);
  if (status === 200 && type === JSON_TYPE && headers === undefined) {
    edge.jsonHead.write(response, Buffer.byteLength(body));
    response.end(body);
    return;
  }
  const length = String(Buffer.byteLength(body));
  writeHead(response, status, [...linesWith(edge.headers, headers), 'Content-Type', type, 'Content-Length', length]);
  response.end(body);
}
