import type { Response } from 'express';
import { wireText } from '../protocol/wire-text.js';
import { type HttpResponse, JSON_TYPE, type ResponseHeaders, SSE_TYPE } from './http-response.js';
import { JsonHead } from './json-head.js';
import { writeHead } from './response-head.js';
import { type SseDeps, SseWriter } from './sse-writer.js';
import { hasUnread, UnreadBodies } from './unread-bodies.js';

/**
 * Headers of every response that is no stream. Caches may store some statuses, such as 404 and 405, by default (RFC 9110,
 * section 15.1), and a shared cache would then give the response of one client to another.
 */
const ANSWER_HEADERS = ['Cache-Control', 'no-store'];

/** Headers of every stream: proxies must neither buffer nor transform it (nginx: X-Accel-Buffering). */
const STREAM_HEADERS = ['Content-Type', SSE_TYPE, 'Cache-Control', 'no-cache, no-transform', 'X-Accel-Buffering', 'no'];

/** Services and headers that all responses of a router share. */
export interface ResponseDeps extends SseDeps {
  /** Headers of every response that is no stream, as a flat list of names and values. */
  readonly headers: readonly string[];
  /** Headers of every stream, as a flat list of names and values. */
  readonly streamHeaders: readonly string[];
  readonly jsonHead: JsonHead;
  readonly unread: UnreadBodies;
}

/**
 * Prepares the shared part of all responses.
 *
 * @param common headers of responses and streams, as a flat list of names and values.
 */
export function responseDeps(shared: SseDeps, common: readonly string[], maxBodyBytes: number): ResponseDeps {
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
 * Sends a response through Express. Throws if other middleware has made that impossible.
 *
 * @param onOver called once when a stream has ended; at once if the client is gone.
 */
export function send(response: Response, outbound: HttpResponse, deps: ResponseDeps, onOver: () => void): void {
  // The client is gone, or other middleware has responded.
  if (response.destroyed || response.headersSent) {
    if (outbound.kind !== 'stream') return;
    outbound.reader.close('client-gone');
    return onOver();
  }
  const { req } = response;
  if (hasUnread(req)) {
    if (outbound.kind === 'stream') req.resume();
    else deps.unread.discard(req, response);
  }
  switch (outbound.kind) {
    case 'empty':
      writeHead(response, outbound.status, [
        ...linesWith(deps.headers, outbound.headers),
        ...(outbound.status === 204 ? [] : ['Content-Length', '0']),
      ]);
      response.end();
      return;
    case 'text':
      return sendText(response, outbound, deps);
    case 'stream':
      writeHead(response, 200, deps.streamHeaders);
      response.flushHeaders();
      new SseWriter(response, outbound, deps, onOver).run();
  }
}

/**
 * Like `send`, and asks the client to open its next connection, which a load balancer can route to a running server. Not
 * while the request body is still arriving: proxies treat an early response that closes the connection as a failure.
 */
export function sendLast(...args: Parameters<typeof send>): void {
  const [response] = args;
  const { headersSent, req } = response;
  if (!headersSent && req.httpVersionMajor === 1 && !hasUnread(req)) response.setHeader('Connection', 'close');
  send(...args);
}

/** The common headers and those of this response, which replace common ones of the same name. */
function linesWith(common: readonly string[], own: ResponseHeaders | undefined): readonly string[] {
  if (own === undefined) return common;
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const kept = common.filter((_part, at) => !names.has((common[at - (at % 2)] as string).toLowerCase()));
  return [...kept, ...Object.entries(own).flat()];
}

function sendText(response: Response, outbound: HttpResponse & { kind: 'text' }, deps: ResponseDeps): void {
  const { status, type, headers } = outbound;
  const body = wireText(outbound.body);
  if (status === 200 && type === JSON_TYPE && headers === undefined) {
    deps.jsonHead.write(response, Buffer.byteLength(body));
    response.end(body);
    return;
  }
  const length = String(Buffer.byteLength(body));
  writeHead(response, status, [...linesWith(deps.headers, headers), 'Content-Type', type, 'Content-Length', length]);
  response.end(body);
}
