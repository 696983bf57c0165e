import type { Store } from 'mcp-express';
import type { Redis } from './redis.js';
import { Service, times } from './service.js';

/** The work of Redis for one request. */
export interface Operations {
  readonly what: string;
  /** Scripts for one request, including those that the response does not wait for. */
  readonly scripts: number;
  /** Commands inside of them. */
  readonly commands: number;
  /** Of the one thread of Redis, without what the network takes. */
  readonly microseconds: number;
}

const REQUESTS = 2_000;
const SCRIPTS = /^(evalsha|eval|fcall)$/;
/** Commands of this measurement, or of the background work of a node. */
const APART = /^(info|config\|resetstat|xread|xrevrange|client\|\S+|hello|ping|time|dbsize)$/;

/** Counts what Redis does for one request of each kind. */
export async function operations(store: Store, redis: Redis): Promise<Operations[]> {
  const service = await Service.start(store, 600_000);
  try {
    const session = await service.open();
    await service.call(session, 'stream');
    await service.end(await service.open());
    const counted = async (what: string, work: (i: number) => Promise<unknown>): Promise<Operations> => {
      redis.commands();
      await times(REQUESTS, work);
      const all = redis.commands().filter(({ name }) => !APART.test(name));
      const sum = (isScript: boolean, part: 'calls' | 'microseconds'): number =>
        all.reduce((total, stat) => total + (SCRIPTS.test(stat.name) === isScript ? stat[part] : 0), 0) / REQUESTS;
      return {
        what,
        scripts: sum(true, 'calls'),
        commands: sum(false, 'calls'),
        microseconds: sum(true, 'microseconds'),
      };
    };
    const opened: string[] = [];
    return [
      await counted('initialize', async (i) => {
        opened[i] = await service.open();
      }),
      await counted('call answered as JSON', () => service.call(session, 'json')),
      await counted('call answered as a stream, with one notification', () => service.call(session, 'stream')),
      await counted('DELETE', (i) => service.end(opened[i] as string)),
    ];
  } finally {
    await service.close();
    await store.close();
  }
}
