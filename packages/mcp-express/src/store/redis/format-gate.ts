import { McpError } from '../../protocol/errors.js';
import { type Format, misfitOf } from '../format.js';
import { UNREADABLE } from '../readable.js';
import { script } from './script.js';

/** The format of the data in Redis, described in `keys.ts` and recorded in test/redis/format-1.json. */
export const REDIS_FORMAT: Format = { writes: 1, reads: [1, 1] };

/** The value of the format key is this text and the number. */
const OURS = 'mcp-express';

/**
 * KEYS: format. ARGV: the format to write, the oldest readable format. Returns the format found. Writes the format
 * where there is none, and raises an older readable one.
 */
export const LOOK = script(`
local found = redis.pcall('GET', KEYS[1])
if type(found) == 'table' and found.err then
  if string.find(found.err, 'WRONGTYPE') then return '' end
  return found
end
local ours = '${OURS} ' .. ARGV[1]
local number = found and tonumber(string.match(found, '^${OURS.replace('-', '%-')} (%d+)$') or nil)
if not found or (number and number >= tonumber(ARGV[2]) and number < tonumber(ARGV[1])) then
  redis.call('SET', KEYS[1], ours)
end
return found or ours
`);

/** The data in Redis was written by a version that this one cannot read, or by another program. */
export class WrongFormat extends McpError {
  /** @param operatorText the text for operators, which also names the key. */
  constructor(
    text: string,
    readonly operatorText: string,
  ) {
    super('store-unavailable', text, { cause: new Error(operatorText) });
  }
}

/** @throws WrongFormat unless this release can read the format that `LOOK` returned. */
export function assertFormat(found: string, key: string): void {
  const number = new RegExp(`^${OURS} (\\d+)$`).exec(found)?.[1];
  if (number === undefined) {
    const text = 'holds something that mcp-express did not write';
    throw new WrongFormat(
      `The store ${text}`,
      `redisStore: the key "${key}" ${text}; give the option "prefix" another value`,
    );
  }
  const misfit = misfitOf(Number(number), REDIS_FORMAT);
  if (misfit === undefined) return;
  const where = `redisStore: what is in Redis, by its key "${key}", ${misfit}`;
  throw new WrongFormat(`The store ${misfit}`, `${where}. See "Upgrading" in docs/scaling.md.`);
}

/** Errors of Redis for a key of another type, and for a field that is not JSON or not of the expected type. */
const FOREIGN = /^WRONGTYPE|Expected .* but found|attempt to (index|compare|perform arithmetic on)/;

/** Whether a command failed because a key holds data that this release does not write. */
export function isForeign(cause: unknown): boolean {
  return cause instanceof Error && FOREIGN.test(cause.message);
}

/** The error for data that this release does not write. */
export function foreign(cause: unknown): McpError {
  return new McpError('store-unavailable', UNREADABLE, { cause });
}
