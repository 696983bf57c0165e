import type { Counters, CounterValue } from '../store.js';
import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script } from './script.js';

/** Counts a hit. KEYS: counter. ARGV: window in milliseconds. */
const COUNT = script(`
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { hits, redis.call('PEXPIRETIME', KEYS[1]) }
`);

const READ = script(`return { tonumber(redis.call('GET', KEYS[1]) or 0), redis.call('PEXPIRETIME', KEYS[1]) }`);

const UNCOUNT = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECR', KEYS[1]) end
`);

const FORGET = script(`redis.call('UNLINK', KEYS[1])`);

/** Counters as keys that expire with their window. */
export class RedisCounters implements Counters {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async count(name: string, windowMs: number): Promise<CounterValue> {
    return countedOf(await this.commands.run(COUNT, [this.keys.counter(name)], [String(windowMs)]));
  }

  async read(name: string): Promise<CounterValue> {
    return countedOf(await this.commands.run(READ, [this.keys.counter(name)], []));
  }

  async uncount(name: string): Promise<void> {
    await this.commands.run(UNCOUNT, [this.keys.counter(name)], []);
  }

  async forget(name: string): Promise<void> {
    await this.commands.run(FORGET, [this.keys.counter(name)], []);
  }
}

/** Redis returns a negative time for a missing key. */
function countedOf(reply: unknown): CounterValue {
  const [hits, resetsAt] = reply as [number, number];
  return resetsAt > 0 ? { hits, resetsAt } : { hits };
}
