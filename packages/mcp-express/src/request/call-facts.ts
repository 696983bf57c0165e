import { type CallFacts, callFacts, hashedId } from '../observe/observe.js';
import type { Call } from './call.js';
import type { RequestContext } from './request-context.js';

/** The hashed session of a call, for its events. */
export function sessionOf({ sessionId }: RequestContext): { session?: string } {
  return sessionId === undefined ? {} : { session: hashedId(sessionId) };
}

/** The facts of a call, for its events. */
export function factsOf({ sent: message, context: { sessionId: session, principal, request } }: Call): CallFacts {
  return callFacts(message, { session, principal, request });
}
