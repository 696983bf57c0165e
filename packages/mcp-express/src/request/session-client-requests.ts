import { randomUUID } from 'node:crypto';
import { McpError } from '../protocol/errors.js';
import type { Params } from '../protocol/json-rpc.js';
import type { PendingClientRequest, PendingClientRequests } from './pending-client-requests.js';
import type { ClientRequest } from './running-call.js';

/** Sends client requests for a call. The caller has checked that the client's capabilities allow them. */
export interface ClientRequests {
  request(ask: ClientRequest): Promise<Params>;
  /** A client request is pending. */
  readonly isOpen: boolean;
  /** The call has ended: pending client requests reject with this reason. */
  end(reason: McpError): void;
}

/** The part of a call that client requests need. */
export interface RequestingCall {
  readonly key: string;
  readonly isEnded: boolean;
  readonly signal: AbortSignal;
  /** False when the client accepts no stream. */
  send(text: string): Promise<void> | false;
  notify(method: string, params: Params): Promise<void>;
}

/** Options of client requests in a session. */
export interface SessionRequestOptions {
  /** Default time for the client's answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Called before a URL elicitation is sent. */
  onUrlElicitation(elicitationId: string): Promise<void>;
}

/** Client requests in a session: JSON-RPC requests on the call's stream. The client posts the responses. */
export class SessionClientRequests implements ClientRequests {
  /** Requests that await their response. */
  readonly #open = new Set<PendingClientRequest>();

  constructor(
    private readonly call: RequestingCall,
    private readonly requests: PendingClientRequests,
    private readonly options: SessionRequestOptions,
  ) {}

  async request(ask: ClientRequest): Promise<Params> {
    const { method, timeoutMs = this.options.timeoutMs, trace } = ask;
    const params = ask.params['mode'] === 'url' ? await this.#pageParams(ask.params) : ask.params;
    const asked = this.requests.expect(this.call.key, { timeoutMs, trace }, this.call.signal);
    this.#open.add(asked);
    try {
      const said = this.call.send(JSON.stringify({ jsonrpc: '2.0', id: asked.id, method, params }));
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
    await this.options.onUrlElicitation(String(elicitationId));
    return { ...params, elicitationId };
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  end(reason: McpError): void {
    for (const asked of this.#open) this.#withdraw(asked, reason);
  }

  /** Cancels the request at the client, unless it has answered or the request could not be sent. */
  #withdraw(asked: PendingClientRequest, reason: unknown): void {
    asked.forget(reason);
    if (this.call.isEnded) return;
    if (McpError.is(reason) && (reason.code === 'client-error' || reason.code === 'no-channel')) return;
    void this.call.notify('notifications/cancelled', { requestId: asked.id, reason: 'No longer waited for' });
  }
}

function noChannel(method: string): McpError {
  return new McpError('no-channel', `The client takes no stream, so it cannot be asked: ${method}`);
}
