import { randomUUID } from 'node:crypto';
import { McpError } from '../../ground/errors.js';
import type { Params } from '../../ground/json-rpc.js';
import type { Ask } from '../../server/call-scope.js';
import type { Asked, ClientRequests } from './client-requests.js';

/** How a call asks its client. What its revision allows it to ask has been checked. */
export interface Questions {
  ask(ask: Ask): Promise<Params>;
  /** Something was asked, and its answer has not come. */
  readonly isOpen: boolean;
  /** The call is over: nobody waits for an answer any more. */
  end(reason: McpError): void;
}

/** The call that asks, as far as asking needs it. */
export interface AskingCall {
  readonly key: string;
  readonly isEnded: boolean;
  readonly signal: AbortSignal;
  /** False when the client takes no stream. */
  say(text: string): Promise<void> | false;
  notify(method: string, params: Params): Promise<void>;
}

/** How a call asks. */
export interface AskingManner {
  /** What a client has for an answer. */
  readonly timeoutMs: number;
  /** The user is about to be sent to a web page. */
  onPage(elicitationId: string): Promise<void>;
}

/** Questions as sessions have them: a request on the call's stream, whose answer the client posts. */
export class SentQuestions implements Questions {
  /** What the client has not answered yet. */
  readonly #open = new Set<Asked>();

  constructor(
    private readonly call: AskingCall,
    private readonly requests: ClientRequests,
    private readonly manner: AskingManner,
  ) {}

  async ask(ask: Ask): Promise<Params> {
    const { method, timeoutMs = this.manner.timeoutMs } = ask;
    const params = ask.params['mode'] === 'url' ? await this.#pageParams(ask.params) : ask.params;
    const asked = this.requests.expect(this.call.key, timeoutMs, this.call.signal);
    this.#open.add(asked);
    try {
      const said = this.call.say(JSON.stringify({ jsonrpc: '2.0', id: asked.id, method, params }));
      if (said === false) throw noChannel(method);
      await said;
      return await asked.answer;
    } catch (cause) {
      this.#withdraw(asked, cause);
      throw cause;
    } finally {
      this.#open.delete(asked);
    }
  }

  /** "elicitationId: A unique identifier for the elicitation" (MCP 2025-11-25, "URL Mode Elicitation Requests"). */
  async #pageParams(params: Params): Promise<Params> {
    const { elicitationId = randomUUID() } = params;
    await this.manner.onPage(String(elicitationId));
    return { ...params, elicitationId };
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  end(reason: McpError): void {
    for (const asked of this.#open) this.#withdraw(asked, reason);
  }

  /** A client that is still asking its user should stop; one that has answered, or was never asked, need not be told. */
  #withdraw(asked: Asked, reason: unknown): void {
    asked.forget(reason);
    if (this.call.isEnded) return;
    if (McpError.is(reason) && (reason.code === 'client-error' || reason.code === 'no-channel')) return;
    void this.call.notify('notifications/cancelled', { requestId: asked.id, reason: 'No longer waited for' });
  }
}

function noChannel(method: string): McpError {
  return new McpError('no-channel', `The client takes no stream, so it cannot be asked: ${method}`);
}
