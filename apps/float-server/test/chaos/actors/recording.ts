import type { Answer, CallRecord } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';

/** The message a wire carries, as far as the ledger looks into it. */
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

export interface Recording {
  readonly name: string;
  readonly ledger: Ledger;
  /** What was sent, by the ids of the requests. */
  readonly requests: Pick<ReadonlyMap<unknown, CallRecord | undefined>, 'get' | 'has'>;
}

/** Writes down what a client is given. */
export function record(message: Message, { name, ledger, requests }: Recording): void {
  const { id, method, params, result, error } = message;
  // One without a message says that the call still runs, and nothing else.
  if (method === 'notifications/progress' && params?.message !== undefined) {
    ledger.ofClient(name, params.message, 'progress')?.events.push(params.progress ?? 0);
  }
  if (method !== undefined || id === undefined || result?.resultType === 'input_required') return;
  if (!requests.has(id)) ledger.strays.push(`${name} was given an answer to ${String(id)}, which it did not send`);
  requests.get(id)?.answers.push(answerOf(result, error));
}

function answerOf(result: Message['result'], error: Message['error']): Answer {
  if (error !== undefined) {
    const { message: text, data } = error;
    return { kind: 'error', text, ...(data?.reason === undefined ? {} : { reason: data.reason }) };
  }
  const text = result?.content?.map((block) => block.text ?? '').join('') ?? '';
  return { kind: result?.isError === true ? 'failure' : 'result', text };
}
