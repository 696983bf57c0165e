import { createHash } from 'node:crypto';
import { canonicalText } from '../../protocol/canonical-json.js';
import { McpError } from '../../protocol/errors.js';
import type { Params } from '../../protocol/json-rpc.js';
import type { Call } from '../../request/call.js';

/**
 * Member of `_meta` with the key, for clients that cannot set a header per call. It takes precedence over the header.
 */
export const META_KEY = 'idempotencyKey';

const HEADER = 'idempotency-key';

/** The identity of a call with an idempotency key. */
export interface IdempotencyKey {
  /** Id of the stored record. It includes the principal, so that others cannot reach the record. */
  readonly id: string;
  /** Digest of the method, the tool and its arguments. */
  readonly digest: string;
}

/** Visible ASCII, such as a UUID. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A string of structured fields (RFC 9651, section 3.3.3), the syntax of keys in the draft of the header. */
const QUOTED = /^"(.*)"$/;

/**
 * The idempotency key of a call, from `_meta` or the `Idempotency-Key` header
 * (draft-ietf-httpapi-idempotency-key-header).
 * @param server name of the server
 * @returns `undefined` when the call has no key
 * @throws McpError `invalid-params` when the key is invalid
 */
export function idempotencyKeyOf(call: Call, server: string): IdempotencyKey | undefined {
  const key = keyTextOf(call);
  if (key === undefined) return undefined;
  const { context, options, sent: message } = call;
  // All anonymous callers share one owner, so their keys are bound to the session.
  const whose = context.owner === '' ? ['session', context.sessionId ?? ''] : ['owner', context.owner];
  const { name, arguments: args } = message.params ?? {};
  return {
    id: digestOf([server, context.revision.era, ...whose, key, options.place ?? 0]),
    digest: digestOf([message.method, name, args]),
  };
}

function keyTextOf({ sent, context }: Call): string | undefined {
  const meta = sent.params?.['_meta'] as Params | undefined;
  const own = meta?.[META_KEY];
  const key = own === undefined ? context.request.headers[HEADER] : own;
  if (key === undefined) return undefined;
  const plain = typeof key === 'string' ? key.replace(QUOTED, '$1') : '';
  if (KEY.test(plain)) return plain;
  throw new McpError('invalid-params', 'An idempotency key is 1 to 255 visible ASCII characters, such as a UUID');
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('base64url');
}
