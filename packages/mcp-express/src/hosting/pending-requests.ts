import { isObject, type Params, type RequestId } from '../protocol/json-rpc.js';
import type { HostedContext } from './upstream.js';

interface Pending {
  readonly context: HostedContext;
  /** The progress token of the client, where the server was given another. */
  readonly token: unknown;
  resolve(result: Params): void;
  reject(reason: unknown): void;
}

/** The requests that a hosted server has yet to answer, under ids that are unique in the instance. */
export class PendingRequests {
  readonly #all = new Map<RequestId, Pending>();
  #lastId = 0;

  get size(): number {
    return this.#all.size;
  }

  add(context: HostedContext, params: Params | undefined): { id: RequestId; answer: Promise<Params> } {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Params>((resolve, reject) => {
      this.#all.set(id, { context, token: tokenOf(params), resolve, reject });
    });
    // The caller may have gone before the answer.
    answer.catch(() => {});
    return { id, answer };
  }

  /** The params with the id of the request as progress token: clients may use the same token. */
  withOwnToken(id: RequestId, params: Params | undefined): Params | undefined {
    const meta = params?.['_meta'];
    if (!isObject(meta) || meta['progressToken'] === undefined) return params;
    return { ...params, _meta: { ...meta, progressToken: id } };
  }

  contextOf(id: RequestId | undefined): HostedContext | undefined {
    return id === undefined ? undefined : this.#all.get(id)?.context;
  }

  /** The client's own token for one that `withOwnToken` gave. */
  clientTokenOf(id: RequestId): unknown {
    return this.#all.get(id)?.token;
  }

  /** The context of the newest request, if all requests are of one session or one caller. */
  get onlyContext(): HostedContext | undefined {
    let found: HostedContext | undefined;
    for (const { context } of this.#all.values()) {
      if (found !== undefined && sessionOf(found) !== sessionOf(context)) return undefined;
      found = context;
    }
    return found;
  }

  /** False if no such request is pending. */
  resolve(id: RequestId, result: Params): boolean {
    return this.#settle(id, (pending) => pending.resolve(result));
  }

  /** False if no such request is pending. */
  reject(id: RequestId, reason: unknown): boolean {
    return this.#settle(id, (pending) => pending.reject(reason));
  }

  rejectAll(reason: unknown): void {
    for (const id of [...this.#all.keys()]) this.reject(id, reason);
  }

  #settle(id: RequestId, settle: (pending: Pending) => void): boolean {
    const pending = this.#all.get(id);
    if (pending === undefined) return false;
    this.#all.delete(id);
    settle(pending);
    return true;
  }
}

function sessionOf({ context }: HostedContext): string {
  return context.sessionId ?? context.key;
}

function tokenOf(params: Params | undefined): unknown {
  const meta = params?.['_meta'];
  return isObject(meta) ? meta['progressToken'] : undefined;
}
