import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isGone, nextMessage } from './child-message.js';
import type { Announcement, Memory, Question } from './servers/announce.js';

/** Options of the process of a server. */
export interface StartOptions {
  /** The core it is pinned to, if any. */
  readonly core: number | undefined;
  /** Options for its Node. */
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const EXIT_MS = 10_000;
const MOST_COMPLAINTS = 2_000;

/** A server under test in a process of its own, which ends with this one. */
export class ServerProcess {
  /** @param name its file in `servers/`. */
  static async start(name: string, { core, nodeOptions = [], env: own = {} }: StartOptions): Promise<ServerProcess> {
    const file = fileURLToPath(new URL(`servers/${name}.js`, import.meta.url));
    const env = { ...process.env, NODE_ENV: 'production', ...own };
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
    const node = [process.execPath, ...nodeOptions];
    const [execPath, ...execArgv] = core === undefined ? node : ['taskset', '-c', String(core), ...node];
    const started = new ServerProcess(fork(file, [], { env, stdio: [...stdio], execPath: execPath!, execArgv }));
    try {
      const announced = await started.#next();
      if ('port' in announced) started.#port = announced.port;
    } catch (error) {
      started.child.kill('SIGKILL');
      throw error;
    }
    return started;
  }

  #port = 0;
  /** The end of its error output. */
  #complaints = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaints = (this.#complaints + chunk.toString()).slice(-MOST_COMPLAINTS);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** @throws Error when the process was never started. */
  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the server has no process');
    return this.child.pid;
  }

  /** Microseconds of processor time it has used since it started, on all of its threads. */
  async cpuMicroseconds(): Promise<number> {
    const told = await this.#ask('cpu');
    if (!('cpuMicroseconds' in told)) throw new Error('the server does not know its time');
    return told.cpuMicroseconds;
  }

  /** Bytes it holds, after a collection of garbage; it must run with `--expose-gc`. */
  async memory(): Promise<Memory> {
    const told = await this.#ask('memory');
    if (!('memory' in told)) throw new Error('the server does not know its memory');
    return told.memory;
  }

  /** Lets it send one notification to all listening clients. */
  async emit(): Promise<void> {
    await this.#ask('emit');
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    const { child } = this;
    if (isGone(child)) return;
    const gone = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), EXIT_MS);
    this.#send('exit');
    await gone;
    clearTimeout(timer);
  }

  #ask(question: Question): Promise<Announcement> {
    const answer = this.#next();
    this.#send(question);
    return answer;
  }

  #send(question: Question): void {
    if (this.child.connected) this.child.send(question);
  }

  /** The next message of the server. @throws Error when it ends, or sends none in time. */
  #next(): Promise<Announcement> {
    const fail = (what: string): never => {
      throw new Error(`the server ${what}. ${this.#complaints}`.trim());
    };
    return nextMessage(this.child, fail);
  }
}
