import { CEILINGS, LOW_WATER } from '../stream-limits.js';
import { STREAM_OVERHEAD_BYTES } from './stream-scripts.js';

/** Bytes counted for an event in addition to its text. */
export const EVENT_OVERHEAD_BYTES = 64;

/** Events read in one step, and the most bytes of their text. */
const STEP = 64;
const STEP_BYTES = 1024 * 1024;

/**
 * `makeRoom` of `store/eviction.ts` in Lua, so that it runs next to the streams. Returns `enough`, `replaced`, `full` or
 * `none`. `need`: bytes, events, and whether an answer is among them. `limits`: also the quota of the holder (`share`) and
 * the bytes of its other sessions (`others`). `how`: whether the stream is attached, whether to force, and whether only
 * delivered events may be dropped. A replaced answer is no longer an entry of the Redis stream: `r` of its stream has its
 * place and its short form.
 */
export const ROOM = `
local function costOf(data, instead) return #data + #(instead or '') + ${EVENT_OVERHEAD_BYTES} end
local function stepOf(s) return math.max(1, math.min(${STEP}, math.floor(${STEP_BYTES} * s.c / math.max(1, s.b)))) end
local function isAttached(s) return s.a ~= nil end
local held
local function change(each, bytes, events)
  each.s.b, each.s.c = each.s.b + bytes, each.s.c + events
  held.bytes, held.events = held.bytes + bytes, held.events + events
  count(bytes, events)
end
local function dropReplaced(each)
  local s = each.s
  while s.r and s.r[1] and s.r[1][1] <= s.d do
    change(each, -costOf(s.r[1][2]), -1)
    table.remove(s.r, 1)
  end
end
local function dropFrom(each, isHigh, fits)
  local s, id = each.s, each.id
  local before = s.g
  local stop = false
  while s.c > 0 and not stop do
    local front = redis.call('XRANGE', EVENTS .. id, '-', '+', 'COUNT', stepOf(s))
    if #front == 0 then break end
    for _, entry in ipairs(front) do
      local place = tonumber(string.match(entry[1], '^%d+'))
      stop = not isHigh() or not fits(s, place, entry[2])
      if stop then break end
      change(each, -costOf(entry[2][2], entry[2][6]), -1)
      s.g = place
    end
    redis.call('XTRIM', EVENTS .. id, 'MINID', text(s.g + 1) .. '-0')
  end
  return s.g ~= before
end
local function replaceIn(each, isHigh)
  local s, id = each.s, each.id
  local at, before = s.d, #(s.r or {})
  while isHigh() do
    local events = redis.call('XRANGE', EVENTS .. id, '(' .. text(at) .. '-0', '+', 'COUNT', stepOf(s))
    if #events == 0 then break end
    for _, entry in ipairs(events) do
      at = tonumber(string.match(entry[1], '^%d+'))
      local data, instead = entry[2][2], entry[2][6]
      if instead and isHigh() then
        redis.call('XDEL', EVENTS .. id, entry[1])
        s.r = s.r or {}
        s.r[#s.r + 1] = { at, instead }
        change(each, costOf(instead) - costOf(data, instead), 0)
      end
    end
  end
  return #(s.r or {}) ~= before
end
local function isDelivered(s, place) return place <= s.d end
local function isNotification(s, place, fields)
  return fields[4] == '0' and not (s.r and s.r[1] and s.r[1][1] < place)
end
local function makeRoom(id, current, need, limits, how)
  held = {
    bytes = tonumber(redis.call('HGET', META, '#bytes')),
    events = tonumber(redis.call('HGET', META, '#events')),
  }
  local function over(share, bytes, events)
    return held.bytes + bytes > limits.bytes * share or held.events + events > limits.events * share
  end
  local function overShare(share) return limits.others + held.bytes + need.bytes > limits.share * share end
  if not over(1, need.bytes, need.events) and not overShare(1) then return 'enough' end
  local function isHigh() return over(${LOW_WATER}, need.bytes, need.events) or overShare(${LOW_WATER}) end
  local ceiling = need.answer and ${CEILINGS.answer} or ${CEILINGS.notification}
  local function isOver() return over(ceiling, need.bytes, need.events) or overShare(1) end
  local streams = all()
  local beingRead = false
  local function shrink(stillHigh, attachedToo, from)
    for _, each in ipairs(streams) do
      if not stillHigh() then return end
      if (attachedToo or not isAttached(each.s)) and from(each) then save(each.id, each.s) end
    end
  end
  for _, each in ipairs(streams) do
    if each.id == id then each.s = current end
    beingRead = beingRead or (isAttached(each.s) and each.s.d < each.s.n)
  end
  shrink(isHigh, true, function(each)
    local before = each.s.c
    dropReplaced(each)
    dropFrom(each, isHigh, isDelivered)
    if each.s.c == 0 and isDone(each.s) and each.id ~= id then
      forget(each.id, each.s)
      each.gone = true
      held.bytes = held.bytes - ${STREAM_OVERHEAD_BYTES}
    end
    return each.s.c ~= before and not each.gone
  end)
  local left = {}
  for _, each in ipairs(streams) do if not each.gone then left[#left + 1] = each end end
  streams = left
  if how.delivered then return 'none' end
  shrink(isHigh, false, function(each) return dropFrom(each, isHigh, isNotification) end)
  shrink(isOver, false, function(each) return replaceIn(each, isOver) end)
  if not isOver() then return 'enough' end
  if how.attached and not over(1, 0, 0) and limits.others + held.bytes <= limits.bytes then return 'enough' end
  if not how.force and (beingRead or limits.others + need.bytes > limits.share) then return 'full' end
  if how.force then
    shrink(isOver, true, function(each) return dropFrom(each, isOver, isNotification) end)
    shrink(isOver, true, function(each) return replaceIn(each, isOver) end)
    if not isOver() then return 'enough' end
  end
  return need.answer and 'replaced' or 'none'
end
`;
