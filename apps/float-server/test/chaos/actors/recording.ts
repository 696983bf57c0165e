import type { Answer, CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';

/** A message, as far as the ledger evaluates it. */
export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly message?: string; readonly progress?: number };
  readonly result?: {
    readonly content?: readonly { text?: string }[];
    readonly isError?: boolean;
    resultType?: string;
  };
  readonly error?: { readonly message: string; readonly data?: { readonly reason?: string } };
}

/** The context of a received message. */
export interface Recording {
  readonly name: string;
  readonly ledger: Ledger;
  /** Sent requests by id. */
  readonly requests: Pick<ReadonlyMap<unknown, CallRecord | undefined>, 'get' | 'has'>;
}

/** Records a message that a client received. */
export function record(message: Message, { name, ledger, requests }: Recording): void {
  const { id, method, params, result, error } = message;
  // Progress without a message only shows that the call is running.
  if (method === 'notifications/progress' && params?.message !== undefined) {
    ledger.ofClient(name, params.message, 'progress')?.events.push(params.progress ?? 0);
  }
  if (method !== undefined || id === undefined || result?.resultType === 'input_required') return;
  if (!requests.has(id)) ledger.strays.push(`${name} was given an answer to ${String(id)}, which it did not send`);
  requests.get(id)?.answers.push(answerOf(result, error));
}

/** The answer in a JSON-RPC response. */
export function answerOf(result: Message['result'], error: Message['error']): Answer {
  if (error !== undefined) {
    const { message: text, data } = error;
    return { kind: 'error', text, ...(data?.reason === undefined ? {} : { reason: data.reason }) };
  }
  const text = result?.content?.map((block) => block.text ?? '').join('') ?? '';
  return { kind: result?.isError === true ? 'failure' : 'result', text };
}
