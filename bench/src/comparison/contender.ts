import type { Bench } from '../bench.js';
import type { ServerProcess } from '../server-process.js';
import type { Subject } from '../subjects.js';
import { USUAL_TOOLS } from '../tools.js';
import { modernHead, sessionHead } from '../wire/head.js';
import { openSessions } from '../wire/sessions.js';
import { load, type Round, type Target } from './load.js';
import { verify, verifyRefusal } from './verify.js';
import { preparedRequests, type Workload } from './workload.js';

/** A server in a comparison. */
export interface Entrant {
  readonly subject: Subject;
  /** Tools that it offers. @default 20 */
  readonly tools?: number;
}

/** The measurements of one round. */
export interface Measured extends Round {
  /** Answers a second. */
  readonly rate: number;
  /** Processor time of the server, all of its threads, per call. */
  readonly cpuMicrosecondsPerCall: number;
  /** The part of one core that the server used. Well below 1, it was not the server that set the pace. */
  readonly serverShare: number;
}

/** All measurements of one server. */
export interface Standing {
  readonly entrant: Entrant;
  readonly rounds: readonly Measured[];
  /** The form and the bytes of an answer. */
  readonly answer: string;
  /** The reason why its figures are invalid, if they are. */
  readonly failure: string | undefined;
}

/** Identifies an entrant by its server and its number of tools. */
export function keyOf({ subject, tools = USUAL_TOOLS }: Entrant): string {
  return `${subject.name}/${tools}`;
}

/** A running server and its measurements so far. */
export class Contender {
  readonly #rounds: Measured[] = [];
  #server: ServerProcess | undefined;
  #target: Target | undefined;
  #answer = '';
  #failure: string | undefined;

  constructor(
    private readonly bench: Bench,
    private readonly workload: Workload,
    readonly entrant: Entrant,
  ) {}

  get standing(): Standing {
    return { entrant: this.entrant, rounds: this.#rounds, answer: this.#answer, failure: this.#failure };
  }

  start(): Promise<void> {
    return this.#attempt(async () => {
      const { subject, tools = USUAL_TOOLS } = this.entrant;
      this.#server = await this.bench.start(subject, { tools });
      const { port } = this.#server;
      this.#target = { port, heads: await this.#heads(port), requests: preparedRequests(this.workload, tools) };
      this.#answer = await verify(this.#target, tools);
      if (subject.kind !== 'bare') await verifyRefusal(this.#target, this.workload.era);
    });
  }

  warmUp(): Promise<void> {
    const ms = this.bench.extent.warmUpSeconds * 1000;
    return this.#attempt(async (target) => this.#judge(await load(target, { ms })));
  }

  round(): Promise<void> {
    return this.#attempt(async (target, server) => {
      const cpuBefore = await server.cpuMicroseconds();
      const round = await load(target, { ms: this.bench.extent.seconds * 1000 });
      this.#judge(round);
      const cpu = (await server.cpuMicroseconds()) - cpuBefore;
      this.#rounds.push({
        ...round,
        rate: round.calls / round.seconds,
        cpuMicrosecondsPerCall: cpu / round.calls,
        serverShare: cpu / 1e6 / round.seconds,
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#server !== undefined) await this.bench.stop(this.#server);
  }

  async #heads(port: number): Promise<string[]> {
    const { connections } = this.bench.extent;
    if (this.workload.era === 'modern') return Array.from({ length: connections }, () => modernHead(port));
    const { sessions, revision } = this.entrant.subject;
    const ids = sessions
      ? await openSessions(port, connections, revision)
      : Array.from({ length: connections }, () => undefined);
    return ids.map((session) => sessionHead(port, session, revision));
  }

  #judge({ faults, firstFault, calls }: Round): void {
    if (faults > 0) this.#failure = `${faults} wrong or missing answers; the first: ${firstFault}`;
    else if (calls === 0) this.#failure = 'no answers';
  }

  /** Records a failure of this server, so that it does not end the run of the others. */
  async #attempt(step: (target: Target, server: ServerProcess) => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await step(this.#target as Target, this.#server as ServerProcess);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
    }
  }
}
