import { createHash } from 'node:crypto';

/** A Lua script, which Redis knows by its hash. Every key it touches has the hash tag of its first key. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * What all scripts may use. `text` is how a number is written: Lua's own way loses digits of times. A key is still there
 * in the millisecond it expires at, so those that must not be are told one less.
 */
const COMMON = `
local function text(number) return string.format('%.0f', number) end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`;

export function script(...parts: string[]): Script {
  const text = [COMMON, ...parts].join('\n');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
