import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onCleanup } from './cleanup.js';

const FIXTURE = resolve(import.meta.dirname, '../../fixture/dist/main.js');

/** The fixture server in its own process and on its own port: one node that can be killed. */
export class FixtureProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** The URL of the MCP endpoint. */
    readonly url: string,
  ) {}

  /** @param whenOver registers the function that kills the process. */
  static async start(env: Readonly<Record<string, string>> = {}, whenOver = onCleanup): Promise<FixtureProcess> {
    const child = spawn(process.execPath, [FIXTURE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...env },
    });
    whenOver(() => void child.kill('SIGKILL'));
    const workers = Number(env['WORKERS'] ?? 1);
    // Workers run the same program and print the line too; the last line comes from the process that started them.
    let processes = workers > 1 ? workers + 1 : 1;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const url = /ready at (\S+)/.exec(line)?.[1];
      if (url !== undefined) processes -= 1;
      if (url !== undefined && processes === 0) return new FixtureProcess(child, url);
    }
    throw new Error('the fixture ended before it was ready');
  }

  /** Ends the process as a crash or an operator does. Resolves with its exit code, or `null` if the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** The ids of the processes that it has started. */
  children(): readonly number[] {
    const { pid } = this.child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  /** Resident memory of the process, in bytes. */
  memory(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}
