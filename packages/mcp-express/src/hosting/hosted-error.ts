import { type ErrorCode, McpError } from '../protocol/errors.js';
import type { JsonRpcErrorObject } from '../protocol/json-rpc.js';

/** Codes with a meaning for the transport, such as an HTTP status in stateless requests. */
const KNOWN: ReadonlyMap<number, ErrorCode> = new Map(
  (['method-not-found', 'invalid-params'] as const).map((code) => [new McpError(code).rpcCode, code]),
);

/** The error of a hosted server, which clients get unchanged. */
export class HostedError extends McpError {
  override readonly wire: JsonRpcErrorObject;

  constructor(error: JsonRpcErrorObject) {
    super(KNOWN.get(error.code) ?? 'hosted-error', error.message);
    this.wire = error;
  }
}

/** The error of calls whose server has ended, or did not start. @param cause for the log only */
export function serverGone(what: string, cause: unknown): McpError {
  return new McpError('hosted-error', `${what} ended before it answered`, { cause });
}
