import { type CallFrame, isOurs, nameOf, ownerOf, Sums } from './frames.js';

/** The parts of a `.cpuprofile` that are used here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

/** Microseconds at the start that are left out of a profile at least twice as long: loading and compilation. */
const START = 1_500_000;

/** Where the time went while the server was under load, as Markdown. */
export function describeCpu({ nodes, samples, timeDeltas }: CpuProfile, file: string): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ourCaller = callersOf(nodes, byId);
  const [self, caused, owners] = [new Sums(), new Sums(), new Sums()];
  const whole = timeDeltas.reduce((sum, time) => sum + time, 0);
  const from = whole > 2 * START ? START : 0;
  let elapsed = 0;
  samples.forEach((id, index) => {
    const { callFrame } = byId.get(id)!;
    const time = timeDeltas[index]!;
    elapsed += time;
    if (elapsed < from || callFrame.functionName === '(idle)') return;
    self.add(nameOf(callFrame), time);
    owners.add(ownerOf(callFrame), time);
    caused.add(ourCaller.get(id) ?? 'none of ours', time);
  });
  return [
    `Profile: ${file} (open it in a browser's developer tools)`,
    ...owners.section('Self time by owner'),
    ...self.section('Self time by function'),
    ...caused.section('By the nearest caller that is ours: its own time and what it calls outside'),
  ].join('\n');
}

/** For each node, the nearest frame of mcp-express at or above it. */
function callersOf(nodes: readonly ProfileNode[], byId: ReadonlyMap<number, ProfileNode>): Map<number, string> {
  const callers = new Map<number, string>();
  const descend = (node: ProfileNode, inherited: string | undefined): void => {
    const caller = isOurs(node.callFrame.url) ? nameOf(node.callFrame) : inherited;
    if (caller !== undefined) callers.set(node.id, caller);
    for (const id of node.children ?? []) descend(byId.get(id)!, caller);
  };
  descend(nodes[0]!, undefined);
  return callers;
}
