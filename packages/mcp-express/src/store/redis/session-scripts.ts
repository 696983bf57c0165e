import { script, timedScript } from './script.js';

/** Streams are kept this much longer than their session, so that not each touch updates their expiry. Milliseconds. */
export const SLACK_MS = 10 * 60_000;

/** Interval at which a session renews its subscriptions: the sets of subscribers expire. Milliseconds. */
const RENEW_MS = 24 * 60 * 60_000;

/** Extends the life of a session and of its streams. `live` returns 1 when the session must renew its subscriptions. */
const KEEP = `
local function keep(meta, events, untilMs)
  local known = redis.call('HGET', meta, '#until')
  if not known or tonumber(known) >= untilMs then return end
  local later = text(untilMs + ${SLACK_MS})
  redis.call('HSET', meta, '#until', later)
  redis.call('PEXPIREAT', meta, later)
  for _, field in ipairs(redis.call('HKEYS', meta)) do
    if string.sub(field, 1, 1) ~= '#' and cjson.decode(redis.call('HGET', meta, field)).x == 0 then
      redis.call('PEXPIREAT', events .. field, later)
    end
  end
end
local function live(session, meta, events, expiresAt, heldUntil)
  local untilMs = math.max(expiresAt, heldUntil)
  redis.call('HSET', session, 'x', text(expiresAt), 'h', text(heldUntil))
  redis.call('PEXPIREAT', session, text(untilMs - 1))
  keep(meta, events, untilMs)
  local subscribed = redis.call('HMGET', session, 'us', 'ur')
  if tonumber(subscribed[1] or 0) == 0 or tonumber(subscribed[2] or 0) + ${RENEW_MS} > now() then return 0 end
  redis.call('HSET', session, 'ur', text(now()))
  return 1
end
`;

/** Stores a session. KEYS: session, streams, events. ARGV: record, owner, lists, log level, expiry, holder or nothing. */
export const CREATE = timedScript(
  KEEP,
  `
redis.call('HSET', KEYS[1], 'r', ARGV[1], 'o', ARGV[2], 'l', ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'v', ARGV[4]) end
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], 'c', ARGV[6]) end
live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[5]), 0)
`,
);

/** Reads a session of this owner and extends its life. KEYS: session, streams, events. ARGV: owner, expiry. */
export const TOUCH = timedScript(
  KEEP,
  `
local s = redis.call('HMGET', KEYS[1], 'o', 'r', 'l', 'v', 'h', 'c')
if not s[2] or s[1] ~= ARGV[1] then return false end
local renew = live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[2]), tonumber(s[5]))
return { s[2], s[1], s[3], s[4], s[6], renew }
`,
);

/** Reads a session. KEYS: session. */
export const READ = script(`
local s = redis.call('HMGET', KEYS[1], 'r', 'o', 'l', 'v', 'c')
return s[1] and s
`);

/** KEYS: session. Returns its holder, and its expiry by the clock of Redis. */
export const LIFE = script(`
local s = redis.call('HMGET', KEYS[1], 'o', 'c', 'x', 'h')
return s[1] and { s[2] or s[1], text(math.max(tonumber(s[3]), tonumber(s[4]))) }
`);

/** Sets a field of a session. KEYS: session. ARGV: field, value. Returns the previous value. */
export const SWAP = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local before = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return before or ''
`);

/**
 * Holds a session: it does not expire until then. KEYS: session, streams, events. ARGV: end of the hold. Returns the holder,
 * and 1 when the session must renew its subscriptions.
 */
export const HOLD = timedScript(
  KEEP,
  `
local s = redis.call('HMGET', KEYS[1], 'x', 'o', 'c')
if not s[1] then return false end
return { s[3] or s[2], live(KEYS[1], KEYS[2], KEYS[3], tonumber(s[1]), ours(ARGV[1])) }
`,
);

/** Ends the hold of a session. KEYS: session, streams, events. ARGV: expiry. Returns the owner. */
export const RELEASE = timedScript(
  KEEP,
  `
local owner = redis.call('HGET', KEYS[1], 'o')
if not owner then return false end
live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[1]), 0)
return owner
`,
);

/** Deletes a session. KEYS: session. Returns its holder; nothing when there was none. */
export const DELETE = script(`
local s = redis.call('HMGET', KEYS[1], 'o', 'c')
redis.call('UNLINK', KEYS[1])
return s[2] or s[1]
`);
