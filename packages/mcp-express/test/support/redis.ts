import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Redis server for one test. It is empty at first, and keeps its data over restarts. */
export class RedisServer {
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly settings: readonly string[],
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), mkdtempSync(join(tmpdir(), 'redis-')), settings);
    await server.start();
    return server;
  }

  /** @throws Error if Redis is not installed; `npm test` installs it if it can. */
  async start(): Promise<void> {
    const fixed = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const kept = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no'];
    const child = spawn('redis-server', [...fixed, ...kept, ...this.settings], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#process = child;
    const failed = once(child, 'error').then(([cause]) => {
      throw new Error('these tests need redis-server', { cause });
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
    });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`redis-server ended with ${code}`);
    });
    ended.catch(() => {});
    await Promise.race([ready, failed, ended]);
  }

  /** Ends the server, as a crash or an operator does. It can be started again. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    // A paused process reacts to no other signal.
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  /** Pauses the process, like an unreachable machine; `SIGCONT` continues it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
