import type { SessionId } from '../store.js';
import type { Commands } from './client.js';
import { USED } from './index-scripts.js';

/** Sessions in one command: few enough that it does not delay others. */
const AT_A_TIME = 500;

/**
 * Updates the index of sessions after the requests that used them, once for all requests of one turn of the event loop:
 * responses do not wait for it, and a busy node sends one command instead of many.
 */
export class IndexUpdates {
  /** The holder's key and the expiry of each used session, in order of use. */
  readonly #used = new Map<SessionId, readonly [string, string]>();
  #turn: NodeJS.Immediate | undefined;

  constructor(
    private readonly commands: Commands,
    private readonly index: string[],
  ) {}

  /** Records a use. */
  used(id: SessionId, ownerKey: string, expiresAt: number): void {
    this.#used.delete(id);
    this.#used.set(id, [ownerKey, String(expiresAt)]);
    this.#turn ??= setImmediate(() => this.flush());
  }

  /**
   * Sends the recorded uses. Runs before each other command on the index. Its result is not awaited: a session whose
   * update is lost counts as idle for longer.
   */
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
