import type { McpError } from '../protocol/errors.js';
import { errorText, type RequestId } from '../protocol/json-rpc.js';
import type { StreamReader } from '../stream/reader.js';

/** Header names and values of one response. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** The response to one HTTP request, as a value. */
export type HttpResponse =
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: ResponseHeaders }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly type: string;
      readonly body: string;
      readonly headers?: ResponseHeaders;
    }
  | {
      readonly kind: 'stream';
      readonly reader: StreamReader;
      /** The id of a priming event (an event with empty data) that opens the stream; absent: none. */
      readonly prime?: string;
      /** The stream has no end of its own, so it ends when the token of its request does. */
      readonly lasting?: boolean;
      /** The stream is gone with its connection: its events carry no ids and cannot be resumed. */
      readonly direct?: boolean;
      /** Reconnection time for the client, in milliseconds; absent: not sent. */
      readonly retryMs?: number;
    };

/** The media type of JSON responses. */
export const JSON_TYPE = 'application/json';
/** The media type of event streams. */
export const SSE_TYPE = 'text/event-stream';

/** The response to notifications and client responses: 202 without a body. */
export const ACCEPTED: HttpResponse = { kind: 'empty', status: 202 };
/** The response to DELETE and to preflights: 204. */
export const NO_CONTENT: HttpResponse = { kind: 'empty', status: 204 };

/** A response with a JSON body. @param body JSON text. */
export function json(body: string, headers?: ResponseHeaders, status = 200): HttpResponse {
  return { kind: 'text', status, type: JSON_TYPE, body, ...(headers === undefined ? {} : { headers }) };
}

/**
 * The refusal of a whole HTTP request: a JSON-RPC error with the HTTP status of its code.
 *
 * @param id of the refused JSON-RPC request; `null` if unknown or several.
 * @param code the JSON-RPC error code; it differs between ways of speaking MCP.
 */
export function refusal(error: McpError, id: RequestId | null = null, code = error.rpcCode): HttpResponse {
  return {
    kind: 'text',
    status: error.status,
    type: JSON_TYPE,
    body: errorText(id, error, code),
    ...(error.headers === undefined ? {} : { headers: error.headers }),
  };
}
