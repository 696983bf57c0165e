import { setPriority } from 'node:os';
import { Backlog } from './rows/backlog.js';

/** What the benchmark says to this program, which is its child process. */
export type ReplayOrder = 'begin' | 'end';

/** The program says that it is ready, and after each `end` how often it had everything. */
export type ReplayReport = { readonly ready: true } | { readonly replays: number };

/** The load shares its core with this program, and is what is measured. */
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
