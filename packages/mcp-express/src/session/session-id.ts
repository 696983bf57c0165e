import { randomBytes } from 'node:crypto';
import type { SessionId } from '../store/store.js';

/** 192 bits, which give 32 characters without padding; 128 are required (MCP security best practices, session hijacking). */
const ID_BYTES = 24;

/** The form of our ids. Values of clients in any other form never reach a store. */
const SESSION_ID = /^[A-Za-z0-9_-]{32}$/;

/** A new, unguessable session id. */
export function newSessionId(): SessionId {
  return randomBytes(ID_BYTES).toString('base64url');
}

/** True if a value has the form of a session id. */
export function isSessionId(value: string): boolean {
  return SESSION_ID.test(value);
}
