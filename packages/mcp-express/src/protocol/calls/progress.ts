import type { JsonRpcRequest, Params } from '../../ground/json-rpc.js';

type Token = string | number;

/** What the client wants to hear of progress under; absent: it does not want to. */
export function progressTokenOf({ params }: JsonRpcRequest): Token | undefined {
  const meta = params?.['_meta'] as Params | undefined;
  const token = meta?.['progressToken'];
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}

export function progressParams(progressToken: Token, progress: number, total?: number, message?: string): Params {
  const params: Record<string, unknown> = { progressToken, progress };
  if (Number.isFinite(total)) params['total'] = total;
  if (message !== undefined) params['message'] = message;
  return params;
}

/** How much a heartbeat adds at least: little enough never to overtake a tool that counts in whole numbers. */
const HEARTBEAT_STEP = 1e-6;

/** How far a call is, as its client was told. */
export class Progress {
  #last = Number.NEGATIVE_INFINITY;

  /** @param heardAt when the client last heard of the call, in milliseconds of `performance.now()`. */
  constructor(private heardAt: number) {}

  /** Takes a value that may be told: "The progress value MUST increase with each notification" (MCP, Progress). */
  grows(progress: number): boolean {
    if (!Number.isFinite(progress) || progress <= this.#last) return false;
    this.#last = progress;
    this.heardAt = performance.now();
    return true;
  }

  /** Milliseconds since the client last heard of the call. */
  silentFor(): number {
    return performance.now() - this.heardAt;
  }

  /** A value that says no more than that the call still runs. Relative to the last, or it would be lost in rounding. */
  get next(): number {
    const last = Math.max(0, this.#last);
    return last + Math.max(HEARTBEAT_STEP, last * 2 * Number.EPSILON);
  }
}
