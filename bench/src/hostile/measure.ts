import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { nextMessage } from '../child-message.js';
import { ServerProcess } from '../server-process.js';
import type { AttackReport } from './attacker.js';
import type { Attack } from './attacks.js';
import type { Measured } from './bystander.js';
import type { TargetStore } from './target-stores.js';

/** The cost of one attack on one store. */
export interface Cost {
  readonly attack: Attack;
  readonly store: string;
  /** Bytes by which the memory of the node has grown while the attacker stays connected, after a garbage collection. */
  readonly held: number;
  /** Bytes by which the process had grown at its peak, garbage included. */
  readonly peak: number;
  /** Bytes by which the store has grown outside of the node: in Redis, or in its file. */
  readonly beside: number;
  /** The p99 of another client's calls during the attack, divided by the same client's p99 before. */
  readonly ratio: number;
  /** p99 of the bystander before and during, in milliseconds, and its calls that failed. */
  readonly before: Measured;
  readonly during: Measured;
  readonly statuses: AttackReport['statuses'];
}

const QUIET_MS = 4_000;
const LEAST_MS = 4_000;
const LONGEST_MS = 45_000;

/** Runs one attack on a fresh server with this store. */
export async function measure(attack: Attack, store: TargetStore): Promise<Cost> {
  const server = await ServerProcess.start('ours/target', {
    core: undefined,
    nodeOptions: ['--expose-gc'],
    env: { TARGET_STORE: store.url },
  });
  const children: ChildProcess[] = [];
  const child = (file: string, ...args: readonly string[]): ChildProcess => {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const started = fork(path, [...args, String(server.port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(started);
    return started;
  };
  try {
    const bystander = child('bystander.js');
    await nextMessage(bystander, ended('the bystander'));
    // The first calls compile code.
    await delay(QUIET_MS / 2);
    const before = await during(bystander, () => delay(QUIET_MS));
    const memory = await server.memory();
    const outside = await store.bytes();
    const highWater = peakOf(server.pid);
    const attacker = child('attacker.js', attack.name);
    let statuses: AttackReport['statuses'] = [];
    const attacked = await during(bystander, async () => {
      const over = new Promise<void>((resolve) => {
        attacker.once('message', (report: AttackReport) => {
          statuses = report.statuses;
          resolve();
        });
        attacker.once('exit', () => resolve());
      });
      await Promise.all([delay(LEAST_MS), Promise.race([over, delay(LONGEST_MS, undefined, { ref: false })])]);
    });
    const after = await server.memory();
    return {
      attack,
      store: store.name,
      held: after.objects - memory.objects,
      peak: peakOf(server.pid) - highWater,
      beside: (await store.bytes()) - outside,
      ratio: attacked.p99 / before.p99,
      before,
      during: attacked,
      statuses,
    };
  } finally {
    for (const process of children) process.kill('SIGKILL');
    await server.stop();
  }
}

async function during(bystander: ChildProcess, work: () => Promise<unknown>): Promise<Measured> {
  bystander.send('begin');
  await work();
  const measured = nextMessage<Measured>(bystander, ended('the bystander'));
  bystander.send('end');
  return await measured;
}

function ended(who: string): (what: string) => never {
  return (what) => {
    throw new Error(`${who} ${what}`);
  };
}

/** The most memory a process ever had, in bytes, as Linux counts it. */
function peakOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
