import type { JsonRpcRequest, Params } from '../protocol/json-rpc.js';

type Token = string | number;

/** The `progressToken` of the request. Absent: the client did not ask for progress, or sent another value than a token. */
export function progressTokenOf({ params }: JsonRpcRequest): Token | undefined {
  const meta = params?.['_meta'] as Params | undefined;
  const token = meta?.['progressToken'];
  return typeof token === 'string' || Number.isInteger(token) ? (token as Token) : undefined;
}

/** The params of `notifications/progress`. A `total` that is not finite is left out. */
export function progressParams(progressToken: Token, progress: number, total?: number, message?: string): Params {
  const params: Record<string, unknown> = { progressToken, progress };
  if (Number.isFinite(total)) params['total'] = total;
  if (message !== undefined) params['message'] = message;
  return params;
}

/** Least increment of a heartbeat. Small enough never to overtake a tool that counts in whole numbers. */
const HEARTBEAT_STEP = 1e-6;

/** The progress last reported to the client. */
export class Progress {
  #last = Number.NEGATIVE_INFINITY;

  /** @param heardAt time of the last message about the call, in milliseconds of `performance.now()` */
  constructor(private heardAt: number) {}

  /** Accepts only a greater value: "The progress value MUST increase with each notification" (MCP, Progress). */
  grows(progress: number): boolean {
    if (!Number.isFinite(progress) || progress <= this.#last) return false;
    this.#last = progress;
    this.heardAt = performance.now();
    return true;
  }

  /** Milliseconds since the last message about the call. */
  silentFor(): number {
    return performance.now() - this.heardAt;
  }

  /** The value for a heartbeat. The increment is relative to the last value, or rounding would swallow it. */
  get next(): number {
    const last = Math.max(0, this.#last);
    return last + Math.max(HEARTBEAT_STEP, last * 2 * Number.EPSILON);
  }
}
