import { script } from './script.js';
import { SLACK_MS } from './session-scripts.js';

/** Bytes counted for a stream in addition to its events. */
export const STREAM_OVERHEAD_BYTES = 512;

/** A stream without a session is kept this long. Milliseconds. */
const ALONE_MS = 60 * 60_000;

/** At the limit, `OPEN` removes up to one in this many streams at once, so that not every call has to search. */
const PARTS = 8;

/** Events read together. */
const STEP = 64;

/**
 * Functions of the scripts on streams. KEYS of all: streams, events, channel, session. ARGV of all: stream, writer.
 *
 * Fields of a stream: `i` its number in the order of opening; `n` the last place, `d` the last delivered one, `g` the last
 * dropped one; `x` the time of its end, or 0; `b` and `c` its bytes and events; `w` the node of its pending responses and
 * `o` their errors, `t` their trace context if there is one; `a` the writer whose node has a reader attached; `r` place and short form of each replaced answer.
 */
export const STREAM = `
local META, EVENTS, CHANNEL = KEYS[1], KEYS[2], KEYS[3]
local function load(id)
  local raw = redis.call('HGET', META, id)
  return raw and cjson.decode(raw)
end
local function save(id, s) redis.call('HSET', META, id, cjson.encode(s)) end
-- A failure to publish does not fail the write: readers also look at intervals.
local function tell(id) redis.pcall('SPUBLISH', CHANNEL, ARGV[2] .. ' ' .. id) end
-- Counts are negated as "0 - n": Lua has a negative zero, which Redis 7.0 passes on as "-0", and that is not an integer.
local function count(bytes, events)
  redis.call('HINCRBY', META, '#bytes', bytes)
  redis.call('HINCRBY', META, '#events', events)
end
local function forget(id, s)
  redis.call('HDEL', META, id)
  redis.call('UNLINK', EVENTS .. id)
  redis.call('HINCRBY', META, '#count', -1)
  count(0 - s.b - ${STREAM_OVERHEAD_BYTES}, 0 - s.c)
end
local function isDone(s) return s.x > 0 and s.d >= s.n end
local function all()
  local found = {}
  local fields = redis.call('HGETALL', META)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 1) ~= '#' then found[#found + 1] = { id = fields[i], s = cjson.decode(fields[i + 1]) } end
  end
  table.sort(found, function(a, b) return a.s.i < b.s.i end)
  return found
end
local function finish(id, s, ageMs)
  s.x = now()
  redis.call('PEXPIREAT', EVENTS .. id, text(s.x + ageMs))
end
`;

/** Opens a stream. ARGV: age, limit of streams, node of the pending responses or nothing, trace context, the error of each. */
export const OPEN = script(
  STREAM,
  `
local id, ageMs, limit = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
if load(id) then return 1 end
local time = now()
if tonumber(redis.call('HGET', META, '#count') or 0) >= math.min(limit, tonumber(redis.call('HGET', META, '#look') or 32)) then
  local done, oldest = {}, nil
  for _, each in ipairs(all()) do
    if each.s.x > 0 and each.s.x + ageMs <= time then forget(each.id, each.s)
    elseif isDone(each.s) then done[#done + 1] = each
    elseif each.s.x > 0 and not each.s.a then oldest = oldest or each end
  end
  local held = tonumber(redis.call('HGET', META, '#count'))
  if held >= limit then
    if #done == 0 then done[1] = oldest end
    if #done == 0 then return 0 end
    for i = 1, math.min(#done, math.max(1, math.floor(limit / ${PARTS}))) do
      forget(done[i].id, done[i].s)
      tell(done[i].id)
    end
  end
  redis.call('HSET', META, '#look', held * 2 + 32)
end
local s = { i = redis.call('HINCRBY', META, '#turn', 1), n = 0, d = 0, g = 0, x = 0, b = 0, c = 0 }
if ARGV[5] ~= '' then
  s.w, s.o = ARGV[5], {}
  if ARGV[6] ~= '' then s.t = ARGV[6] end
  for i = 7, #ARGV do s.o[tostring(i - 7)] = ARGV[i] end
end
save(id, s)
redis.call('HINCRBY', META, '#count', 1)
count(${STREAM_OVERHEAD_BYTES}, 0)
local untilMs = tonumber(redis.call('HGET', META, '#until') or 0)
local life = redis.call('HMGET', KEYS[4], 'x', 'h')
local wanted = time + ${ALONE_MS}
if life[1] then wanted = math.max(tonumber(life[1]), tonumber(life[2])) + ${SLACK_MS} end
if untilMs < wanted then
  redis.call('HSET', META, '#until', text(wanted))
  redis.call('PEXPIREAT', META, text(wanted))
end
return 1
`,
);

/** Ends a stream. ARGV: age. */
export const END = script(
  STREAM,
  `
local s = load(ARGV[1])
if not s or s.x > 0 then return 0 end
finish(ARGV[1], s, tonumber(ARGV[3]))
save(ARGV[1], s)
tell(ARGV[1])
return 1
`,
);

/**
 * Reads a page of a stream. ARGV: age, position (a place, `start` or `undelivered`), limit of events, limit of characters,
 * whether the reader watches. Returns: last place, last dropped place, whether the stream ended, the node of its pending
 * responses, the position, whether an answer was replaced, the trace context; then place and data of each event. An ended stream does not
 * expire while a reader watches it and has not read it to its end.
 */
export const READ = script(
  STREAM,
  `
local id, ageMs, from, most, room = ARGV[1], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local s = load(id)
if not s then return false end
local watched, changed = ARGV[7] == '1', false
if s.x > 0 and s.x + ageMs <= now() and not watched then
  forget(id, s)
  return false
end
local place = tonumber(from) or (from == 'undelivered' and s.d or 0)
if place > s.n then return false end
if watched and s.a ~= ARGV[2] then s.a, changed = ARGV[2], true end
if watched and s.x > 0 and place < s.n and s.x + ageMs / 2 < now() then
  finish(id, s, ageMs)
  changed = true
end
if changed then save(id, s) end
local owes = s.x == 0 and s.w and next(s.o) and s.w or ''
local found = { text(s.n), text(s.g), s.x > 0 and 1 or 0, owes, text(place), 0, s.t or '' }
local at, replaced = place, s.r or {}
local function take(p, data)
  if most <= 0 or room <= 0 then return false end
  at = p
  found[#found + 1] = text(p)
  found[#found + 1] = data
  room = room - #data
  most = most - 1
  return true
end
local function takeReplaced(before)
  for _, each in ipairs(replaced) do
    if each[1] > at and each[1] < before then
      if not take(each[1], each[2]) then return false end
      found[6] = 1
    end
  end
  return true
end
local size = math.max(1, s.b / math.max(1, s.c))
while most > 0 and room > 0 and at < s.n do
  local step = math.max(1, math.min(most, ${STEP}, math.ceil(room / size)))
  local events = redis.call('XRANGE', EVENTS .. id, '(' .. text(at) .. '-0', '+', 'COUNT', step)
  for _, entry in ipairs(events) do
    local p = tonumber(string.match(entry[1], '^%d+'))
    if not takeReplaced(p) or not take(p, entry[2][2]) then break end
  end
  if #events < step then
    takeReplaced(s.n + 1)
    break
  end
end
return found
`,
);

/** Records that no reader is attached any more on the node of this writer. */
export const DETACH = script(
  STREAM,
  `
local s = load(ARGV[1])
if not s or s.a ~= ARGV[2] then return 0 end
s.a = nil
save(ARGV[1], s)
return 1
`,
);

/** Records that events up to a place were delivered. ARGV: place. */
export const DELIVERED = script(
  STREAM,
  `
local place = tonumber(ARGV[3])
local s = load(ARGV[1])
if not s or place > s.n or place <= s.d then return 0 end
s.d = place
save(ARGV[1], s)
return 1
`,
);

/** Deletes all streams of a session. */
export const DROP = script(
  STREAM,
  `
local streams = all()
for _, each in ipairs(streams) do redis.call('UNLINK', EVENTS .. each.id) end
redis.call('UNLINK', META)
for _, each in ipairs(streams) do tell(each.id) end
return #streams
`,
);
