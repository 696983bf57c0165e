import type { ClaimStore, Leases, Values, Versions } from '../store.js';
import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script, timedScript } from './script.js';

const CLAIM = timedScript(`return redis.call('SET', KEYS[1], '', 'NX', 'PXAT', text(ours(ARGV[1]) - 1)) and 1 or 0`);

/** Claims as keys that expire. */
export class RedisClaims implements ClaimStore {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async claim(name: string, expiresAt: number): Promise<boolean> {
    return (await this.commands.run(CLAIM, [this.keys.claim(name)], [String(expiresAt)])) === 1;
  }
}

/** Milliseconds that the beginning of a node's absence is kept. */
const MISSED_KEPT_MS = 60 * 60_000;

/** KEYS: lease, time since when it is missing. A node relies on its lease by its own clock, so it must not expire earlier. */
const HOLD = timedScript(`
redis.call('SET', KEYS[1], '', 'PXAT', text(exactly(ARGV[1]) - 1))
redis.call('UNLINK', KEYS[2])
`);
const MISSED_FOR = script(`
local time, ends = now(), redis.call('PEXPIRETIME', KEYS[1])
if ends ~= -2 then
  redis.call('UNLINK', KEYS[2])
  return math.min(0, time - ends)
end
redis.call('SET', KEYS[2], text(time), 'PX', ${MISSED_KEPT_MS}, 'NX')
return time - redis.call('GET', KEYS[2])
`);
const IS_HELD = script(`return redis.call('EXISTS', KEYS[1])`);
const RELEASE = script(`redis.call('UNLINK', KEYS[1])`);

/** Leases as keys that expire. */
export class RedisLeases implements Leases {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async hold(node: string, until: number): Promise<void> {
    await this.commands.run(HOLD, this.#keysOf(node), [String(until)]);
  }

  async isHeld(node: string): Promise<boolean> {
    return (await this.commands.run(IS_HELD, [this.keys.lease(node)], [])) === 1;
  }

  async missedFor(node: string): Promise<number> {
    return Number(await this.commands.run(MISSED_FOR, this.#keysOf(node), []));
  }

  #keysOf(node: string): string[] {
    return [this.keys.lease(node), this.keys.missed(node)];
  }

  async release(node: string): Promise<void> {
    await this.commands.run(RELEASE, [this.keys.lease(node)], []);
  }
}

const BUMP = script(`redis.call('HINCRBY', KEYS[1], ARGV[1], 1)`);
const VERSIONS = script(`return redis.call('HMGET', KEYS[1], unpack(ARGV))`);

/** Version numbers in a hash. */
export class RedisVersions implements Versions {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async bump(name: string): Promise<void> {
    await this.commands.run(BUMP, [this.keys.index('versions')], [name]);
  }

  async read(names: readonly string[]): Promise<readonly number[]> {
    if (names.length === 0) return [];
    const found = (await this.commands.run(VERSIONS, [this.keys.index('versions')], names)) as (string | null)[];
    return found.map((version) => Number(version ?? 0));
  }
}

const AGREE = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/** Values as keys that do not expire. */
export class RedisValues implements Values {
  readonly #agreed = new Map<string, string>();

  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {
    // Redis may have lost its data. This node then proposes the values that it uses again, before a new node proposes
    // others.
    commands.onThere(() => {
      for (const [name, value] of this.#agreed) this.#propose(name, value).catch(() => {});
    });
  }

  async agree(name: string, value: string): Promise<string> {
    const agreed = await this.#propose(name, value);
    this.#agreed.set(name, agreed);
    return agreed;
  }

  async #propose(name: string, value: string): Promise<string> {
    return String(await this.commands.run(AGREE, [this.keys.agreed(name)], [value]));
  }
}
