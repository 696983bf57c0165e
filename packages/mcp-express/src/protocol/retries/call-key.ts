import { createHash } from 'node:crypto';
import { canonicalText } from '../../ground/canonical-json.js';
import { McpError } from '../../ground/errors.js';
import type { Params } from '../../ground/json-rpc.js';
import type { Call } from '../calls/call.js';

/** The key in `_meta`, for clients that cannot set a header for a single call. Wins over the header. */
export const META_KEY = 'idempotencyKey';

const HEADER = 'idempotency-key';

/** A call that its client may send again. */
export interface CallKey {
  /** What is kept of it is kept under this, and nobody else comes upon it. */
  readonly id: string;
  /** The same for the same tool with the same arguments. */
  readonly digest: string;
}

/** Visible ASCII, such as a UUID. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A string as structured fields have it (RFC 9651, section 3.3.3), which is how the draft of the header writes keys. */
const QUOTED = /^"(.*)"$/;

/**
 * The key a client sent with a call: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header) or `_meta`.
 *
 * @throws McpError `invalid-params` when it is no key.
 */
export function callKeyOf(call: Call, server: string): CallKey | undefined {
  const key = keyTextOf(call);
  if (key === undefined) return undefined;
  const { caller, message, place } = call;
  // Whoever did not sign in is many people: what they have in common is no more than their session.
  const whose = caller.owner === '' ? ['session', caller.sessionId ?? ''] : ['owner', caller.owner];
  const { name, arguments: args } = message.params ?? {};
  return {
    id: digestOf([server, caller.revision.era, ...whose, key, place]),
    digest: digestOf([message.method, name, args]),
  };
}

function keyTextOf({ message, caller }: Call): string | undefined {
  const meta = message.params?.['_meta'] as Params | undefined;
  const own = meta?.[META_KEY];
  const key = own === undefined ? caller.request.headers[HEADER] : own;
  if (key === undefined) return undefined;
  const plain = typeof key === 'string' ? key.replace(QUOTED, '$1') : '';
  if (KEY.test(plain)) return plain;
  throw new McpError('invalid-params', 'An idempotency key is 1 to 255 visible ASCII characters, such as a UUID');
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('base64url');
}
