import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');

/** A running float-server program. */
export interface Program {
  /** The MCP endpoint. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the built program in a process of its own, on the sandbox. */
export async function startProgram(env: Record<string, string> = {}): Promise<Program> {
  if (!existsSync(MAIN))
    throw new Error('float-server is not built: run `npm test`, or `npx tsc -b apps/float-server`');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await readyAt(child);
  return { url, port: Number(new URL(url).port), stop: () => stop(child) };
}

async function readyAt(child: ChildProcess): Promise<string> {
  let printed = '';
  child.stderr?.resume();
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    const url = /http:\S+\/mcp/.exec(printed)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`float-server ended before it was ready: ${printed}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
