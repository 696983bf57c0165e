import { ROOM } from './eviction-scripts.js';
import { script } from './script.js';
import { STREAM } from './stream-scripts.js';

/** ARGV from the third on: age, limit of bytes, limit of events, quota of the holder, bytes of the holder's other sessions. */
const BOUNDS = `
local id, ageMs = ARGV[1], tonumber(ARGV[3])
local limits = {
  bytes = tonumber(ARGV[4]), events = tonumber(ARGV[5]), share = tonumber(ARGV[6]), others = tonumber(ARGV[7]),
}
local function heldBytes() return tonumber(redis.call('HGET', META, '#bytes')) end
`;

const ADD = `
local function add(id, s, data, answer, instead)
  s.n = s.n + 1
  if instead == '' then redis.call('XADD', EVENTS .. id, text(s.n) .. '-0', 'd', data, 'a', answer)
  else redis.call('XADD', EVENTS .. id, text(s.n) .. '-0', 'd', data, 'a', answer, 'i', instead) end
  if s.n == 1 then redis.call('PEXPIREAT', EVENTS .. id, redis.call('HGET', META, '#until')) end
  local bytes = costOf(data, instead)
  s.b, s.c = s.b + bytes, s.c + 1
  count(bytes, 1)
end
local function addReplaced(id, s, instead)
  s.n = s.n + 1
  s.r = s.r or {}
  s.r[#s.r + 1] = { s.n, instead }
  local bytes = costOf(instead)
  s.b, s.c = s.b + bytes, s.c + 1
  count(bytes, 1)
end
`;

/**
 * Appends events to a stream. ARGV: bounds, whether the stream ends, whether to force, whether a reader of this node is
 * attached; then for each event its data, whether it is an answer, the index of its pending response or nothing, and its
 * short form. Returns `stored`, `full` or `dropped`, and the bytes that the session holds.
 */
export const APPEND = script(
  STREAM,
  ROOM,
  BOUNDS,
  ADD,
  `
local s = load(id)
if not s then return redis.error_reply('UNKNOWN append to an unknown stream') end
local wanted, need = {}, { bytes = 0, events = 0, answer = false }
for i = 11, #ARGV, 4 do
  local owed = ARGV[i + 2]
  if owed == '' or not s.w or s.o[owed] then
    wanted[#wanted + 1] = i
    need.bytes, need.events = need.bytes + costOf(ARGV[i], ARGV[i + 3]), need.events + 1
    need.answer = need.answer or ARGV[i + 1] == '1'
  end
end
if s.x > 0 then
  if #wanted == 0 and #ARGV > 10 then return { 'stored', heldBytes() } end
  return redis.error_reply('ENDED append to a stream that has ended')
end
if ARGV[10] == '1' then s.a = ARGV[2] end
local room = makeRoom(id, s, need, limits, { attached = isAttached(s), force = ARGV[9] == '1' })
if room == 'full' or room == 'none' then return { room == 'full' and 'full' or 'dropped', heldBytes() } end
local pending = s.w and next(s.o)
for _, i in ipairs(wanted) do
  local isAnswer, instead = ARGV[i + 1] == '1', ARGV[i + 3]
  if room == 'enough' or (isAnswer and instead == '') then add(id, s, ARGV[i], ARGV[i + 1], instead)
  elseif isAnswer then addReplaced(id, s, instead) end
  if s.w and ARGV[i + 2] ~= '' then s.o[ARGV[i + 2]] = nil end
end
if ARGV[8] == '1' or (pending and not next(s.o)) then finish(id, s, ageMs) end
save(id, s)
tell(id)
return { 'stored', heldBytes() }
`,
);

/** Appends the error of each pending response and ends the stream. ARGV: bounds. */
export const SETTLE = script(
  STREAM,
  ROOM,
  BOUNDS,
  ADD,
  `
local s = load(id)
if not s or s.x > 0 or not s.w then return 0 end
local places, need = {}, { bytes = 0, events = 0, answer = true }
for place, instead in pairs(s.o) do
  places[#places + 1] = tonumber(place)
  need.bytes, need.events = need.bytes + costOf(instead), need.events + 1
end
if #places == 0 then return 0 end
table.sort(places)
makeRoom(id, s, need, limits, { attached = false, force = true })
for _, place in ipairs(places) do add(id, s, s.o[tostring(place)], '1', '') end
s.o = {}
finish(id, s, ageMs)
save(id, s)
tell(id)
return 1
`,
);

/**
 * Makes room for other sessions of the same holder and returns the bytes that this session then holds. ARGV: bounds, with
 * the most bytes that this session may keep as the quota; then the events that may be dropped: `delivered`, `detached` or
 * `all`.
 */
export const SHRINK = script(
  STREAM,
  ROOM,
  BOUNDS,
  `
if redis.call('EXISTS', META) == 0 then return 0 end
makeRoom('', nil, { bytes = 0, events = 0, answer = true }, limits, { force = ARGV[8] == 'all', delivered = ARGV[8] == 'delivered' })
return heldBytes()
`,
);
