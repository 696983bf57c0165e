import { createHash } from 'node:crypto';

/** Options of `TokenCache`. */
export interface TokenCacheOptions<T> {
  /** Entries. At the limit, the least recently used one is dropped. */
  readonly max: number;
  /** Milliseconds for which a result is cached; not at all unless positive. */
  readonly keepMs: (answer: T) => number;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept<T> {
  readonly answer: T;
  readonly until: number;
}

/**
 * Caches results by the hash of a token, so that no token can be read from memory. Concurrent callers with the same token
 * share one lookup.
 */
export class TokenCache<T> {
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept<T>>();
  readonly #asked = new Map<string, Promise<T>>();

  constructor(private readonly options: TokenCacheOptions<T>) {}

  /** Cached results. */
  get size(): number {
    return this.#kept.size;
  }

  /** Returns the cached result, or that of `ask`. Rejects as `ask` does; failures are not cached. */
  async get(token: string, ask: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(token).digest('base64url');
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    if (kept !== undefined && kept.until > this.options.now()) {
      this.#kept.set(name, kept);
      return kept.answer;
    }
    return this.#asked.get(name) ?? this.#ask(name, ask);
  }

  async #ask(name: string, ask: () => Promise<T>): Promise<T> {
    const asked = ask();
    this.#asked.set(name, asked);
    try {
      const answer = await asked;
      this.#keep(name, answer);
      return answer;
    } finally {
      this.#asked.delete(name);
    }
  }

  #keep(name: string, answer: T): void {
    const keepMs = this.options.keepMs(answer);
    if (!(keepMs > 0)) return;
    this.#kept.set(name, { answer, until: this.options.now() + keepMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.options.max && oldest !== undefined) this.#kept.delete(oldest);
  }
}
