import { openStreams } from '../rows/open-streams.js';
import { ServerProcess } from '../server-process.js';
import { openSessions } from '../wire/sessions.js';

/** The cost of open GET streams on one node, and the time of one announcement to all of them. */
export interface OpenStreams {
  readonly count: number;
  /** Of resident memory, for each stream, its connection and its session. */
  readonly residentEach: number;
  /** Of objects and buffers. */
  readonly objectsEach: number;
  /** Milliseconds from `list_changed` until the last stream has it, of each time. */
  readonly milliseconds: readonly number[];
  /** Milliseconds of processor time that the node takes for one announcement, on average. */
  readonly cpuEach: number;
}

/** Options of `openStreamsOf`. */
export interface StreamsToOpen {
  readonly count: number;
  /** The Redis of the sessions. @default none, sessions are in memory */
  readonly redisUrl?: string;
}

/** Announcements, of which the first ones warm up. */
const WARM_UP = 3;
const MEASURED = 20;

/** Streams opened before the first measurement: growing tables and compilation are no part of the cost. */
const FIRST = 500;

/** Measures open streams in a fresh process. */
export async function openStreamsOf({ count, redisUrl }: StreamsToOpen): Promise<OpenStreams> {
  const env = { BENCH_GUARDS_OFF: 'rates,limits', ...(redisUrl === undefined ? {} : { BENCH_REDIS_URL: redisUrl }) };
  const server = await ServerProcess.start('ours/router-serve', { core: undefined, nodeOptions: ['--expose-gc'], env });
  try {
    const { port } = server;
    const first = await openStreams(port, await openSessions(port, FIRST));
    const before = await server.memory();
    const streams = [...first, ...(await openStreams(port, await openSessions(port, count - FIRST)))];
    const after = await server.memory();
    const milliseconds: number[] = [];
    let cpuBefore = 0;
    for (let time = 0; time < WARM_UP + MEASURED; time += 1) {
      if (time === WARM_UP) cpuBefore = await server.cpuMicroseconds();
      const wanted = (streams[0]?.messages ?? 0) + 1;
      const beganAt = performance.now();
      await server.emit();
      for (const stream of streams) await stream.until(() => stream.messages >= wanted);
      if (time >= WARM_UP) milliseconds.push(performance.now() - beganAt);
    }
    const cpuEach = ((await server.cpuMicroseconds()) - cpuBefore) / MEASURED / 1_000;
    for (const stream of streams) stream.close();
    const each = (of: 'resident' | 'objects') => (after[of] - before[of]) / (count - FIRST);
    return { count, cpuEach, residentEach: each('resident'), objectsEach: each('objects'), milliseconds };
  } finally {
    await server.stop();
  }
}
