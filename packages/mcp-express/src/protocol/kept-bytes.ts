import { McpError } from '../ground/errors.js';

/** What is shorter is not counted: it is bounded by how many answers may be kept. Characters. */
const UNCOUNTED = 4 * 1024;

interface Kept {
  readonly until: number;
  readonly length: number;
}

interface Holding {
  /** In the order in which they were kept. */
  readonly kept: Kept[];
  length: number;
}

/** How much of what calls and tasks came to is kept for each principal, or address of anonymous callers, by this node. */
export class KeptBytes {
  readonly #holders = new Map<string, Holding>();

  /** @param limit of one holder, in characters of JSON text. */
  constructor(private readonly limit: number) {}

  /** False, and nothing is counted, when a holder has too much already. */
  take(holder: string, text: string, until: number): boolean {
    if (text.length <= UNCOUNTED) return true;
    const now = Date.now();
    this.#forgetOver(now);
    const holding = this.#holders.get(holder) ?? { kept: [], length: 0 };
    if (holding.length + text.length > this.limit) return false;
    holding.kept.push({ until, length: text.length });
    holding.length += text.length;
    this.#holders.set(holder, holding);
    return true;
  }

  /** Holders are few: it takes a long answer to be one. */
  #forgetOver(now: number): void {
    for (const [holder, holding] of this.#holders) {
      while (holding.kept[0] !== undefined && holding.kept[0].until <= now) {
        holding.length -= holding.kept.shift()?.length ?? 0;
      }
      if (holding.kept.length === 0) this.#holders.delete(holder);
    }
  }
}

/** @param what is too large to be kept. */
export function notKept(what: string): McpError {
  return new McpError('answer-not-kept', `${what} is too large to be kept beside what is kept for this caller already`);
}
