import { USED as AFTER_UNUSED } from '../holders.js';
import { script, timedScript } from './script.js';

/** Expired sessions removed by one script, so that it does not delay other commands. */
export const EXPIRED_STEP = 100;

/** Candidates for eviction that one script returns. */
const CANDIDATES = 100;

/**
 * Number of holders remembered as large, because entries of holders that are no longer large are not removed otherwise.
 */
const MAX_LARGE = 1_000;

/** The set of a holder's sessions is kept this long after the last expiry in it. Milliseconds. */
const OWNER_SLACK_MS = 24 * 60 * 60_000;

/** KEYS of all scripts on the index: use, exp, held, seq, large. */
const INDEX = `
local USE, EXP, HELD, SEQ, LARGE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function remove(id)
  redis.call('ZREM', USE, id)
  redis.call('ZREM', HELD, id)
  return redis.call('ZREM', EXP, id) == 1
end
-- When the result has the full step, more expired sessions may be left.
local function forgetExpired()
  local expired = redis.call('ZRANGEBYSCORE', EXP, '-inf', text(now()), 'LIMIT', 0, ${EXPIRED_STEP})
  for _, id in ipairs(expired) do remove(id) end
  return expired
end
local function isHeld(id)
  local heldUntil = redis.call('ZSCORE', HELD, id)
  return heldUntil and tonumber(heldUntil) > now()
end
local function enter(id, owner, expiresAt, after)
  local turn = text(redis.call('INCR', SEQ) + after)
  redis.call('ZADD', USE, turn, id)
  if owner == '' then return end
  redis.call('ZADD', owner, turn, id)
  redis.call('PEXPIREAT', owner, text(expiresAt + ${OWNER_SLACK_MS}))
end
local function use(id, owner, expiresAt) enter(id, owner, expiresAt, ${AFTER_UNUSED}) end
local function idle(set, found)
  local most = #found + ${CANDIDATES}
  for start = 0, redis.call('ZCARD', set), ${CANDIDATES} do
    for _, id in ipairs(redis.call('ZRANGE', set, start, start + ${CANDIDATES - 1})) do
      if not isHeld(id) then found[#found + 1] = id end
      if #found == most then return found end
    end
  end
  return found
end
`;

/** Removes ended sessions from the set of a holder, the one idle longest first, and returns the number left. */
const HOLDERS = `
local budget = ${EXPIRED_STEP}
local function forgetGone(holder, from, to)
  local start = 0
  repeat
    local ids = redis.call('ZRANGEBYSCORE', holder, from, to, 'LIMIT', start, ${CANDIDATES})
    local gone = 0
    for _, id in ipairs(ids) do
      if not redis.call('ZSCORE', EXP, id) then gone = gone + redis.call('ZREM', holder, id) end
    end
    start = start + #ids - gone
    budget = budget - gone
  until gone == 0 or budget <= 0
end
local function sizeOf(holder)
  forgetGone(holder, '-inf', '(${AFTER_UNUSED}')
  forgetGone(holder, '${AFTER_UNUSED}', '+inf')
  return redis.call('ZCARD', holder)
end
local function note(holder, size, least)
  if size <= least then return redis.call('ZREM', LARGE, holder) end
  redis.call('ZADD', LARGE, size, holder)
  redis.call('ZREMRANGEBYRANK', LARGE, 0, ${-1 - MAX_LARGE})
end
local function largest(least)
  repeat
    local top = redis.call('ZREVRANGE', LARGE, 0, 0, 'WITHSCORES')
    if not top[1] then return nil end
    local size = sizeOf(top[1])
    note(top[1], size, least)
    if size == tonumber(top[2]) then return top[1] end
  until budget <= 0
end
`;

/**
 * Enters a new session. ARGV: id, holder's key or nothing, expiry, limit of sessions, limit of the holder, the number of
 * sessions above which a holder is large, the session to evict or nothing. Returns whether that one was evicted; whether
 * the new one was entered; if not, the candidates for eviction; the sessions that had expired; and whether to try again,
 * because expired sessions that were not removed yet may free the room.
 */
export const ENTER = timedScript(
  INDEX,
  HOLDERS,
  `
local id, holder, expiresAt, victim = ARGV[1], ARGV[2], ours(ARGV[3]), ARGV[7]
local least = tonumber(ARGV[6])
local expired = forgetExpired()
local gone = victim ~= '' and not isHeld(victim) and remove(victim)
local size = holder ~= '' and sizeOf(holder) or 0
local found
local isFull = (holder ~= '' and size >= tonumber(ARGV[5])) or redis.call('ZCARD', USE) >= tonumber(ARGV[4])
local large
if isFull and size < tonumber(ARGV[5]) then large = largest(least) end
if isFull and (#expired == ${EXPIRED_STEP} or budget <= 0) then return { gone and 1 or 0, 0, {}, expired, 1 } end
if holder ~= '' and size >= tonumber(ARGV[5]) then
  found = idle(holder, {})
elseif redis.call('ZCARD', USE) >= tonumber(ARGV[4]) then
  found = idle(USE, large and idle(large, {}) or {})
end
if found then return { gone and 1 or 0, 0, found, expired, 0 } end
redis.call('ZADD', EXP, text(expiresAt), id)
enter(id, holder, expiresAt, 0)
if holder ~= '' then note(holder, size + 1, least) end
return { gone and 1 or 0, 1, {}, expired, 0 }
`,
);

/** Enters an existing session again, if it is missing. ARGV: id, holder's key or nothing, expiry by the clock of Redis. */
export const PLACED = script(
  INDEX,
  `
if redis.call('ZSCORE', EXP, ARGV[1]) then return end
redis.call('ZADD', EXP, ARGV[3], ARGV[1])
use(ARGV[1], ARGV[2], tonumber(ARGV[3]))
`,
);

/** Records uses of sessions. ARGV: for each session, in order of use: id, holder's key or nothing, expiry. */
export const USED = timedScript(
  INDEX,
  `
for i = 1, #ARGV, 3 do
  local id, owner, expiresAt = ARGV[i], ARGV[i + 1], ours(ARGV[i + 2])
  if redis.call('ZSCORE', EXP, id) then
    redis.call('ZADD', EXP, isHeld(id) and 'GT' or 'XX', text(expiresAt), id)
    use(id, owner, expiresAt)
  end
end
`,
);

/** Records that a session is held: it is not evicted until then. ARGV: id, holder's key or nothing, end of the hold. */
export const HELD = timedScript(
  INDEX,
  `
local heldUntil = ours(ARGV[3])
if redis.call('ZSCORE', EXP, ARGV[1]) then
  redis.call('ZADD', EXP, 'GT', text(heldUntil), ARGV[1])
  redis.call('ZADD', HELD, text(heldUntil), ARGV[1])
  use(ARGV[1], ARGV[2], heldUntil)
end
`,
);

/** Records that a session is no longer held. ARGV: id, expiry. */
export const RELEASED = timedScript(
  INDEX,
  `
redis.call('ZREM', HELD, ARGV[1])
redis.call('ZADD', EXP, 'XX', text(ours(ARGV[2])), ARGV[1])
`,
);

/** Removes an ended session. ARGV: id, holder's key or nothing. */
export const LEFT = script(
  INDEX,
  `
remove(ARGV[1])
if ARGV[2] ~= '' then redis.call('ZREM', ARGV[2], ARGV[1]) end
`,
);

/** Removes expired sessions, at most `EXPIRED_STEP`. Returns their ids and the number of sessions left. */
export const COUNT = script(
  INDEX,
  `
local expired = forgetExpired()
return { expired, redis.call('ZCARD', EXP) }
`,
);

/** The ids of all sessions. */
export const IDS = script(INDEX, "return redis.call('ZRANGE', EXP, 0, -1)");
