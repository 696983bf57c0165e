import type { Call } from './calls.js';
import type { RawResponse } from './http-response.js';
import type { Form } from './subjects.js';

export interface Message {
  readonly id?: number;
  readonly error?: unknown;
  readonly result?: {
    readonly content?: readonly { readonly text?: string }[];
    readonly isError?: boolean;
    readonly tools?: readonly { readonly inputSchema?: { readonly properties?: object } }[];
  };
}

const TYPES: Readonly<Record<Form, string>> = { json: 'application/json', sse: 'text/event-stream' };

/** What is wrong with the answer to a call, if anything is. */
export function faultOf(response: RawResponse, call: Call, form: Form): string | undefined {
  if (response.status !== 200) return `status ${response.status}: ${response.body.slice(0, 200)}`;
  if (response.type !== TYPES[form]) return `Content-Type ${response.type}, not ${TYPES[form]}`;
  const message = messageIn(response.body, form, call.id);
  if (message === undefined) return `no message with id ${call.id}: ${response.body.slice(0, 200)}`;
  const { result } = message;
  if (result?.isError !== true && result?.content?.[0]?.text === call.expected) return undefined;
  return `another answer than expected: ${response.body.slice(0, 200)}`;
}

/** The message with this id in a body of either form. */
export function messageIn(body: string, form: Form, id: number): Message | undefined {
  const messages = form === 'json' ? [body] : dataOf(body);
  return messages.map((text) => JSON.parse(text) as Message).find((message) => message.id === id);
}

function dataOf(stream: string): string[] {
  const lines = stream.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => line.slice('data: '.length)).filter((data) => data.trim() !== '');
}
