import type { SessionId, Subscribed, SubscriptionLimits, Subscriptions } from '../store.js';
import { subscriptionCost } from '../subscription-cost.js';
import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script } from './script.js';

/** What is kept of who subscribes to a URI outlives the last of them by as much, unless one says so again. Milliseconds. */
const KEPT_MS = 72 * 60 * 60_000;

const LIFE = `
local function life()
  local s = redis.call('HMGET', KEYS[1], 'x', 'h')
  return s[1] and math.max(tonumber(s[1]), tonumber(s[2])) or 0
end
`;

/**
 * KEYS: session. ARGV: URI, what it costs, limit, limit of bytes. Subscriptions are fields of the session, so that they
 * end with it. Gives until when that lives, or why it is not subscribed.
 */
const ADD = script(
  LIFE,
  `
if redis.call('HEXISTS', KEYS[1], 'r') == 0 then return 'no-session' end
if redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1]) == 1 then return life() end
if tonumber(redis.call('HGET', KEYS[1], 'us') or 0) >= tonumber(ARGV[3]) then return 'too-many' end
if tonumber(redis.call('HGET', KEYS[1], 'ub') or 0) + ARGV[2] > tonumber(ARGV[4]) then return 'too-long' end
redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], '0')
redis.call('HINCRBY', KEYS[1], 'us', 1)
redis.call('HINCRBY', KEYS[1], 'ub', ARGV[2])
redis.call('HSETNX', KEYS[1], 'ur', text(now()))
return life()
`,
);

/** KEYS: session. Gives until when it lives, and what it subscribes to. */
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

/** KEYS: session. ARGV: URI, what it costs. */
const REMOVE = script(`
if redis.call('HDEL', KEYS[1], 'u:' .. ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'us', -1)
return redis.call('HINCRBY', KEYS[1], 'ub', -ARGV[2])
`);

const MARK = script(`
if redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1]) == 0 then return 0 end
if redis.call('HGET', KEYS[1], 'u:' .. ARGV[1]) == '0' then
  redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], redis.call('HINCRBY', KEYS[1], 'un', 1), 'um', '1')
end
return 1
`);

/** Whether there are marks at all is asked first: a session may have many subscriptions. */
const TAKE = script(`
if redis.call('HGET', KEYS[1], 'um') ~= '1' then return {} end
redis.call('HSET', KEYS[1], 'um', '0')
local marks = {}
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'u:' and fields[i + 1] ~= '0' then
    redis.call('HSET', KEYS[1], fields[i], '0')
    marks[#marks + 1] = { uri = string.sub(fields[i], 3), turn = tonumber(fields[i + 1]) }
  end
end
table.sort(marks, function(a, b) return a.turn < b.turn end)
local taken = {}
for i, mark in ipairs(marks) do taken[i] = mark.uri end
return taken
`);

/** KEYS: subscribers of a URI. ARGV: session, until when it lives. Gives two others, to be looked at. */
const JOIN = script(`
redis.call('SADD', KEYS[1], ARGV[1])
local keptUntil = tonumber(ARGV[2]) + ${KEPT_MS}
if redis.call('PEXPIRETIME', KEYS[1]) < keptUntil then redis.call('PEXPIREAT', KEYS[1], text(keptUntil)) end
return redis.call('SRANDMEMBER', KEYS[1], 2)
`);

const LEAVE = script(`redis.call('SREM', KEYS[1], unpack(ARGV))`);

const MEMBERS = script(`return redis.call('SMEMBERS', KEYS[1])`);

/** KEYS: session. ARGV: URI. */
const IS_SUBSCRIBED = script(`return redis.call('HEXISTS', KEYS[1], 'u:' .. ARGV[1])`);

export class RedisSubscriptions implements Subscriptions {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async add(session: SessionId, uri: string, { count, bytes }: SubscriptionLimits): Promise<Subscribed> {
    const added = await this.#run(ADD, session, [uri, ...[subscriptionCost(uri), count, bytes].map(String)]);
    if (typeof added === 'string') return added as Subscribed;
    void this.#tidy(uri, await this.#join(session, uri, Number(added)));
    return 'subscribed';
  }

  /** Says again what a session subscribes to. Nobody waits for it; when it fails there is another day for it. */
  async renew(session: SessionId): Promise<void> {
    try {
      const [until, ...uris] = (await this.#run(WANTED, session, [])) as [number, ...string[]];
      for (const uri of uris) await this.#join(session, uri, until);
    } catch {
      // See above.
    }
  }

  async remove(session: SessionId, uri: string): Promise<void> {
    await this.#run(REMOVE, session, [uri, String(subscriptionCost(uri))]);
    await this.commands.run(LEAVE, [this.keys.subscribers(uri)], [session]);
  }

  async mark(uri: string): Promise<readonly SessionId[]> {
    const sessions = (await this.commands.run(MEMBERS, [this.keys.subscribers(uri)], [])) as SessionId[];
    const marked = await Promise.all(sessions.map(async (session) => (await this.#run(MARK, session, [uri])) === 1));
    const gone = sessions.filter((_session, i) => marked[i] !== true);
    if (gone.length > 0) await this.#leaveAll(uri, gone);
    return sessions.filter((_session, i) => marked[i] === true);
  }

  async take(session: SessionId): Promise<readonly string[]> {
    return (await this.#run(TAKE, session, [])) as string[];
  }

  /** Sessions that expired do not unsubscribe. Whoever subscribes looks at two others, so that the dead stay few. */
  async #tidy(uri: string, sessions: readonly SessionId[]): Promise<void> {
    try {
      const alive = await Promise.all(sessions.map((session) => this.#run(IS_SUBSCRIBED, session, [uri])));
      const gone = sessions.filter((_session, i) => alive[i] !== 1);
      if (gone.length > 0) await this.#leaveAll(uri, gone);
    } catch {
      // Somebody else will.
    }
  }

  async #leaveAll(uri: string, sessions: readonly SessionId[]): Promise<void> {
    const most = 5_000;
    for (let i = 0; i < sessions.length; i += most) {
      await this.commands.run(LEAVE, [this.keys.subscribers(uri)], sessions.slice(i, i + most));
    }
  }

  async #join(session: SessionId, uri: string, until: number): Promise<readonly SessionId[]> {
    const others = await this.commands.run(JOIN, [this.keys.subscribers(uri)], [session, String(until)]);
    return others as SessionId[];
  }

  #run(script: typeof ADD, session: SessionId, args: readonly string[]): Promise<unknown> {
    return this.commands.run(script, [this.keys.session(session)], args);
  }
}
