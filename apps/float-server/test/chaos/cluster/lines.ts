import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LINES_THREAD } from '../paths.js';

/** A message to the thread of the proxies. */
export interface LineOrder {
  readonly line: number;
  readonly act: 'cut' | 'silence' | 'open';
}

/** The proxies between nodes and the store, on a thread of their own, so that a busy main thread does not delay them. */
export class Lines {
  private constructor(
    private readonly worker: Worker,
    private readonly ports: readonly number[],
  ) {}

  static async start(target: number, count: number): Promise<Lines> {
    const worker = new Worker(LINES_THREAD, { workerData: { target, count } });
    const [ports] = (await once(worker, 'message')) as [number[]];
    return new Lines(worker, ports);
  }

  /** @param line from 0 */
  portOf(line: number): number {
    const port = this.ports[line];
    if (port === undefined) throw new Error(`there is no line ${line}`);
    return port;
  }

  send(order: LineOrder): void {
    this.worker.postMessage(order);
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
