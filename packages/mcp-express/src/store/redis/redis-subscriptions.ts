import type { NamedResource, SessionId, SubscribeOutcome, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';
import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script } from './script.js';

/** The set of subscribers to a URI expires this long after the last of its sessions, unless one renews it. Milliseconds. */
const KEPT_MS = 72 * 60 * 60_000;

const LIFE = `
local function life()
  local s = redis.call('HMGET', KEYS[1], 'x', 'h')
  return s[1] and math.max(tonumber(s[1]), tonumber(s[2])) or 0
end
`;

/**
 * Subscribes a session. KEYS: session. ARGV: key of the URI, its bytes, limit of subscriptions, limit of bytes, the URI where
 * it differs from its key. Subscriptions are fields of the session, so that they end with it. Returns the expiry of the
 * session, or the reason of a refusal.
 */
const ADD = script(
  LIFE,
  `
if redis.call('HEXISTS', KEYS[1], 'r') == 0 then return 'no-session' end
if redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1]) == 1 then return life() end
if tonumber(redis.call('HGET', KEYS[1], 'us') or 0) >= tonumber(ARGV[3]) then return 'too-many' end
if tonumber(redis.call('HGET', KEYS[1], 'ub') or 0) + ARGV[2] > tonumber(ARGV[4]) then return 'too-long' end
redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], '0')
if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 's:' .. ARGV[1], ARGV[5]) end
redis.call('HINCRBY', KEYS[1], 'us', 1)
redis.call('HINCRBY', KEYS[1], 'ub', ARGV[2])
redis.call('HSETNX', KEYS[1], 'ur', text(now()))
return life()
`,
);

/** KEYS: session. Returns its expiry and the keys of its subscriptions. */
const WANTED = script(
  LIFE,
  `
local found = { life() }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'u:' then found[#found + 1] = string.sub(field, 3) end
end
return found
`,
);

/** Unsubscribes a session. KEYS: session. ARGV: key of the URI, its bytes where the URI equals its key. */
const REMOVE = script(`
if redis.call('HDEL', KEYS[1], 'u:' .. ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'us', -1)
local spelled = redis.call('HGET', KEYS[1], 's:' .. ARGV[1])
if spelled then redis.call('HDEL', KEYS[1], 's:' .. ARGV[1]) end
return redis.call('HINCRBY', KEYS[1], 'ub', 0 - tonumber(ARGV[2]) - (spelled and #spelled or 0))
`);

const MARK = script(`
if redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1]) == 0 then return 0 end
if redis.call('HGET', KEYS[1], 'u:' .. ARGV[1]) == '0' then
  redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], redis.call('HINCRBY', KEYS[1], 'un', 1), 'um', '1')
end
return 1
`);

/** Takes the marked URIs in the order of their marks. `um` shows whether there are any: a session may have many subscriptions. */
const TAKE = script(`
if redis.call('HGET', KEYS[1], 'um') ~= '1' then return {} end
redis.call('HSET', KEYS[1], 'um', '0')
local marks, spelled = {}, {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'u:' and fields[i + 1] ~= '0' then
    redis.call('HSET', KEYS[1], fields[i], '0')
    marks[#marks + 1] = { key = string.sub(fields[i], 3), turn = tonumber(fields[i + 1]) }
  elseif string.sub(fields[i], 1, 2) == 's:' then
    spelled[string.sub(fields[i], 3)] = fields[i + 1]
  end
end
table.sort(marks, function(a, b) return a.turn < b.turn end)
local taken = {}
for i, mark in ipairs(marks) do taken[i] = spelled[mark.key] or mark.key end
return taken
`);

/** Adds a subscriber. KEYS: subscribers of a URI. ARGV: session, its expiry. Returns two random subscribers, to be checked. */
const JOIN = script(`
redis.call('SADD', KEYS[1], ARGV[1])
local keptUntil = tonumber(ARGV[2]) + ${KEPT_MS}
if redis.call('PEXPIRETIME', KEYS[1]) < keptUntil then redis.call('PEXPIREAT', KEYS[1], text(keptUntil)) end
return redis.call('SRANDMEMBER', KEYS[1], 2)
`);

const LEAVE = script(`redis.call('SREM', KEYS[1], unpack(ARGV))`);

const MEMBERS = script(`return redis.call('SMEMBERS', KEYS[1])`);

/** KEYS: session. ARGV: key of a URI. */
const IS_SUBSCRIBED = script(`return redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1])`);

/** Subscriptions as fields of their sessions, and a set of subscribing sessions for each URI. */
export class RedisSubscriptions implements Subscriptions {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async add(
    session: SessionId,
    resource: NamedResource,
    { count, bytes }: SubscriptionLimits,
  ): Promise<SubscribeOutcome> {
    const { uri, key } = resource;
    const numbers = [subscriptionCost(resource), count, bytes].map(String);
    const added = await this.#run(ADD, session, [key, ...numbers, uri === key ? '' : uri]);
    if (typeof added === 'string') return added as SubscribeOutcome;
    void this.#tidy(key, await this.#join(session, key, Number(added)));
    return 'subscribed';
  }

  /** Extends the sets of subscribers that a session is in. Not awaited: the sets outlive two failed daily renewals. */
  async renew(session: SessionId): Promise<void> {
    try {
      const [until, ...keys] = (await this.#run(WANTED, session, [])) as [number, ...string[]];
      for (const key of keys) await this.#join(session, key, until);
    } catch {
      // The next daily renewal tries again.
    }
  }

  async remove(session: SessionId, key: string): Promise<void> {
    await this.#run(REMOVE, session, [key, String(subscriptionCost({ uri: key, key }))]);
    await this.commands.run(LEAVE, [this.keys.subscribers(key)], [session]);
  }

  async mark(key: string): Promise<readonly SessionId[]> {
    const sessions = (await this.commands.run(MEMBERS, [this.keys.subscribers(key)], [])) as SessionId[];
    const marked = await Promise.all(sessions.map(async (session) => (await this.#run(MARK, session, [key])) === 1));
    const gone = sessions.filter((_session, i) => marked[i] !== true);
    if (gone.length > 0) await this.#leaveAll(key, gone);
    return sessions.filter((_session, i) => marked[i] === true);
  }

  async take(session: SessionId): Promise<readonly string[]> {
    return (await this.#run(TAKE, session, [])) as string[];
  }

  /** Expired sessions do not unsubscribe. Each new subscription checks two others, so that few expired ones stay. */
  async #tidy(key: string, sessions: readonly SessionId[]): Promise<void> {
    try {
      const alive = await Promise.all(sessions.map((session) => this.#run(IS_SUBSCRIBED, session, [key])));
      const gone = sessions.filter((_session, i) => alive[i] !== 1);
      if (gone.length > 0) await this.#leaveAll(key, gone);
    } catch {
      // A later subscription checks them.
    }
  }

  async #leaveAll(key: string, sessions: readonly SessionId[]): Promise<void> {
    const most = 5_000;
    for (let i = 0; i < sessions.length; i += most) {
      await this.commands.run(LEAVE, [this.keys.subscribers(key)], sessions.slice(i, i + most));
    }
  }

  async #join(session: SessionId, key: string, until: number): Promise<readonly SessionId[]> {
    const others = await this.commands.run(JOIN, [this.keys.subscribers(key)], [session, String(until)]);
    return others as SessionId[];
  }

  #run(script: typeof ADD, session: SessionId, args: readonly string[]): Promise<unknown> {
    return this.commands.run(script, [this.keys.session(session)], args);
  }
}
