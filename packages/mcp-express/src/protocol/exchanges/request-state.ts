import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { canonicalText } from '../../ground/canonical-json.js';
import type { InputResponses } from '../../ground/client-requests.js';
import { McpError } from '../../ground/errors.js';
import type { JsonRpcRequest } from '../../ground/json-rpc.js';

/** What a call takes with it from one round to the next, through its client. */
export interface RoundState {
  /** Names this round, for who lets a state be used only once. */
  readonly id: string;
  /** What the client answered in all rounds before. */
  readonly answers: InputResponses;
  /** What the handler kept for itself. */
  readonly own?: unknown;
  /** Milliseconds since 1970 after which it is refused. */
  readonly expiresAt: number;
}

/** The request a state belongs to, and who made it. On any other it is refused. */
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

export type Secrets = readonly (string | Uint8Array)[] | (() => Promise<string>);

/**
 * Seals states with AES-256-GCM (NIST SP 800-38D): a client can neither read nor change one, and what it is bound to is
 * authenticated without being in it. The newest key seals, every key opens, so that keys can be rotated.
 */
export class StateSealer {
  #keys: readonly Key[] = [];

  /**
   * @param secrets newest first; at least one, each of 32 characters or bytes at least. Nodes that share them open each
   *   other's states. Or how to come by one, which is asked until it gives one.
   * @param server whose states they are: one with the same keys and a tool of the same name is still another.
   * @param ttlMs how long a client, and the person before it, may take for one round.
   */
  constructor(
    private readonly secrets: Secrets,
    private readonly server: string,
    private readonly ttlMs: number,
  ) {
    if (typeof secrets !== 'function') this.#keys = secrets.map((secret) => keyOf(secret));
  }

  /** To be awaited before states are sealed and opened; nothing when there is nothing to wait for. */
  ready(): Promise<void> | undefined {
    const { secrets } = this;
    if (this.#keys.length > 0 || typeof secrets !== 'function') return undefined;
    return secrets().then((secret) => {
      this.#keys = [keyOf(secret)];
    });
  }

  seal(context: StateContext, kept: Pick<RoundState, 'answers' | 'own'>): string {
    // What a handler keeps that is no JSON is its own mistake, and thrown as such; answers are the client's.
    JSON.stringify(kept.own);
    const [key] = this.#keys as [Key, ...Key[]];
    const id = randomBytes(ID_BYTES).toString('base64url');
    const state: RoundState = { id, ...kept, expiresAt: Date.now() + this.ttlMs };
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key.secret, nonce).setAAD(this.#bindingOf(context));
    const sealed = [cipher.update(textOf(state), 'utf8'), cipher.final()];
    return Buffer.concat([key.id, nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws McpError `state-refused` for one that is forged, changed, late, of another caller or another request. */
  open(context: StateContext, text: unknown): RoundState {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
    // A state has one spelling: what the decoder would pass over is a change too.
    if (bytes.length <= HEAD_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) throw refused();
    const key = this.#keys.find(({ id }) => id.equals(bytes.subarray(0, KEY_ID_BYTES)));
    if (key === undefined) throw refused();
    const state = decrypt(key, bytes, this.#bindingOf(context));
    if (state.expiresAt <= Date.now()) throw refused();
    return state;
  }

  /** Who asked whom for what, in few bytes. "the method name and a digest of its salient parameters" (MCP 2026-07-28, MRTR). */
  #bindingOf({ owner, request: { method, params } }: StateContext): Buffer {
    const salient = { name: params?.['name'], uri: params?.['uri'], arguments: params?.['arguments'] };
    return createHash('sha256')
      .update(canonicalText([this.server, owner, method, salient]))
      .digest();
  }
}

function textOf(state: RoundState): string {
  try {
    return JSON.stringify(state);
  } catch (cause) {
    throw new McpError('invalid-params', 'The answers are nested too deeply', { cause });
  }
}

function decrypt(key: Key, bytes: Buffer, binding: Buffer): RoundState {
  const nonce = bytes.subarray(KEY_ID_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.secret, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(binding).setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as RoundState;
  } catch {
    throw refused();
  }
}

/** The same answer whatever is wrong with it: which check failed would help only who forges. */
function refused(): McpError {
  return new McpError('state-refused', 'The requestState is not valid for this request: start again without it');
}

/** What users give may be a passphrase or bytes of any length; what the cipher takes is 32 bytes. */
function keyOf(secret: string | Uint8Array): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'mcp-express request state', 32 + KEY_ID_BYTES));
  return { secret: bytes.subarray(0, 32), id: bytes.subarray(32) };
}
