import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import type { StreamReader } from '../stream/reader.js';

/** The response formats that the client of a POST accepts. At least one is true. */
export interface AcceptedFormats {
  readonly json: boolean;
  readonly sse: boolean;
}

/** The response to a POST: one JSON body, an SSE stream, or nothing (all its calls were cancelled). */
export type Response =
  | {
      readonly kind: 'json';
      readonly body: string;
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly kind: 'stream'; readonly reader: StreamReader; readonly lasting?: boolean }
  | { readonly kind: 'nothing' };

/** The capabilities of the client of a POST that decide the form of the response. */
export interface DeliveryOptions {
  readonly formats: AcceptedFormats;
  /** The client gets an event id as soon as a stream opens, so it can resume the stream. */
  readonly resumable: boolean;
}

/** Properties of the response to one POST. */
export interface ResponseOptions {
  readonly delivery: DeliveryOptions;
  readonly session: string;
  /** The requests that the response must answer: one, or those of a batch. */
  readonly requests: readonly JsonRpcRequest[];
  /** The account for limits on streams: a principal, or the address of an anonymous caller. */
  readonly holder: string;
  /** The body is an array, even with one answer. */
  readonly batch: boolean;
  /** For batches: errors, as JSON text, that are known before any call starts. */
  readonly refusals?: readonly string[] | undefined;
}
