import { script } from './script.js';
import { STREAM } from './stream-scripts.js';

/** What an event costs beside its text. */
const EVENT_OVERHEAD_BYTES = 64;

/** Events looked at together when room is made. */
const STEP = 64;

/** Goes down to 7/8 of the limits: what was delivered goes first, then notifications, then whatever is oldest. */
const ROOM = `
local function isOver(limits, share)
  return tonumber(redis.call('HGET', META, '#bytes')) > limits.bytes * share
    or tonumber(redis.call('HGET', META, '#events')) > limits.events * share
end
local function dropFrom(each, worth, limits, keep)
  local s, id = each.s, each.id
  while s.c > keep do
    local front = redis.call('XRANGE', EVENTS .. id, '-', '+', 'COUNT', ${STEP})
    local bytes, dropped, nextPlace = 0, 0, nil
    local total, events = tonumber(redis.call('HGET', META, '#bytes')), tonumber(redis.call('HGET', META, '#events'))
    for _, entry in ipairs(front) do
      local place = tonumber(string.match(entry[1], '^%d+'))
      local over = total - bytes > limits.bytes * 7 / 8 or events - dropped > limits.events * 7 / 8
      local fits = worth == 'anything' or (worth == 'delivered' and place <= s.d) or (worth == 'notification' and entry[2][4] == '0')
      if not over or not fits or s.c - dropped <= keep then nextPlace = place break end
      bytes = bytes + #entry[2][2] + ${EVENT_OVERHEAD_BYTES}
      dropped = dropped + 1
      s.g = place
    end
    if dropped == 0 then return end
    redis.call('XTRIM', EVENTS .. id, 'MINID', text(s.g + 1) .. '-0')
    s.b, s.c = s.b - bytes, s.c - dropped
    count(-bytes, -dropped)
    save(id, s)
    if nextPlace then return end
  end
end
local function makeRoom(current, limits)
  if not isOver(limits, 1) then return end
  for _, worth in ipairs({ 'delivered', 'notification', 'anything' }) do
    if not isOver(limits, 7 / 8) then return end
    for _, each in ipairs(all()) do
      dropFrom(each, worth, limits, each.id == current and 1 or 0)
      if each.s.c == 0 and isDone(each.s) and each.id ~= current then forget(each.id, each.s) end
    end
  end
end
local function add(id, s, data, answer)
  s.n = s.n + 1
  redis.call('XADD', EVENTS .. id, text(s.n) .. '-0', 'd', data, 'a', answer)
  if s.n == 1 then redis.call('PEXPIREAT', EVENTS .. id, redis.call('HGET', META, '#until')) end
  local bytes = #data + ${EVENT_OVERHEAD_BYTES}
  s.b, s.c = s.b + bytes, s.c + 1
  count(bytes, 1)
end
`;

/** ARGV: age, limit of bytes, limit of events, whether it ends; then data, whether an answer, which of the owed. */
export const APPEND = script(
  STREAM,
  ROOM,
  `
local id, ageMs, limits = ARGV[1], tonumber(ARGV[3]), { bytes = tonumber(ARGV[4]), events = tonumber(ARGV[5]) }
local s = load(id)
if not s then return redis.error_reply('UNKNOWN append to an unknown stream') end
local wanted = {}
for i = 7, #ARGV, 3 do
  local owed = ARGV[i + 2]
  if owed == '' or not s.w or s.o[owed] then wanted[#wanted + 1] = i end
end
if s.x > 0 then
  if #wanted == 0 and #ARGV > 6 then return 0 end
  return redis.error_reply('ENDED append to a stream that has ended')
end
for _, i in ipairs(wanted) do
  add(id, s, ARGV[i], ARGV[i + 1])
  if s.w and ARGV[i + 2] ~= '' then s.o[ARGV[i + 2]] = nil end
end
if ARGV[6] == '1' then finish(id, s, ageMs) end
save(id, s)
makeRoom(id, limits)
tell(id)
return 1
`,
);

/** ARGV: age, limit of bytes, limit of events. Pays what is owed. */
export const SETTLE = script(
  STREAM,
  ROOM,
  `
local id, ageMs, limits = ARGV[1], tonumber(ARGV[3]), { bytes = tonumber(ARGV[4]), events = tonumber(ARGV[5]) }
local s = load(id)
if not s or s.x > 0 or not s.w then return 0 end
local places = {}
for place in pairs(s.o) do places[#places + 1] = tonumber(place) end
if #places == 0 then return 0 end
table.sort(places)
for _, place in ipairs(places) do add(id, s, s.o[tostring(place)], '1') end
s.o = {}
finish(id, s, ageMs)
save(id, s)
makeRoom(id, limits)
tell(id)
return 1
`,
);
