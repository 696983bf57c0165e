import type { Cores } from './cores.js';
import type { Extent } from './extent.js';
import type { Profiler } from './profiles/profiler.js';
import { ServerProcess } from './server-process.js';
import type { Subject } from './subjects.js';

/** Options of a server under test. */
export interface SubjectOptions {
  /** Number of tools that it offers. */
  readonly tools?: number;
  /** Offers the tool `emit`. `kept`: also keeps its notifications for clients that resume. */
  readonly streams?: 'shown' | 'kept';
  /** Whether its memory can be measured. */
  readonly memory?: boolean;
  /** The Redis of its sessions. @default none, sessions are in memory */
  readonly redisUrl?: string;
}

/** The extent of the measurements, the cores, and the running servers, shared by all rows. */
export class Bench {
  readonly #running = new Set<ServerProcess>();

  constructor(
    readonly extent: Extent,
    readonly cores: Cores | undefined,
    private readonly profiler: Profiler | undefined,
  ) {}

  /** Starts a server. The caller stops it; `stopAll` stops those that are left after a failure. */
  async start(subject: Subject, options: SubjectOptions = {}): Promise<ServerProcess> {
    const { tools, streams, memory = false, redisUrl } = options;
    const profiling = this.profiler?.optionsFor(subject);
    const server = await ServerProcess.start(subject.file, {
      core: this.cores?.server,
      nodeOptions: [...(memory ? ['--expose-gc'] : []), ...(profiling?.nodeOptions ?? [])],
      env: {
        ...subject.env,
        ...profiling?.env,
        ...(tools === undefined ? {} : { BENCH_TOOLS: String(tools) }),
        ...(streams === undefined ? {} : { BENCH_STREAMS: streams }),
        ...(redisUrl === undefined ? {} : { BENCH_REDIS_URL: redisUrl }),
      },
    });
    this.#running.add(server);
    return server;
  }

  async stop(...servers: readonly ServerProcess[]): Promise<void> {
    for (const server of servers) this.#running.delete(server);
    await Promise.all(servers.map((server) => server.stop()));
  }

  stopAll(): Promise<void> {
    return this.stop(...this.#running);
  }

  say(what: string): void {
    process.stderr.write(`${what}\n`);
  }
}
