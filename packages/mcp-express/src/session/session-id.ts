import { randomBytes } from 'node:crypto';
import type { SessionId } from '../store/store.js';

/** 192 bits, so that 32 characters come out even; 128 are asked for (MCP security best practices, session hijacking). */
const ID_BYTES = 24;

/** What we give out. Whatever a client sends that is not of this form never reaches a store. */
const SESSION_ID = /^[A-Za-z0-9_-]{32}$/;

export function newSessionId(): SessionId {
  return randomBytes(ID_BYTES).toString('base64url');
}

export function isSessionId(value: string): boolean {
  return SESSION_ID.test(value);
}
