import { McpError } from '../../ground/errors.js';
import type { JsonRpcResponse, Params } from '../../ground/json-rpc.js';
import { timerMs } from '../../ground/time.js';
import type { Bus, SessionId } from '../../store/store.js';

/** Where a node passes on answers that were posted to it but asked for elsewhere. */
const ANSWER_TOPIC = 'client-answer';

/** The ids of requests to clients: the node's, and a number. */
const ASKED_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):[0-9]{1,15}$/;

/** An answer of more characters is passed on only to a node that there is, or invented ids would fill the bus. */
const MAX_UNCHECKED = 16 * 1024;

interface Pending {
  readonly session: SessionId;
  readonly settle: (response: JsonRpcResponse) => void;
}

export interface Asked {
  readonly id: string;
  /** The client's result. Rejects with `McpError` `client-error`, `client-timeout`, or the signal's reason. */
  readonly answer: Promise<Params>;
  /** Nobody waits for the answer any more: it rejects with this reason if it is still open, and nothing is kept for it. */
  forget(reason: unknown): void;
}

/**
 * The requests this node has put to clients. An id begins with the node's own, so that an answer finds its way whichever
 * node it is posted to.
 */
export class ClientRequests {
  readonly #pending = new Map<string, Pending>();
  readonly #unsubscribe: () => void;
  #count = 0;

  constructor(
    private readonly bus: Bus,
    private readonly node: string,
    /** True for a node that is alive, and may be waiting. */
    private readonly isAlive: (node: string) => Promise<boolean>,
  ) {
    this.#unsubscribe = bus.subscribe(ANSWER_TOPIC, (message) => {
      const [session, response] = JSON.parse(message) as [SessionId, JsonRpcResponse];
      this.#settleHere(session, response);
    });
  }

  /** Waits for the answer to a request that is about to be sent under the id it gives. */
  expect(session: SessionId, timeoutMs: number, signal: AbortSignal): Asked {
    this.#count += 1;
    const id = `${this.node}:${this.#count}`;
    let forget = (_reason: unknown): void => {};
    const answer = new Promise<Params>((resolve, reject) => {
      const finish = (act: () => void): void => {
        this.#pending.delete(id);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        act();
      };
      const onAbort = (): void => finish(() => reject(signal.reason));
      const timer = setTimeout(() => finish(() => reject(timedOut(timeoutMs))), timerMs(timeoutMs));
      const settle = (response: JsonRpcResponse): void => finish(() => settleWith(response, resolve, reject));
      this.#pending.set(id, { session, settle });
      forget = (reason) => finish(() => reject(reason));
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
    });
    // Handlers are free not to wait for what they asked.
    answer.catch(() => {});
    return { id, answer, forget };
  }

  /**
   * Takes an answer that a client posted. One that no request of this session waits for is dropped, and one under an id
   * that no node could have given is not passed on to the others.
   */
  async settle(session: SessionId, response: JsonRpcResponse): Promise<void> {
    if (this.#settleHere(session, response)) return;
    const [, node] = ASKED_ID.exec(String(response.id)) ?? [];
    if (node === undefined || node === this.node) return;
    const message = jsonOf([session, response]);
    if (message === undefined) return;
    // A small one is passed on even while the lease of its node has lapsed for a moment.
    if (message.length <= MAX_UNCHECKED || (await this.isAlive(node))) await this.bus.publish(ANSWER_TOPIC, message);
  }

  close(): void {
    this.#unsubscribe();
  }

  #settleHere(session: SessionId, response: JsonRpcResponse): boolean {
    const pending = this.#pending.get(String(response.id));
    if (pending === undefined || pending.session !== session) return false;
    pending.settle(response);
    return true;
  }
}

function settleWith(
  { result, error }: JsonRpcResponse,
  resolve: (result: Params) => void,
  reject: (error: McpError) => void,
): void {
  if (result !== undefined) return resolve(result);
  const data = { code: error?.code, data: error?.data };
  reject(new McpError('client-error', `The client answered with an error: ${error?.message ?? 'unknown'}`, { data }));
}

function timedOut(timeoutMs: number): McpError {
  return new McpError('client-timeout', `The client did not answer within ${timeoutMs} ms`);
}

/** A client's JSON may be nested deeper than it can be written again; such an answer is no answer. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
