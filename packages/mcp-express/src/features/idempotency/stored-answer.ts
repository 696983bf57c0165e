import { ERRORS, type ErrorCode, McpError } from '../../protocol/errors.js';
import { errorObjectText, type JsonRpcErrorObject } from '../../protocol/json-rpc.js';
import { storedJson } from '../../request/stored-json.js';
import type { TaskChange, TaskRecord } from '../../store/store.js';

/** Payload of the stored record: the digest of the call, and its answer once it has ended. */
type Kept = readonly [digest: string, answer?: string];

/** The payload of a running call. */
export function runningPayload(digest: string): string {
  return JSON.stringify([digest] satisfies Kept);
}

/**
 * The change that stores a result.
 * @param result JSON text
 */
export function resultChange(digest: string, result: string): TaskChange {
  return { status: 'completed', payload: JSON.stringify([digest, result] satisfies Kept) };
}

/** The change that stores an error. */
export function errorChange(digest: string, error: McpError): TaskChange {
  const kept: Kept = [digest, errorObjectText(error, error.rpcCode)];
  return { status: 'failed', statusMessage: error.message, payload: JSON.stringify(kept) };
}

/** @throws McpError `idempotency-key-reused` when the key belongs to another call */
export function assertSameCall({ payload = '' }: TaskRecord, digest: string): void {
  const kept = storedJson(payload) as Kept | JsonRpcErrorObject;
  if (!isKept(kept) || kept[0] === digest) return;
  throw new McpError(
    'idempotency-key-reused',
    'This idempotency key was used for another call: the tool or its arguments differ',
  );
}

/**
 * The stored result, as JSON text.
 * @throws McpError the stored error, if the call failed
 */
export function storedResult({ status, payload = '' }: TaskRecord): string {
  const kept = storedJson(payload) as Kept | JsonRpcErrorObject;
  if (status === 'completed' && isKept(kept)) return kept[1] as string;
  throw errorOf(isKept(kept) ? (storedJson(kept[1]) as JsonRpcErrorObject) : kept);
}

/** If the node of the call is gone, the record holds only the error that replaced the answer. */
function isKept(kept: Kept | JsonRpcErrorObject): kept is Kept {
  return Array.isArray(kept);
}

function errorOf({ message, data }: JsonRpcErrorObject): McpError {
  const { reason, ...rest } = (data ?? {}) as { reason?: string };
  const code = reason !== undefined && Object.hasOwn(ERRORS, reason) ? (reason as ErrorCode) : 'internal-error';
  return new McpError(code, message, { data: rest });
}
