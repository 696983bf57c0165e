import type { ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { MountCheck, type MountWarning, ProxyCheck, type ProxyWarning } from './express-config-checks.js';
import { type HttpResponse, NO_CONTENT } from './http-response.js';
import { Cors } from './security/express-cors.js';
import type { HostGuard } from './security/host-guard.js';

/** The first steps of every request, before any check can refuse it, so that refusals carry CORS headers too. */
export class EarlyChecks {
  readonly #cors: Cors;
  readonly #mount: MountCheck;
  readonly #proxies: ProxyCheck;

  /**
   * @param path the option `path`.
   * @param misconfigured receives each warning about the application's configuration once.
   */
  constructor(
    readonly guard: HostGuard,
    path: string,
    misconfigured: (fault: ProxyWarning | MountWarning) => void,
  ) {
    this.#cors = new Cors((origin) => guard.mayRead(origin));
    this.#mount = new MountCheck(path, misconfigured);
    this.#proxies = new ProxyCheck(misconfigured);
  }

  /** @returns the complete response to a preflight or to a request that misses the endpoint; otherwise `undefined`. */
  run(request: Request, response: Response): HttpResponse | undefined {
    closeWithConnection(response);
    this.#proxies.look(request);
    return this.#cors.apply(request, response) ? NO_CONTENT : this.#mount.look(request);
  }
}

/** The responses of each connection that wait for earlier ones. */
const waiting = new WeakMap<object, Set<ServerResponse>>();

/**
 * Makes a pipelined response (RFC 9112, section 9.3.2) emit 'close' like any other. Node runs pipelined requests
 * concurrently, but when the connection closes, it notifies only the response whose turn it is; the calls of the others
 * would run forever.
 */
function closeWithConnection(response: ServerResponse): void {
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
