import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../waiting.js';

/** Options of a program. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program is ready. */
  readonly isReady: () => boolean | Promise<boolean>;
  /** Time limit until the program is ready. Milliseconds. */
  readonly readyWithinMs?: number;
}

/** Characters of output that are kept, to find out why a program ended. */
const KEPT = 8_192;

const running = new Set<ChildProcess>();
// Child processes never outlive this process.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A child process that runs until it is ended here. */
export class Program {
  #printed = '';
  #endedByUs = false;

  private constructor(private readonly child: ChildProcess) {
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#printed = (this.#printed + String(chunk)).slice(-KEPT);
      });
    }
  }

  /** @throws Error with its output, if it ends before it is ready or cannot be run. */
  static async start({ command, args, env = {}, isReady, readyWithinMs }: ProgramOptions): Promise<Program> {
    const { PATH = '' } = process.env;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, ...env } });
    const program = new Program(child);
    let missing: Error | undefined;
    child.once('error', (cause) => {
      missing = new Error(`${command} is needed and cannot be run`, { cause });
    });
    const look = async (): Promise<boolean> => {
      if (missing !== undefined) throw missing;
      if (!program.isAlive) throw new Error(`${command} ended before it was ready:\n${program.printed}`);
      return await isReady();
    };
    await until(`${command} is ready`, look, readyWithinMs);
    return program;
  }

  /** The end of its output. */
  get printed(): string {
    return this.#printed;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Whether it ended unexpectedly. */
  get hasCrashed(): boolean {
    return !this.isAlive && !this.#endedByUs;
  }

  /** Stops the process by SIGSTOP for a time in milliseconds. */
  async stall(ms: number): Promise<void> {
    this.child.kill('SIGSTOP');
    await delay(ms);
    this.child.kill('SIGCONT');
  }

  /** Sends a signal. Resolves with the exit code when the process has ended, or `null` if the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.isAlive) return this.child.exitCode;
    this.#endedByUs = true;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}
