import { script, timedScript } from './script.js';

/** How much longer than a session its streams are kept, so that they need not be told of each touch. Milliseconds. */
export const SLACK_MS = 10 * 60_000;

/** A session that subscribes says so again this often: the lists of subscribers expire. Milliseconds. */
const RENEW_MS = 24 * 60 * 60_000;

/** Lets the streams of a session live as long as it does. `live` gives 1 when it must say again what it subscribes to. */
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

/** KEYS: session, streams, events. ARGV: record, owner, lists, log level, expiry, holder or nothing. */
export const CREATE = timedScript(
  KEEP,
  `
redis.call('HSET', KEYS[1], 'r', ARGV[1], 'o', ARGV[2], 'l', ARGV[3])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'v', ARGV[4]) end
if ARGV[6] ~= '' then redis.call('HSET', KEYS[1], 'c', ARGV[6]) end
live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[5]), 0)
`,
);

/** KEYS: session, streams, events. ARGV: owner, expiry. */
export const TOUCH = timedScript(
  KEEP,
  `
local s = redis.call('HMGET', KEYS[1], 'o', 'r', 'l', 'v', 'h', 'c')
if not s[2] or s[1] ~= ARGV[1] then return false end
local renew = live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[2]), tonumber(s[5]))
return { s[2], s[1], s[3], s[4], s[6], renew }
`,
);

/** KEYS: session. */
export const READ = script(`
local s = redis.call('HMGET', KEYS[1], 'r', 'o', 'l', 'v', 'c')
return s[1] and s
`);

/** KEYS: session. Gives its holder, and until when it lives, by the clock of Redis. */
export const LIFE = script(`
local s = redis.call('HMGET', KEYS[1], 'o', 'c', 'x', 'h')
return s[1] and { s[2] or s[1], text(math.max(tonumber(s[3]), tonumber(s[4]))) }
`);

/** KEYS: session. ARGV: field, value. Gives what the field was. */
export const SWAP = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local before = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return before or ''
`);

/** KEYS: session, streams, events. ARGV: until. Gives the holder, and whether subscriptions are to be renewed. */
export const HOLD = timedScript(
  KEEP,
  `
local s = redis.call('HMGET', KEYS[1], 'x', 'o', 'c')
if not s[1] then return false end
return { s[3] or s[2], live(KEYS[1], KEYS[2], KEYS[3], tonumber(s[1]), ours(ARGV[1])) }
`,
);

/** KEYS: session, streams, events. ARGV: expiry. Gives the owner. */
export const RELEASE = timedScript(
  KEEP,
  `
local owner = redis.call('HGET', KEYS[1], 'o')
if not owner then return false end
live(KEYS[1], KEYS[2], KEYS[3], ours(ARGV[1]), 0)
return owner
`,
);

/** KEYS: session. Gives the holder of a session that was there. */
export const DELETE = script(`
local s = redis.call('HMGET', KEYS[1], 'o', 'c')
redis.call('UNLINK', KEYS[1])
return s[2] or s[1]
`);
