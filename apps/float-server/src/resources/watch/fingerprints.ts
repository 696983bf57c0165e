import { createHash } from 'node:crypto';

/**
 * The last known fingerprint of each resource, whether it was read by a client, another node, or this node's checks. It
 * represents the content that clients know, so any other fingerprint is a change.
 */
export class Fingerprints {
  readonly #known = new Map<string, string>();

  /** @param limit number of fingerprints kept; the least recently recorded is dropped first */
  constructor(private readonly limit: number) {}

  /** Records a fingerprint. @returns true if it differs from the previous one */
  record(account: string, uri: string, fingerprint: string): boolean {
    const key = keyOf(account, uri);
    const known = this.#known.get(key);
    this.#known.delete(key);
    this.#known.set(key, fingerprint);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.limit && oldest !== undefined) this.#known.delete(oldest);
    return known !== undefined && known !== fingerprint;
  }

  has(account: string, uri: string): boolean {
    return this.#known.has(keyOf(account, uri));
  }
}

/** The fingerprint of a content. */
export function fingerprintOf(body: string): string {
  return createHash('sha256').update(body).digest('base64url');
}

function keyOf(account: string, uri: string): string {
  return `${account} ${uri}`;
}
