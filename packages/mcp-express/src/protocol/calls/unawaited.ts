import { brief } from '../../ground/brief.js';
import type { JsonRpcRequest } from '../../ground/json-rpc.js';

/** Handlers that are remembered: names in programs, and URIs that clients choose. */
const MAX_TOLD = 1_000;

export type Warn = (warning: { readonly code: string; readonly message: string }) => void;

/** Warns, once for each handler, of results that were returned while the client was still asked something. */
export class Unawaited {
  readonly #told = new Set<string>();

  constructor(private readonly warn: Warn) {}

  tell({ method, params }: JsonRpcRequest): void {
    const handler = brief(`${method} ${JSON.stringify(params?.['name'] ?? params?.['uri'])}`);
    if (this.#told.has(handler) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(handler);
    this.warn({
      code: 'MCP_EXPRESS_QUESTION_NOT_AWAITED',
      message:
        `${handler} returned while a question to the client was open: its answer is lost. Await what ctx.elicit, ` +
        'ctx.sample and ctx.roots return; to wait for a limited time, use their option timeoutMs',
    });
  }
}
