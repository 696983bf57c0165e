import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A core for the servers, which take turns on it, and another for the load, so that neither takes from the other. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** Pins this process to its core. `undefined` without `taskset` or a second core: then nothing is pinned. */
export function pinLoad(): Cores | undefined {
  const [server, load] = allowedCores();
  if (server === undefined || load === undefined) return undefined;
  const pinned = spawnSync('taskset', ['-a', '-c', '-p', String(load), String(process.pid)], { stdio: 'ignore' });
  return pinned.status === 0 ? { server, load } : undefined;
}

/** The cores this process may run on, which in a container need not begin with 0. */
function allowedCores(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    return list.split(',').flatMap((range) => {
      const [first = NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
  } catch {
    return [];
  }
}
