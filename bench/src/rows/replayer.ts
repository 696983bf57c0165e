import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../child-message.js';
import type { ReplayOrder, ReplayReport } from '../replaying.js';

const PROGRAM = fileURLToPath(new URL('../replaying.js', import.meta.url));

/**
 * A client that resumes the whole stream again and again, in a process of its own: on the event loop of the load it would
 * delay the load itself.
 */
export class Replayer {
  /** @param events the number of events in its stream. */
  static async start(port: number, events: number): Promise<Replayer> {
    const replayer = new Replayer(fork(PROGRAM, [String(port), String(events)]));
    await replayer.#report();
    return replayer;
  }

  private constructor(private readonly child: ChildProcess) {}

  /** Replays until `work` is done. @returns the number of complete replays. */
  async during(work: () => Promise<void>): Promise<number> {
    this.#order('begin');
    await work();
    const report = this.#report();
    this.#order('end');
    const said = await report;
    return 'replays' in said ? said.replays : 0;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  #order(order: ReplayOrder): void {
    if (this.child.connected) this.child.send(order);
  }

  #report(): Promise<ReplayReport> {
    return nextMessage(this.child, (what) => {
      throw new Error(`the client that replays ${what}`);
    });
  }
}
