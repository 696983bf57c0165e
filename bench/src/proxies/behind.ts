import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Places, ProxyServer } from './proxy-list.js';
import { PATIENCE_MS } from './timing.js';

/** A proxy and a server behind it, until they are stopped. */
export interface Behind extends Places {
  readonly server: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a proxy and a server behind it. */
export async function startBehind(proxy: ProxyServer): Promise<Behind> {
  const server = fork(fileURLToPath(new URL('./server.js', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ port: upstream }] = (await once(server, 'message')) as [{ port: number }];
  const folder = mkdtempSync(join(tmpdir(), 'proxies-'));
  const http1 = await freePort();
  const http2 = proxy.http2 === 'own port' ? await freePort() : http1;
  const places = { folder, upstream, http1, http2 };
  proxy.prepare?.(places);
  const file = join(folder, 'config');
  writeFileSync(file, proxy.config(places), { mode: 0o644 });
  const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const running = spawn(proxy.program, proxy.args(file, places), { stdio: 'ignore', env: { ...process.env, ...home } });
  const stop = async (): Promise<void> => {
    for (const child of [running, server]) await ended(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await listening(http1, running, proxy.name);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { ...places, server, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const isLate = await Promise.race([exit.then(() => false), pause(5_000, true, { ref: false })]);
  if (isLate) child.kill('SIGKILL');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function listening(port: number, child: ChildProcess, name: string): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUp && child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await pause(50);
  }
  throw new Error(`${name} does not listen; its exit code is ${String(child.exitCode)}`);
}
