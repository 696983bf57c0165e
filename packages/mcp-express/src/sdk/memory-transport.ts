import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostedContext, UpstreamEvents } from '../hosting/upstream.js';
import type { JsonRpcMessage } from '../protocol/json-rpc.js';
import { extraOf, type MessageExtra } from './message-extra.js';

/**
 * The session and the call from which code of a hosted server runs, also in its timers and listeners. So a message that it
 * sends without naming a request still reaches the client that it is for.
 */
const current = new AsyncLocalStorage<HostedContext | undefined>();

/** The transport of a hosted server, in memory: connected once, and shared by the sessions that the server serves. */
export class MemoryTransport {
  /** Set by `connect` of the server, like `onclose`. */
  onmessage: ((message: JsonRpcMessage, extra?: MessageExtra) => void) | undefined;
  onclose: (() => void) | undefined;
  #closed = false;

  constructor(private readonly events: UpstreamEvents) {}

  /** The session of the request or notification that is being handled: `extra.sessionId`. */
  get sessionId(): string | undefined {
    return current.getStore()?.context.sessionId;
  }

  async start(): Promise<void> {}

  async send(message: JsonRpcMessage, options?: { readonly relatedRequestId?: string | number }): Promise<void> {
    if (!this.#closed) this.events.message(message, options?.relatedRequestId, current.getStore());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
    this.events.closed(new Error('the server closed its transport'));
  }

  /** Hands a message to the server. */
  receive(message: JsonRpcMessage, context: HostedContext | undefined): void {
    if (this.#closed) return;
    current.run(context, () => this.onmessage?.(message, context === undefined ? undefined : extraOf(context)));
  }
}
