import type { SessionId } from '../store.js';
import type { Commands } from './client.js';
import { USED } from './index-scripts.js';

/** Sessions told of in one command: few enough that nobody waits long behind it. */
const AT_A_TIME = 500;

/**
 * Tells the index which sessions were used, behind the requests that used them and for all of one turn of the event loop
 * together: an answer does not wait until that was written, and a node that is busy sends one command instead of many.
 */
export class IndexNews {
  /** Session to its owner's key and its expiry, in order of use. */
  readonly #used = new Map<SessionId, readonly [string, string]>();
  #turn: NodeJS.Immediate | undefined;

  constructor(
    private readonly commands: Commands,
    private readonly index: string[],
  ) {}

  used(id: SessionId, ownerKey: string, expiresAt: number): void {
    this.#used.delete(id);
    this.#used.set(id, [ownerKey, String(expiresAt)]);
    this.#turn ??= setImmediate(() => this.flush());
  }

  /** Before anything else is told or asked of the index. Nobody waits for it: what it was not told, it takes for idle longer. */
  flush(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    const news = [...this.#used].map(([id, rest]) => [id, ...rest]);
    this.#used.clear();
    for (let start = 0; start < news.length; start += AT_A_TIME) {
      this.commands.run(USED, this.index, news.slice(start, start + AT_A_TIME).flat()).catch(() => {});
    }
  }
}
