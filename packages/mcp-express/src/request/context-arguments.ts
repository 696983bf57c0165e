import { types } from 'node:util';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import { LOG_LEVELS } from '../protocol/mcp.js';
import type { ClientRequestOptions } from './send-client-request.js';

/** @throws ConfigurationError naming the argument of `ctx.progress` that has the wrong type */
export function assertProgress(progress: unknown, total: unknown, message: unknown): void {
  if (typeof progress !== 'number') throw wrong('ctx.progress', 'progress', 'a number first', progress);
  if (!isAbsent(total) && typeof total !== 'number') throw wrong('ctx.progress', 'total', 'a number second', total);
  if (!isAbsent(message) && typeof message !== 'string')
    throw wrong('ctx.progress', 'message', 'a text third', message);
}

/** @throws ConfigurationError naming the invalid argument of `ctx.log` */
export function assertLog(level: unknown, logger: unknown): void {
  if (!LOG_LEVELS.some((known) => known === level)) {
    throw new ConfigurationError(`${JSON.stringify(level)} is not a log level. It is one of ${LOG_LEVELS.join(', ')}`);
  }
  if (!isAbsent(logger) && typeof logger !== 'string') throw wrong('ctx.log', 'logger', 'a text third', logger);
}

/** The data of a log message. Errors become text, because JSON serialises them as `{}`. */
export function loggable(data: unknown): unknown {
  return types.isNativeError(data) ? String(data) : data;
}

/** @throws ConfigurationError naming the invalid option of `ctx.elicit`, `ctx.sample` or `ctx.roots` */
export function assertAskOptions(options: ClientRequestOptions | undefined, method: string): void {
  if (options === undefined) return;
  const what = `The options of ${method}`;
  assertKnown(options, ['timeoutMs', 'key'], what);
  const { timeoutMs, key }: { readonly timeoutMs?: unknown; readonly key?: unknown } = options;
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs >= 0)) {
    throw wrong(what, 'timeoutMs', 'a number of milliseconds', timeoutMs);
  }
  if (key !== undefined && typeof key !== 'string') throw wrong(what, 'key', 'a text', key);
}

function wrong(what: string, argument: string, wanted: string, given: unknown): ConfigurationError {
  return new ConfigurationError(`${what}: "${argument}" must be ${wanted}; it is ${kindOf(given)}`);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
