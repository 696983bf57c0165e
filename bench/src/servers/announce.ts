import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server tells the benchmark, which is its parent process. */
export type Announcement = { readonly port: number } | { readonly cpuMicroseconds: number };

/** What the benchmark asks of a server. */
export type Question = 'cpu' | 'exit';

/** Tells the benchmark where the server listens, answers its questions, and ends when it ends. */
export async function announce(server: Server): Promise<void> {
  if (!server.listening) await once(server, 'listening');
  process.on('message', (question: Question) => (question === 'cpu' ? tell(cpuTime()) : process.exit()));
  process.on('disconnect', () => process.exit());
  // Ctrl-C goes to the whole group; the benchmark is the one to end its servers.
  process.on('SIGINT', () => {});
  tell({ port: (server.address() as AddressInfo).port });
}

function tell(announcement: Announcement): void {
  process.send?.(announcement);
}

/** All threads of this process, in and out of the kernel. */
function cpuTime(): Announcement {
  const { user, system } = process.cpuUsage();
  return { cpuMicroseconds: user + system };
}
