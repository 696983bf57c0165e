import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onCleanup } from './cleanup.js';

const FIXTURE = resolve(import.meta.dirname, '../../fixture/dist/main.js');

/** The fixture server as a process of its own, on a port of its own: one node that can be killed. */
export class FixtureProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** Where MCP is. */
    readonly url: string,
  ) {}

  /** @param whenOver is given what kills it, to be called when nobody needs it any more. */
  static async start(env: Readonly<Record<string, string>> = {}, whenOver = onCleanup): Promise<FixtureProcess> {
    const child = spawn(process.execPath, [FIXTURE], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...env },
    });
    whenOver(() => void child.kill('SIGKILL'));
    const workers = Number(env['WORKERS'] ?? 1);
    // Workers run the same program and say so too; the last to say it is the one that started them.
    let processes = workers > 1 ? workers + 1 : 1;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const url = /ready at (\S+)/.exec(line)?.[1];
      if (url !== undefined) processes -= 1;
      if (url !== undefined && processes === 0) return new FixtureProcess(child, url);
    }
    throw new Error('the fixture ended before it was ready');
  }

  /** As a crash ends it, or an operator. Resolves with its exit code, `null` when the signal ended it. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** The processes it has started, by id. */
  children(): readonly number[] {
    const { pid } = this.child;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  }

  /** Bytes of memory it holds. */
  memory(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}
