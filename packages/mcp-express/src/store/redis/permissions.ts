import type { Commands } from './client.js';
import { WrongFormat } from './format-gate.js';
import type { Keys } from './keys.js';
import type { RedisBus } from './redis-bus.js';
import { isRefusal } from './refusal.js';
import { type Script, script } from './script.js';
import type { StreamNotifications } from './stream-notifications.js';

/** Commands on one key that the scripts use. */
const OF_A_KEY =
  'DECR DECRBY EXISTS GET HDEL HEXISTS HGET HGETALL HINCRBY HKEYS HMGET HSET HSETNX INCR INCRBY PEXPIRE ' +
  'PEXPIREAT PEXPIRETIME SADD SET SMEMBERS SRANDMEMBER SREM UNLINK XADD XDEL XLEN XRANGE XREVRANGE XTRIM ZADD ZCARD ' +
  'ZRANGE ZRANGEBYSCORE ZREM ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZSCORE';

/**
 * KEYS: any. ARGV: channel. Returns the names of the commands that the user may not run, and with a leading `!` those that
 * the server does not know. When there are none, writes the key, so that it also fails where Redis takes no writes.
 */
const CHECK: Script = {
  ungated: true,
  ...script(`
local key, channel = KEYS[1], ARGV[1]
local missing = {}
local function need(name, ...)
  local known, allowed = pcall(redis.acl_check_cmd, name, ...)
  if not known then missing[#missing + 1] = '!' .. name elseif not allowed then missing[#missing + 1] = name end
end
if redis.acl_check_cmd then
  for name in string.gmatch('${OF_A_KEY}', '%u+') do need(name, key) end
  need('TIME')
  need('XREAD', 'STREAMS', key, '0')
  need('SPUBLISH', channel, '')
  need('SSUBSCRIBE', channel)
  need('SUNSUBSCRIBE', channel)
else
  local told = redis.pcall('SPUBLISH', channel, '')
  if type(told) == 'table' and told.err then missing[1] = 'SPUBLISH' end
end
if #missing == 0 then redis.call('SET', key, '', 'PX', 1) end
return missing
`),
};

/** The user or the server lacks a command that the store needs: the operator must change a setting. */
export class MissingPermissions extends Error {
  override readonly name = 'MissingRights';
}

/** Whether an error needs a change by the operator, and is therefore a reason not to start. */
export function isForGood(cause: unknown): boolean {
  return cause instanceof MissingPermissions || cause instanceof WrongFormat;
}

/**
 * Checks the commands and permissions that the store needs, at each connect and for health checks. `docs/scaling.md` has
 * them as a line for `ACL SETUSER`.
 */
export class Permissions {
  readonly #told = new Set<string>();

  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
    private readonly listening: { readonly wakes: StreamNotifications; readonly bus: RedisBus },
  ) {
    commands.onThere(() => void this.check().catch((cause: unknown) => this.#warn(cause)));
  }

  /** @throws MissingPermissions naming the commands, WrongFormat, or the error of a Redis that takes no writes. */
  async check(): Promise<void> {
    const { keys, commands, listening } = this;
    const channel = keys.channel('ping');
    try {
      const missing = (await commands.run(CHECK, [keys.agreed('ping')], [channel])) as readonly string[];
      if (missing.length > 0) throw new MissingPermissions(this.#text(missing));
      await commands.assertFit();
      await commands.limit(listening.wakes.probe(channel), listening.wakes);
      if (listening.bus.refusal !== undefined) throw listening.bus.refusal;
    } catch (cause) {
      throw isRefusal(cause) ? this.#refused(cause) : cause;
    }
  }

  #text(missing: readonly string[]): string {
    const unknown = missing.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
    const denied = missing.filter((name) => !name.startsWith('!'));
    const said: string[] = [];
    if (denied.length > 0) said.push(`its user may not run ${this.#places(denied)}`);
    if (unknown.length > 0) said.push(`it does not know ${unknown.join(', ')}`);
    return `redisStore cannot work with this Redis: ${said.join('; ')}. See "Rights in Redis" in docs/scaling.md.`;
  }

  /** Names the keys and channels too: `ACL SETUSER` grants them apart from commands, and they are forgotten more often. */
  #places(names: readonly string[]): string {
    const onChannels = names.filter((name) => name.endsWith('PUBLISH') || name.endsWith('SUBSCRIBE'));
    const others = names.filter((name) => !onChannels.includes(name));
    const parts = others.length > 0 ? [`${others.join(', ')} on the keys "${this.keys.allKeys}"`] : [];
    if (onChannels.length > 0) parts.push(`${onChannels.join(', ')} on the channels "${this.keys.allChannels}"`);
    return parts.join(', and ');
  }

  #refused(cause: unknown): Error {
    if (cause instanceof MissingPermissions) return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const text = `redisStore cannot work with this Redis: ${message}. See "Rights in Redis" in docs/scaling.md.`;
    return new MissingPermissions(text, { cause });
  }

  #warn(cause: unknown): void {
    const message = warningOf(cause);
    if (message === undefined || this.#told.has(message)) return;
    this.#told.add(message);
    const code = cause instanceof WrongFormat ? 'redis-format' : 'redis-rights';
    process.emitWarning(message, { type: 'McpExpressWarning', code });
  }
}

function warningOf(cause: unknown): string | undefined {
  if (cause instanceof MissingPermissions) return cause.message;
  if (cause instanceof WrongFormat) return cause.operatorText;
  if (!(cause instanceof Error) || !cause.message.includes('READONLY')) return undefined;
  return `redisStore is connected to a replica, which takes no writes: ${cause.message}`;
}
