import type { Random } from '../random.js';
import { FAULTS, type FaultName, type FaultTrack, type Step, shapeOf } from './fault.js';

/** Options of `randomSteps`. */
export interface RandomStepOptions {
  readonly nodes: number;
  /** The longest duration of a fault, in milliseconds. */
  readonly longestMs: number;
  readonly random: Random;
}

/** The pause between two faults, in milliseconds. */
const WAIT_MS = [200, 600] as const;

/** The same for faults that stop the whole service, which must be available often enough for calls to be made. Milliseconds. */
const LONG_WAIT_MS = [2_000, 6_000] as const;

/** An endless sequence of random faults for one track. It depends on the seed only. */
export function* randomSteps(
  hand: FaultTrack,
  { nodes, longestMs, random }: RandomStepOptions,
): Generator<Step, never> {
  const possible = NAMES.filter((name) => shapeOf(name).track === hand && (nodes > 2 || name !== 'kill-two'));
  // Short faults may follow each other closely.
  const isQuick = (hand === 'nodes' && nodes > 1) || Number.isFinite(longestMs);
  const wait: readonly [number, number] = isQuick ? WAIT_MS : LONG_WAIT_MS;
  // Each fault is used once before any is repeated, so that a short run has them all.
  let bag: FaultName[] = [];
  for (;;) {
    if (bag.length === 0) bag = [...possible];
    const [fault] = bag.splice(random.between(0, bag.length - 1), 1) as [FaultName];
    const { target, ms } = shapeOf(fault);
    yield {
      waitMs: random.between(...wait),
      fault,
      node: target === 'none' ? 0 : random.between(1, nodes),
      ms: Math.min(longestMs, durationOf(ms, random)),
    };
  }
}

/** Logarithmically distributed, because faults of each order of magnitude have effects of their own. */
function durationOf([least, most]: readonly [number, number], random: Random): number {
  const from = Math.max(1, least);
  return most <= 0 ? 0 : Math.round(from * (most / from) ** random.next());
}

const NAMES = Object.keys(FAULTS) as FaultName[];

/** Formats steps such as `300 kill 2 412, 512 cut-all 0 8000`: the pause, the fault, the node, the duration. */
export function textOf(steps: readonly Step[]): string {
  return steps.map(({ waitMs, fault, node, ms }) => `${waitMs} ${fault} ${node} ${ms}`).join(', ');
}

/** Parses the format of `textOf`. @throws Error with the first invalid step. */
export function readSchedule(text: string): Step[] {
  return text.split(',').map((part) => {
    const [waitMs, fault = '', node, ms, ...more] = part.trim().split(/ +/);
    const numbers = [waitMs, node, ms].map(Number);
    if (!Object.hasOwn(FAULTS, fault) || more.length > 0 || !numbers.every((number) => number >= 0)) {
      throw new Error(`"${part.trim()}" is not a step such as "300 kill 2 412"`);
    }
    return { waitMs: Number(waitMs), fault: fault as FaultName, node: Number(node), ms: Number(ms) };
  });
}
