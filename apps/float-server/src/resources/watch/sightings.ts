import { createHash } from 'node:crypto';

/**
 * What each resource looked like when it was last seen, whoever looked: a client that read it, another node, or we
 * ourselves. What has been seen last is what clients know, so anything else is a change.
 */
export class Sightings {
  readonly #seen = new Map<string, string>();

  /** @param limit how many are remembered; the one that was not seen for longest is forgotten first */
  constructor(private readonly limit: number) {}

  /** True when it was seen before and looked otherwise. */
  saw(account: string, uri: string, look: string): boolean {
    const key = keyOf(account, uri);
    const known = this.#seen.get(key);
    this.#seen.delete(key);
    this.#seen.set(key, look);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > this.limit && oldest !== undefined) this.#seen.delete(oldest);
    return known !== undefined && known !== look;
  }

  has(account: string, uri: string): boolean {
    return this.#seen.has(keyOf(account, uri));
  }
}

/** What stands for a body: the same for the same, and short. */
export function lookOf(body: string): string {
  return createHash('sha256').update(body).digest('base64url');
}

function keyOf(account: string, uri: string): string {
  return `${account} ${uri}`;
}
