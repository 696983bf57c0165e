import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { canonicalText } from '../protocol/canonical-json.js';
import type { InputResponses } from '../protocol/client-requests.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import { changedByJson } from '../schema/changed-by-json.js';

/** The content of `requestState`, which travels from one round trip to the next through the client. */
export interface MrtrState {
  /** Unique per round trip, to let a state be used only once. */
  readonly id: string;
  /** The client's responses of all earlier round trips. */
  readonly answers: InputResponses;
  /** The handler's own state. */
  readonly own?: unknown;
  /** The trace context of the round trip, if it was traced. */
  readonly trace?: string | undefined;
  /** Expiry time, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The binding of a state: its principal and its request. Opening it with any other is refused. */
export interface StateContext {
  readonly owner: string;
  readonly request: JsonRpcRequest;
}

const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = KEY_ID_BYTES + NONCE_BYTES;
const ID_BYTES = 16;

interface Key {
  readonly id: Buffer;
  readonly secret: Buffer;
}

/** The secrets themselves, newest first, or a function that fetches one. */
export type Secrets = readonly (string | Uint8Array)[] | (() => Promise<string>);

/**
 * Seals states with AES-256-GCM (NIST SP 800-38D). Clients can neither read nor change them. The binding is
 * authenticated as additional data, not stored. The first key seals and every key opens, so that keys can be rotated.
 */
export class StateSealer {
  #keys: readonly Key[] = [];

  /**
   * @param secrets newest first; at least one, each of at least 32 characters or bytes. Nodes with the same secrets
   * open each other's states. A function is called until it yields one.
   * @param server name of the server, part of the binding: servers that share keys may have tools of the same name
   * @param ttlMs lifetime of a state in milliseconds, which includes the time that the user takes to answer
   */
  constructor(
    private readonly secrets: Secrets,
    private readonly server: string,
    private readonly ttlMs: number,
  ) {
    if (typeof secrets !== 'function') this.#keys = secrets.map((secret) => keyOf(secret));
  }

  /** Await before sealing and opening. `undefined` when the keys are available. */
  ready(): Promise<void> | undefined {
    const { secrets } = this;
    if (this.#keys.length > 0 || typeof secrets !== 'function') return undefined;
    return secrets().then((secret) => {
      this.#keys = [keyOf(secret)];
    });
  }

  /**
   * The sealed state as base64url text.
   * @throws TypeError when the handler's own state has no JSON form
   * @throws McpError `invalid-params` when the responses are nested too deeply
   */
  seal(context: StateContext, kept: Pick<MrtrState, 'answers' | 'own' | 'trace'>): string {
    // Serialised alone first, because an error here is the handler's, not the client's.
    JSON.stringify(kept.own);
    const changed = kept.own === undefined ? undefined : changedByJson(kept.own);
    if (changed !== undefined) throw new TypeError(`The requestState has ${changed}`);
    const [key] = this.#keys as [Key, ...Key[]];
    const id = randomBytes(ID_BYTES).toString('base64url');
    const state: MrtrState = { id, ...kept, expiresAt: Date.now() + this.ttlMs };
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(this.#bindingOf(context));
    const sealed = [cipher.update(textOf(state), 'utf8'), cipher.final()];
    return Buffer.concat([key.id, nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /**
   * @throws McpError `state-refused` when the state is forged, changed, expired, or bound to another principal or
   * request
   */
  open(context: StateContext, text: unknown): MrtrState {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
    // Only the canonical encoding is accepted, because the decoder ignores some changes.
    if (bytes.length <= HEAD_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) throw refused();
    const key = this.#keys.find(({ id }) => id.equals(bytes.subarray(0, KEY_ID_BYTES)));
    if (key === undefined) throw refused();
    const state = decrypt(key, bytes, this.#bindingOf(context));
    if (state.expiresAt <= Date.now()) throw refused();
    return state;
  }

  /**
   * The binding as a short digest: server, principal, "the method name and a digest of its salient parameters" (MCP
   * 2026-07-28, MRTR).
   */
  #bindingOf({ owner, request: { method, params } }: StateContext): Buffer {
    const salient = { name: params?.['name'], uri: params?.['uri'], arguments: params?.['arguments'] };
    return createHash('sha256')
      .update(canonicalText([this.server, owner, method, salient]))
      .digest();
  }
}

function textOf(state: MrtrState): string {
  try {
    return JSON.stringify(state);
  } catch (cause) {
    throw new McpError('invalid-params', 'The responses are nested too deeply', { cause });
  }
}

function decrypt(key: Key, bytes: Buffer, binding: Buffer): MrtrState {
  const nonce = bytes.subarray(KEY_ID_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.secret, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(binding).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as MrtrState;
  } catch {
    throw refused();
  }
}

/** The same error for every reason: the failed check would only help a forger. */
function refused(): McpError {
  return new McpError('state-refused', 'The requestState is not valid for this request: start again without it');
}

/** Derives a 32-byte key, because secrets may be passphrases or bytes of any length (HKDF, RFC 5869). */
function keyOf(secret: string | Uint8Array): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'mcp-express request state', 32 + KEY_ID_BYTES));
  return { secret: bytes.subarray(0, 32), id: bytes.subarray(32) };
}
