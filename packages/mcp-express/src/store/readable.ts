import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';

/** The message for a record that is not in the expected encoding. */
export const UNREADABLE = 'The store holds something that this version of the server cannot read';

/**
 * Checks the members that session records of all versions have.
 *
 * @returns the record, or `undefined` for `undefined`.
 * @throws McpError `store-unavailable` when they are missing.
 */
export function readableSession(found: unknown): unknown {
  if (found === undefined || isSession(found)) return found;
  throw unreadable('session');
}

/** `readableSession` for tasks. */
export function readableTask(found: unknown): unknown {
  if (found === undefined || isTask(found)) return found;
  throw unreadable('task');
}

function isSession(found: unknown): boolean {
  if (!isObject(found)) return false;
  const { owner, revision, standalone, client, capabilities, lists } = found;
  const areTexts = typeof owner === 'string' && typeof revision === 'string' && typeof standalone === 'string';
  return areTexts && isObject(client) && isObject(capabilities) && isObject(lists);
}

function isTask(found: unknown): boolean {
  if (!isObject(found)) return false;
  const { owner, node, status, payload, createdAt, expiresAt } = found;
  const areTexts = typeof owner === 'string' && typeof node === 'string' && typeof status === 'string';
  const areTimes = typeof createdAt === 'number' && typeof expiresAt === 'number';
  return areTexts && areTimes && (payload === undefined || typeof payload === 'string');
}

function unreadable(what: string): McpError {
  return new McpError('store-unavailable', `The store holds a ${what} that this version of the server cannot read`);
}
