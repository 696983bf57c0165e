import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sampleAllocations } from './allocations.js';

/** A request of the benchmark to a server. */
export type Question = 'cpu' | 'memory' | 'emit' | 'exit';

/** A message of a server to the benchmark, its parent process. */
export type Announcement =
  | { readonly port: number }
  | { readonly cpuMicroseconds: number }
  | { readonly memory: Memory }
  | { readonly emitted: true };

/** Bytes, after a collection of garbage. */
export interface Memory {
  /** JavaScript objects and the memory that they hold outside of the heap, such as buffers. */
  readonly objects: number;
  /** All pages that the system gave the process. */
  readonly resident: number;
}

const finishSampling = process.env['BENCH_ALLOCATIONS'] === undefined ? undefined : sampleAllocations();

/**
 * Announces the port of the server to the benchmark, answers its requests, and ends when the benchmark ends.
 *
 * @param emit sends one notification to all listening clients, for servers that have one.
 */
export async function announce(server: Server | number, emit: () => void = () => {}): Promise<void> {
  if (typeof server !== 'number' && !server.listening) await once(server, 'listening');
  process.on('message', (question: Question) => void answer(question, emit));
  process.on('disconnect', () => process.exit());
  // Ctrl-C goes to the whole group; the benchmark is the one to end its servers.
  process.on('SIGINT', () => {});
  tell({ port: typeof server === 'number' ? server : (server.address() as AddressInfo).port });
}

async function answer(question: Question, emit: () => void): Promise<void> {
  switch (question) {
    case 'cpu':
      return tell({ cpuMicroseconds: cpuTime() });
    case 'memory':
      return tell({ memory: await memory() });
    case 'emit':
      emit();
      return tell({ emitted: true });
    case 'exit':
      await finishSampling?.(process.env['BENCH_ALLOCATIONS'] as string);
      process.exit();
  }
}

function tell(announcement: Announcement): void {
  process.send?.(announcement);
}

/** All threads of this process, in and out of the kernel. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Garbage collections before a measurement: objects with finalizers are freed only by a later collection. */
const COLLECTIONS = 4;

async function memory(): Promise<Memory> {
  if (globalThis.gc === undefined) throw new Error('memory is measured in a process with --expose-gc');
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    globalThis.gc();
    await new Promise(setImmediate);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { objects: heapUsed + external, resident: rss };
}
