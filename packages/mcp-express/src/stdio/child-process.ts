import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '../protocol/errors.js';

/** A command, its arguments and its surroundings. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
}

/** Milliseconds for a child to end after its input was closed, and again after SIGTERM; then it is killed. */
const END_MS = 1_000;

/** Unix: a child leads a process group of its own, so that the processes that it starts end with it. */
const HAS_GROUPS = process.platform !== 'win32';

const running = new Set<Child>();

/** The last resort when this process exits without closing its children. */
function killAll(): void {
  for (const child of running) child.signal('SIGKILL');
}

/** A running command, which ends together with all processes that it has started. */
export class Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with the reason when the process has ended. Never rejects. */
  readonly exited: Promise<Error>;
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  #isOver = false;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, name: string) {
    this.#process = child;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    if (running.size === 0) process.on('exit', killAll);
    running.add(this);
    this.exited = once(child, 'exit').then(
      ([code, signal]) => {
        this.#onExit();
        return new Error(
          `${name} ${signal === null ? `exited with code ${String(code)}` : `was ended by ${String(signal)}`}`,
        );
      },
      (cause: unknown) => new Error(`${name} failed`, { cause }),
    );
  }

  /** @throws ConfigurationError if the command cannot be started. */
  static async start({ command, args, env, cwd }: Command): Promise<Child> {
    const options = { env, cwd, detached: HAS_GROUPS, windowsHide: true };
    const child = spawn(command, [...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw new ConfigurationError(
        `Cannot start ${command}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
        { cause },
      );
    }
    return new Child(child, command);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Closes the input, then sends SIGTERM, then SIGKILL. Resolves when no process is left. */
  async end(): Promise<void> {
    this.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await this.#endsWithin(END_MS)) break;
      this.signal(signal);
    }
    await this.exited;
  }

  /** Sends a signal to the process and to those that it has started. */
  signal(signal: NodeJS.Signals): void {
    try {
      if (HAS_GROUPS) process.kill(-this.pid, signal);
      else this.#process.kill(signal);
    } catch {
      // No process is left.
    }
  }

  async #endsWithin(ms: number): Promise<boolean> {
    const timer = new AbortController();
    const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
    const ended = await Promise.race([this.exited.then(() => true), late]);
    timer.abort();
    return ended;
  }

  /** Processes that the command has started and left behind end with it. */
  #onExit(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.signal('SIGKILL');
    running.delete(this);
    if (running.size === 0) process.off('exit', killAll);
  }
}
