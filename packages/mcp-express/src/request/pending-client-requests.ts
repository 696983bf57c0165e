import { McpError } from '../protocol/errors.js';
import type { JsonRpcResponse, Params } from '../protocol/json-rpc.js';
import type { Bus, SessionId } from '../store/store.js';
import { timerMs } from '../util/time.js';

/** Bus topic for client responses that arrived on another node than the one that sent the request. */
const ANSWER_TOPIC = 'client-answer';

/**
 * The id of a client request: the id of the node, a colon and a number. With instruments a colon and the trace context
 * follow, for the node on which the response arrives.
 */
const ASKED_ID = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):[0-9]{1,15}(?::[0-9a-f-]{55})?$/;

/**
 * Longer responses, in characters, are published only if the node in their id is alive. Otherwise clients could flood
 * the bus by inventing ids.
 */
const MAX_UNCHECKED = 16 * 1024;

interface Pending {
  readonly session: SessionId;
  readonly settle: (response: JsonRpcResponse) => void;
}

/** The time for a response, in milliseconds, and the trace context of the wait. */
interface Wait {
  readonly timeoutMs: number;
  readonly trace?: string | undefined;
}

/** A client request that was sent or is about to be sent. */
export interface PendingClientRequest {
  readonly id: string;
  /** The client's result. Rejects with `McpError` `client-error`, `client-timeout`, or the signal's reason. */
  readonly answer: Promise<Params>;
  /** Removes the request from the pending ones. Rejects `answer` with this reason if it has not settled. */
  forget(reason: unknown): void;
}

/**
 * The client requests of this node that await a response. Each id begins with the id of the node, so that a response
 * finds its way from any node.
 */
export class PendingClientRequests {
  readonly #pending = new Map<string, Pending>();
  readonly #unsubscribe: () => void;
  #count = 0;

  constructor(
    private readonly bus: Bus,
    private readonly node: string,
    /** Resolves to true if the node holds its lease. */
    private readonly isAlive: (node: string) => Promise<boolean>,
  ) {
    this.#unsubscribe = bus.subscribe(ANSWER_TOPIC, (message) => {
      const [session, response] = JSON.parse(message) as [SessionId, JsonRpcResponse];
      this.#settleHere(session, response);
    });
  }

  /**
   * Registers a client request and creates its id. The caller then sends the request.
   * The answer rejects with `client-timeout` when the time is over.
   */
  expect(session: SessionId, { timeoutMs, trace }: Wait, signal: AbortSignal): PendingClientRequest {
    this.#count += 1;
    const id = `${this.node}:${this.#count}${trace === undefined ? '' : `:${trace}`}`;
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
    // A handler may ignore the answer; this prevents an unhandled rejection.
    answer.catch(() => {});
    return { id, answer, forget };
  }

  /**
   * Delivers the response that a client posted. A response that no request of this session awaits is dropped; one whose
   * id no node can have created does not go to the other nodes.
   */
  async settle(session: SessionId, response: JsonRpcResponse): Promise<void> {
    if (this.#settleHere(session, response)) return;
    const [, node] = ASKED_ID.exec(String(response.id)) ?? [];
    if (node === undefined || node === this.node) return;
    const message = jsonOf([session, response]);
    if (message === undefined) return;
    // The lease check is skipped for small responses, because a live node may briefly lose its lease.
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

/** `undefined` when the client's JSON is nested too deeply for `JSON.stringify`. Such a response is dropped. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
