import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Cores } from './cores.js';
import { load } from './load.js';
import { targetAt } from './measure.js';
import type { Options } from './options.js';
import { ServerProcess } from './server-process.js';
import type { Subject } from './subjects.js';

/** The parts of a `.cpuprofile` that are used here. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const SAMPLE_MICROSECONDS = 200;
/** Lines of each list, which end where the shares no longer tell anything. */
const SHOWN = 45;
const LEAST_SHARE = 0.001;

/** Puts one server under load with V8's profiler on. Returns where its time went, as Markdown. */
export async function profile(
  subject: Subject,
  options: Options,
  { cores, directory }: { cores: Cores | undefined; directory: URL },
): Promise<string> {
  const into = mkdtempSync(fileURLToPath(new URL(`profile-${subject.name}-`, directory)));
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${into}`, `--cpu-prof-interval=${SAMPLE_MICROSECONDS}`];
  const server = await ServerProcess.start(subject.name, { core: cores?.server, nodeOptions });
  try {
    const target = await targetAt(server.port, subject, options.connections);
    const { faults, firstFault } = await load(target, options.rounds * options.seconds * 1000);
    if (faults > 0) throw new Error(`${subject.name}: ${firstFault}`);
  } finally {
    await server.stop();
  }
  const file = `${into}/${readdirSync(into)[0]}`;
  return describe(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile, file);
}

function describe({ nodes, samples, timeDeltas }: CpuProfile, file: string): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ourCaller = callersOf(nodes, byId);
  const self = new Map<string, number>();
  const caused = new Map<string, number>();
  const owners = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const node = byId.get(id)!;
    const time = timeDeltas[index]!;
    if (node.callFrame.functionName === '(idle)') return;
    busy += time;
    add(self, nameOf(node), time);
    add(owners, ownerOf(node), time);
    add(caused, ourCaller.get(id) ?? 'none of ours', time);
  });
  return [
    `Profile: ${file} (open it in a browser's developer tools)`,
    ...section('Self time by owner', owners, busy),
    ...section('Self time by function', self, busy),
    ...section('By the nearest caller that is ours: its own time and what it calls outside', caused, busy),
  ].join('\n');
}

/** For each node, the nearest frame of mcp-express at or above it. */
function callersOf(nodes: readonly ProfileNode[], byId: ReadonlyMap<number, ProfileNode>): Map<number, string> {
  const callers = new Map<number, string>();
  const descend = (node: ProfileNode, inherited: string | undefined): void => {
    const caller = ownerOf(node) === 'mcp-express' ? nameOf(node) : inherited;
    if (caller !== undefined) callers.set(node.id, caller);
    for (const id of node.children ?? []) descend(byId.get(id)!, caller);
  };
  descend(nodes[0]!, undefined);
  return callers;
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const place = url.replace(/^.*\/(?:node_modules|packages|bench)\//, '');
  return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
}

function ownerOf({ callFrame: { functionName, url } }: ProfileNode): string {
  const scoped = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (scoped !== undefined) return scoped;
  if (url.includes('/packages/mcp-express/')) return 'mcp-express';
  if (url.includes('/bench/')) return 'the benchmark';
  if (url.startsWith('node:')) return 'Node, in JavaScript';
  return functionName.startsWith('(') ? functionName : 'natives';
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function section(title: string, times: ReadonlyMap<string, number>, whole: number): string[] {
  const worthIt = [...times].filter(([, time]) => time >= whole * LEAST_SHARE);
  const sorted = worthIt.sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const lines = sorted.map(([name, time]) => `| ${((time / whole) * 100).toFixed(1)} % | ${name} |`);
  return ['', `## ${title}`, '', '| share | |', '| ---: | --- |', ...lines];
}
