import { McpError } from '../../protocol/errors.js';
import { type Format, misfitOf } from '../format.js';
import { UNREADABLE } from '../readable.js';
import { script } from './script.js';

/** What is under which key and in which form is described in `keys.ts`, and recorded in test/redis/format-1.json. */
export const REDIS_FORMAT: Format = { writes: 1, reads: [1, 1] };

/** The value of the key is this and the number. */
const OURS = 'mcp-express';

/**
 * KEYS: format. ARGV: the format that is written, the oldest that is read. Says which format is there; puts it where there
 * is none, and raises it from one that is read.
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

/** What is in Redis was written by another version that this one cannot read, or by something else. */
export class WrongFormat extends McpError {
  /** @param operatorText which also says where. */
  constructor(
    text: string,
    readonly operatorText: string,
  ) {
    super('store-unavailable', text, { cause: new Error(operatorText) });
  }
}

/** @throws WrongFormat unless this release can use what `LOOK` has found under the key. */
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

/** What Redis says of a key of another type, and of a field that is no JSON or is another value than the script expects. */
const FOREIGN = /^WRONGTYPE|Expected .* but found|attempt to (index|compare|perform arithmetic on)/;

/** A command found something else under a key than this release writes there. */
export function isForeign(cause: unknown): boolean {
  return cause instanceof Error && FOREIGN.test(cause.message);
}

export function foreign(cause: unknown): McpError {
  return new McpError('store-unavailable', UNREADABLE, { cause });
}
