import type { Request, Response } from 'express';
import { MountCheck, type MountWarning } from './express-mount-check.js';
import { ProxyCheck, type ProxyWarning } from './express-proxy-check.js';
import { type HttpResponse, NO_CONTENT } from './http-response.js';
import { closeWithConnection } from './pipelined.js';
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
