import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A nonce is taken for this long at least, and for twice as long at most. */
const PERIOD_MS = 5 * 60_000;

/**
 * Nonces that this server gives out for DPoP proofs (RFC 9449, section 9), which keep proofs from being made in advance.
 * They are the time, sealed: nothing is remembered, and nodes that share their keys take each other's.
 */
export class NonceIssuer {
  readonly #keys: readonly (string | Uint8Array)[];

  /** @param keys newest first: the first seals, all are taken. Without any, one is made up for this process. */
  constructor(
    keys: readonly (string | Uint8Array)[] | undefined,
    private readonly now: () => number,
  ) {
    this.#keys = keys ?? [randomBytes(32)];
  }

  current(): string {
    return sealed(this.#period(), this.#keys[0] as string | Uint8Array);
  }

  /** Whether it was given out in this period or in the one before. */
  isGood(nonce: unknown): boolean {
    if (typeof nonce !== 'string') return false;
    const period = this.#period();
    return this.#keys.some((key) => same(nonce, sealed(period, key)) || same(nonce, sealed(period - 1, key)));
  }

  #period(): number {
    return Math.floor(this.now() / PERIOD_MS);
  }
}

function sealed(period: number, key: string | Uint8Array): string {
  return createHmac('sha256', key).update(`dpop-nonce:${period}`).digest('base64url');
}

function same(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
