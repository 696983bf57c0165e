import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../waiting.js';

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it does what it was started for. */
  readonly isReady: () => boolean | Promise<boolean>;
}

/** As much of what a program printed as helps to see why it ended. */
const KEPT = 8_192;

const running = new Set<ChildProcess>();
// However this process ends, what it started does not outlive it.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program that runs until it is ended here. */
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

  /** @throws Error with what it printed, when it ends before it is ready, or cannot be run at all. */
  static async start({ command, args, env = {}, isReady }: ProgramOptions): Promise<Program> {
    const { PATH = '' } = process.env;
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, ...env } });
    const program = new Program(child);
    let missing: Error | undefined;
    child.once('error', (cause) => {
      missing = new Error(`${command} is needed and cannot be run`, { cause });
    });
    await until(`${command} is ready`, async () => {
      if (missing !== undefined) throw missing;
      if (!program.isAlive) throw new Error(`${command} ended before it was ready:\n${program.printed}`);
      return await isReady();
    });
    return program;
  }

  /** The end of what it printed. */
  get printed(): string {
    return this.#printed;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** It ended, and nobody asked it to. */
  get hasFallen(): boolean {
    return !this.isAlive && !this.#endedByUs;
  }

  /** Resolves with its exit code when it has ended; `null` when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.isAlive) return this.child.exitCode;
    this.#endedByUs = true;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}
