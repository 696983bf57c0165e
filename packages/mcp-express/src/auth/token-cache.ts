import { createHash } from 'node:crypto';

export interface TokenCacheOptions<T> {
  /** Entries. Beyond, the one used longest ago goes. */
  readonly max: number;
  /** Milliseconds for which an answer is kept; none when that is not positive. */
  readonly keepMs: (answer: T) => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept<T> {
  readonly answer: T;
  readonly until: number;
}

/** Answers about tokens. It holds hashes, so that no token can be read from memory; who asks meanwhile waits with the first. */
export class TokenCache<T> {
  /** Used longest ago first. */
  readonly #kept = new Map<string, Kept<T>>();
  readonly #asked = new Map<string, Promise<T>>();

  constructor(private readonly options: TokenCacheOptions<T>) {}

  get size(): number {
    return this.#kept.size;
  }

  /** Rejects as `ask` does. Failures are not kept. */
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
