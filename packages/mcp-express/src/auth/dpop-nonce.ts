import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Milliseconds. A nonce is valid for one to two periods. */
const PERIOD_MS = 5 * 60_000;

/**
 * Issues the nonces of this server for DPoP proofs (RFC 9449, section 9), which prevent proofs made in advance. A nonce is
 * an HMAC of the current period: the server stores nothing, and nodes with the same keys accept each other's nonces.
 */
export class NonceIssuer {
  readonly #keys: readonly (string | Uint8Array)[];

  /** @param keys newest first: the first signs, all verify. Absent: a random key of this process. */
  constructor(
    keys: readonly (string | Uint8Array)[] | undefined,
    private readonly now: () => number,
  ) {
    this.#keys = keys ?? [randomBytes(32)];
  }

  /** The nonce of the current period. */
  current(): string {
    return signed(this.#period(), this.#keys[0] as string | Uint8Array);
  }

  /** Whether the nonce was issued in this period or the previous one. */
  isValid(nonce: unknown): boolean {
    if (typeof nonce !== 'string') return false;
    const period = this.#period();
    return this.#keys.some((key) => same(nonce, signed(period, key)) || same(nonce, signed(period - 1, key)));
  }

  #period(): number {
    return Math.floor(this.now() / PERIOD_MS);
  }
}

function signed(period: number, key: string | Uint8Array): string {
  return createHmac('sha256', key).update(`dpop-nonce:${period}`).digest('base64url');
}

function same(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
