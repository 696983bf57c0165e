import type { Bench, SubjectOptions } from '../bench.js';
import type { ServerProcess } from '../server-process.js';
import type { Memory } from '../servers/announce.js';
import type { Subject } from '../subjects.js';

/** Bytes that one more session or stream costs, one value for each process. */
export interface Growth {
  readonly objects: number[];
  readonly resident: number[];
}

/** Makes `count` more sessions or streams, and closes them. */
export interface Growing {
  more(count: number): Promise<void>;
  close(): void;
}

/** The part of the count that is made before the measurement: growing tables and compilation are no part of the cost. */
const FIRST = 0.1;

/** Bytes of each of `count` things, in fresh processes. */
export async function growth(
  bench: Bench,
  subject: Subject,
  count: number,
  grow: (server: ServerProcess) => Promise<Growing> | Growing,
): Promise<Growth> {
  const found: Growth = { objects: [], resident: [] };
  for (let process = 0; process < bench.extent.processes; process += 1) {
    const options: SubjectOptions = { memory: true };
    const server = await bench.start(subject, options);
    const growing = await grow(server);
    try {
      await growing.more(Math.ceil(count * FIRST));
      const before = await server.memory();
      await growing.more(count);
      const after = await server.memory();
      const each = (of: (memory: Memory) => number) => (of(after) - of(before)) / count;
      found.objects.push(each(({ objects }) => objects));
      found.resident.push(each(({ resident }) => resident));
    } finally {
      growing.close();
      await bench.stop(server);
    }
  }
  return found;
}
