import type { Request, Response } from 'express';
import { Cors } from './express-cors.js';
import { MountCheck, type MountFault } from './express-mount-check.js';
import { ProxyCheck, type ProxyFault } from './express-proxy-check.js';
import type { HostGuard } from './host-guard.js';
import { NO_CONTENT, type Outbound } from './outbound.js';
import { closeWithConnection } from './pipelined.js';

/** What is done before anything of a request is looked at, so that its refusal has it too. */
export class Preamble {
  readonly #cors: Cors;
  readonly #mount: MountCheck;
  readonly #proxies: ProxyCheck;

  constructor(
    readonly guard: HostGuard,
    path: string,
    misconfigured: (fault: ProxyFault | MountFault) => void,
  ) {
    this.#cors = new Cors((origin) => guard.mayRead(origin));
    this.#mount = new MountCheck(path, misconfigured);
    this.#proxies = new ProxyCheck(misconfigured);
  }

  /** @returns an answer when there is nothing more to look at. */
  begin(request: Request, response: Response): Outbound | undefined {
    closeWithConnection(response);
    this.#proxies.look(request);
    return this.#cors.apply(request, response) ? NO_CONTENT : this.#mount.look(request);
  }
}
