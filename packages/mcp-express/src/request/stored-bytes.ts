import { McpError } from '../protocol/errors.js';

/** Shorter answers are not counted, because limits on their number bound them. Characters. */
const UNCOUNTED = 4 * 1024;

interface Kept {
  readonly until: number;
  readonly length: number;
}

interface Holding {
  /** In order of insertion. */
  readonly kept: Kept[];
  length: number;
}

/** Counts the stored results of calls and tasks, per principal or per address of anonymous callers, on this node. */
export class StoredBytes {
  readonly #holders = new Map<string, Holding>();

  /** @param limit most characters of JSON text per holder */
  constructor(private readonly limit: number) {}

  /**
   * Counts a result until the time `until`.
   * @param until milliseconds since 1970
   * @returns false, without counting, when the holder would exceed its limit
   */
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

  /** Visits all holders: they are few, because only long results are counted. */
  #forgetOver(now: number): void {
    for (const [holder, holding] of this.#holders) {
      while (holding.kept[0] !== undefined && holding.kept[0].until <= now) {
        holding.length -= holding.kept.shift()?.length ?? 0;
      }
      if (holding.kept.length === 0) this.#holders.delete(holder);
    }
  }
}

/** @param what subject of the error message */
export function answerNotStored(what: string): McpError {
  return new McpError(
    'answer-not-kept',
    `${what} is too large to store: the stored results of this caller have reached their limit`,
  );
}
