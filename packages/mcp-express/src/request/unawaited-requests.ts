import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';

/** Most handlers to remember. Their names include resource URIs, which clients choose. */
const MAX_TOLD = 1_000;

/** Emits a process warning. */
export type Warn = (warning: { readonly code: string; readonly message: string }) => void;

/** Warns, once per handler, of results returned while a client request was pending or had not been awaited. */
export class UnawaitedRequests {
  readonly #reported = new Set<string>();

  constructor(private readonly warn: Warn) {}

  report({ method, params }: JsonRpcRequest): void {
    const handler = brief(`${method} ${JSON.stringify(params?.['name'] ?? params?.['uri'])}`);
    if (this.#reported.has(handler) || this.#reported.size >= MAX_TOLD) return;
    this.#reported.add(handler);
    this.warn({
      code: 'MCP_EXPRESS_QUESTION_NOT_AWAITED',
      message:
        `${handler} returned while a request to the client was pending or not awaited: its answer, or the error that it ` +
        'cannot be sent, is lost. Await what ctx.elicit, ctx.sample and ctx.roots return; to wait for a limited time, ' +
        'use their option timeoutMs',
    });
  }
}
