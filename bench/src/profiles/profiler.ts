import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Subject } from '../subjects.js';
import { type AllocationProfile, describeAllocations } from './allocations.js';
import { type CpuProfile, describeCpu } from './cpu.js';

/** The kind of a profile: processor time, or allocated bytes. */
export type ProfileKind = 'cpu' | 'allocations';

const SAMPLE_MICROSECONDS = 200;

/** Profiles one server while its rows are measured. The figures of those rows are then invalid. */
export class Profiler {
  readonly #into: string;
  #started = 0;

  constructor(
    private readonly subject: Subject,
    private readonly kind: ProfileKind,
    directory: URL,
  ) {
    this.#into = mkdtempSync(fileURLToPath(new URL(`profile-${subject.name}-`, directory)));
  }

  /** The options with which a process of this server starts; `undefined` for servers that are not profiled. */
  optionsFor(subject: Subject): { nodeOptions: readonly string[]; env: Readonly<Record<string, string>> } | undefined {
    if (subject !== this.subject) return undefined;
    this.#started += 1;
    const file = `${this.#into}/${this.#started}.${this.kind}profile`;
    if (this.kind === 'allocations') return { nodeOptions: [], env: { BENCH_ALLOCATIONS: file } };
    const name = file.slice(this.#into.length + 1);
    const where = [`--cpu-prof-dir=${this.#into}`, `--cpu-prof-name=${name}`];
    return { nodeOptions: ['--cpu-prof', ...where, `--cpu-prof-interval=${SAMPLE_MICROSECONDS}`], env: {} };
  }

  /** Where the server's time or memory went, as Markdown. Of several processes, the one that did most. */
  describe(): string {
    const files = readdirSync(this.#into).map((name) => `${this.#into}/${name}`);
    const [largest] = files.sort((a, b) => statSync(b).size - statSync(a).size);
    if (largest === undefined) throw new Error(`these rows do not run "${this.subject.name}"`);
    const profile: unknown = JSON.parse(readFileSync(largest, 'utf8'));
    return this.kind === 'cpu'
      ? describeCpu(profile as CpuProfile, largest)
      : describeAllocations(profile as AllocationProfile, largest);
  }
}
