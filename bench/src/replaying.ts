import { setPriority } from 'node:os';
import { Backlog } from './rows/backlog.js';

/** A message from the benchmark to this program, its child process. */
export type ReplayOrder = 'begin' | 'end';

/** The messages of this program: it is ready; and, after each `end`, the number of complete replays. */
export type ReplayReport = { readonly ready: true } | { readonly replays: number };

/** Lowest priority: the load shares its core with this program, and must not be delayed by it. */
const LAST_IN_LINE = 19;

const [port, events] = process.argv.slice(2).map(Number) as [number, number];
const backlog = await Backlog.make(port, events);
setPriority(LAST_IN_LINE);
let replaying = false;

async function replay(): Promise<void> {
  let replays = 0;
  for (replaying = true; replaying; replays += 1) await backlog.replay();
  report({ replays });
}

function report(said: ReplayReport): void {
  process.send?.(said);
}

process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
process.on('message', (order: ReplayOrder) => {
  if (order === 'begin') void replay();
  else replaying = false;
});
report({ ready: true });
