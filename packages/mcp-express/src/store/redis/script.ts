import { createHash } from 'node:crypto';

/** A Lua script, cached by Redis under its hash. All of its keys have the hash tag of the first one. */
export interface Script {
  readonly text: string;
  readonly sha: string;
  /** The time of the calling node is its last argument. */
  readonly timed?: true;
  /** It may run before the format of the store is known. */
  readonly ungated?: true;
}

/**
 * Functions that all scripts share. `text` formats a number: Lua's own format loses digits of times. Redis still returns a
 * key in the millisecond of its expiry, so scripts subtract one where the key must be gone by then.
 */
const COMMON = `
local function text(number) return string.format('%.0f', number) end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`;

/**
 * Clocks that differ by less count as equal: the difference may be the time that the command took. Milliseconds.
 */
const AGREE_MS = 2_000;

/**
 * Nodes compute times and Redis compares them, and their clocks may differ. The last argument is the time by the clock of the
 * node. `ours` converts a time from that clock to the clock of Redis, unless the two agree. `exactly` converts it even then:
 * it adds the time that the command took, so that no duration gets shorter.
 */
const TIMED = `
local EXACTLY = now() - tonumber(table.remove(ARGV))
local BEHIND = math.abs(EXACTLY) < ${AGREE_MS} and 0 or EXACTLY
local function ours(time) return tonumber(time) + BEHIND end
local function exactly(time) return tonumber(time) + EXACTLY end
`;

/**
 * A script that may write when Redis is out of memory (`flags` of scripts in Redis 7): for small, bounded writes that
 * are needed to free memory.
 */
export function scriptWhenFull(text: string): Script {
  return hashed(`#!lua flags=allow-oom\n${COMMON}\n${text}`);
}

/** A script whose arguments contain times. */
export function timedScript(...parts: string[]): Script {
  return { ...script(TIMED, ...parts), timed: true };
}

/** A script from its parts, after the functions that all scripts share. */
export function script(...parts: string[]): Script {
  return hashed([COMMON, ...parts].join('\n'));
}

function hashed(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
