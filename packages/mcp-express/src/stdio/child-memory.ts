import { readFile } from 'node:fs/promises';
import type { Child } from './child-process.js';

/** Milliseconds between measurements. */
const ROUND_MS = 1_000;

const KIB = 1024;

/**
 * Calls `exceeded` when a process occupies more than `most` bytes. Measured on Linux only.
 * @param most 0 for no limit
 * @returns stops the measurements
 */
export function watchMemory({ pid }: Child, most: number, exceeded: (cause: Error) => void): () => void {
  if (most === 0 || process.platform !== 'linux') return () => {};
  const round = async (): Promise<void> => {
    const used = await residentBytes(pid);
    if (used > most) exceeded(new Error(`it occupies ${used} bytes, more than maxMemoryBytes`));
  };
  const timer = setInterval(() => void round(), ROUND_MS).unref();
  return () => clearInterval(timer);
}

/** 0 once the process has ended. */
async function residentBytes(pid: number): Promise<number> {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * KIB;
  } catch {
    return 0;
  }
}
