import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A Redis of the benchmark's own on this machine, which keeps nothing on disk. */
export class RedisProcess {
  /** @throws Error when there is no `redis-server`, or it does not start. */
  static async start(): Promise<RedisProcess> {
    const port = await freePort();
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn('redis-server', own, { stdio: ['ignore', 'pipe', 'inherit'] });
    const failed = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(new Error(`redis-server cannot be started: ${error.message}`)));
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
    failed.catch(() => {});
    const lines = createInterface({ input: child.stdout });
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => line.includes('Ready to accept connections') && resolve());
    });
    await Promise.race([ready, failed]);
    return new RedisProcess(child, port);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Commands that clients have sent so far; those that scripts run are no round trips. */
  async commandCount(): Promise<number> {
    const stats = await this.#info('commandstats');
    const sent = [...stats.matchAll(/^cmdstat_(evalsha|eval|fcall):calls=(\d+)/gm)];
    return sent.reduce((sum, [, , calls]) => sum + Number(calls), 0);
  }

  /** Bytes that its data and the buffers of its clients take. */
  async usedMemory(): Promise<number> {
    return Number(/^used_memory:(\d+)/m.exec(await this.#info('memory'))?.[1]);
  }

  async #info(section: string): Promise<string> {
    const { createClient } = await import('redis');
    const client = await createClient({ url: this.url }).connect();
    try {
      return await client.info(section);
    } finally {
      client.destroy();
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
