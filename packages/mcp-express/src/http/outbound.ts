import type { McpError } from '../protocol/errors.js';
import { errorText, type RequestId } from '../protocol/json-rpc.js';
import type { StreamReader } from '../stream/reader.js';

export type OutboundHeaders = Readonly<Record<string, string>>;

/** The answer to one HTTP request, as a value. */
export type Outbound =
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: OutboundHeaders }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly type: string;
      readonly body: string;
      readonly headers?: OutboundHeaders;
    }
  | {
      readonly kind: 'stream';
      readonly reader: StreamReader;
      /** The id of an event with empty data that opens the stream; absent: there is none. */
      readonly prime?: string;
      /** The stream has no end of its own, so that it ends with the token it was opened with. */
      readonly lasting?: boolean;
      /** The stream is gone with its connection: its events have no ids to come back with. */
      readonly direct?: boolean;
      /** Milliseconds after which a client whose connection was closed should come back; absent: not told. */
      readonly retryMs?: number;
    };

export const JSON_TYPE = 'application/json';
export const SSE_TYPE = 'text/event-stream';

export const ACCEPTED: Outbound = { kind: 'empty', status: 202 };
export const NO_CONTENT: Outbound = { kind: 'empty', status: 204 };

export function json(body: string, headers?: OutboundHeaders, status = 200): Outbound {
  return { kind: 'text', status, type: JSON_TYPE, body, ...(headers === undefined ? {} : { headers }) };
}

/** A refusal of a whole HTTP request, as a JSON-RPC error with the status of its code. */
export function refusal(error: McpError, id: RequestId | null = null, code = error.rpcCode): Outbound {
  return {
    kind: 'text',
    status: error.status,
    type: JSON_TYPE,
    body: errorText(id, error, code),
    ...(error.headers === undefined ? {} : { headers: error.headers }),
  };
}
