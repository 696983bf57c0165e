import { Client } from './client.js';
import type { Cores } from './cores.js';
import { load, type Round, type Target } from './load.js';
import type { Options } from './options.js';
import { ServerProcess } from './server-process.js';
import type { Subject } from './subjects.js';

/** What was measured of one server. */
export interface Row {
  readonly subject: Subject;
  readonly rounds: readonly Measured[];
  /** Why its figures prove nothing, if they do not. */
  readonly failure: string | undefined;
}

export interface Measured extends Round {
  /** Processor time of the server, all of its threads, per call. */
  readonly cpuMicrosecondsPerCall: number;
  /** The part of one core that the server used. Well below 1, it was not the server that set the pace. */
  readonly serverShare: number;
  /** The part of one core that the load used. Near 1, it was the load that set the pace. */
  readonly loadShare: number;
}

/** A server that runs, and what was measured of it so far. */
export class Contestant {
  static async start(subject: Subject, cores: Cores | undefined, connections: number): Promise<Contestant> {
    const contestant = new Contestant(subject);
    await contestant.#attempt(async () => {
      const server = await ServerProcess.start(subject.name, { core: cores?.server });
      contestant.#server = server;
      contestant.#target = await targetAt(server.port, subject, connections);
    });
    return contestant;
  }

  readonly #rounds: Measured[] = [];
  #server: ServerProcess | undefined;
  #target: Target | undefined;
  #failure: string | undefined;

  private constructor(readonly subject: Subject) {}

  get row(): Row {
    return { subject: this.subject, rounds: this.#rounds, failure: this.#failure };
  }

  warmUp(seconds: number): Promise<void> {
    return this.#attempt(async (target) => this.#judge(await load(target, seconds * 1000)));
  }

  round(seconds: number): Promise<void> {
    return this.#attempt(async (target, server) => {
      const cpuBefore = await server.cpuMicroseconds();
      const before = process.cpuUsage();
      const round = await load(target, seconds * 1000);
      const { user, system } = process.cpuUsage(before);
      this.#judge(round);
      const cpu = (await server.cpuMicroseconds()) - cpuBefore;
      const share = (microseconds: number) => microseconds / 1e6 / round.seconds;
      const shares = { serverShare: share(cpu), loadShare: share(user + system) };
      this.#rounds.push({ ...round, ...shares, cpuMicrosecondsPerCall: cpu / round.calls });
    });
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #judge({ faults, firstFault, calls }: Round): void {
    if (faults > 0) this.#failure = `${faults} wrong or missing answers; the first: ${firstFault}`;
    else if (calls === 0) this.#failure = 'no answers';
  }

  /** One server that fails must not end the run of the others. */
  async #attempt(step: (target: Target, server: ServerProcess) => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await step(this.#target as Target, this.#server as ServerProcess);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
    }
  }
}

export async function targetAt(port: number, subject: Subject, connections: number): Promise<Target> {
  const client = new Client(subject, port);
  if (subject.kind !== 'bare') await client.check();
  return { port, form: subject.form, headers: await client.openConnections(connections) };
}

/** All servers run at once and take turns, so that a noisy minute of the machine is everyone's. */
export async function measure(options: Options, cores: Cores | undefined): Promise<Row[]> {
  const contestants: Contestant[] = [];
  try {
    process.stderr.write(`starting ${options.subjects.length} servers\n`);
    for (const subject of options.subjects) {
      contestants.push(await Contestant.start(subject, cores, options.connections));
    }
    process.stderr.write('warming up\n');
    for (const contestant of contestants) await contestant.warmUp(options.warmUpSeconds);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const contestant of turned(contestants, round)) await contestant.round(options.seconds);
      process.stderr.write(`round ${round + 1} of ${options.rounds} done\n`);
    }
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
  }
  return contestants.map((contestant) => contestant.row);
}

/** Each round begins with another server, so that none always runs after the same one. */
function turned<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
