import type { CallRequest } from '../request/running-call.js';
import type { StatelessConnection } from '../stateless/stateless-requests.js';

const NO_HEADERS: CallRequest['headers'] = Object.freeze({});

/** A request on stdio, which has no headers and no address. Handlers see it as `ctx.request`. */
export class StdioRequest implements StatelessConnection {
  readonly headers = NO_HEADERS;
  readonly ip = undefined;
  isGone = false;
  #onGone: (() => void) | undefined;

  onGone(listener: () => void): void {
    this.#onGone = listener;
  }

  /** Stdio has no tokens that could be renewed. */
  onRenewed(): void {}

  /** The client has cancelled the request, which in a stateless request on HTTP is a disconnect. */
  cancel(): void {
    this.isGone = true;
    this.#onGone?.();
  }
}
