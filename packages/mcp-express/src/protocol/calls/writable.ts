import { notificationText, type Params } from '../../ground/json-rpc.js';
import type { LogLevel } from '../../ground/mcp.js';

/** A notification as text; `undefined` when a handler put into it what JSON cannot say. */
export function writable(method: string, params: Params): string | undefined {
  try {
    return notificationText(method, params);
  } catch {
    return undefined;
  }
}

/** What JSON leaves out where it stands, although a log message must have it. */
const JSON_HAS_NO: ReadonlySet<string> = new Set(['undefined', 'function', 'symbol']);

/** A log message. Its data is any JSON, and what is none is nothing. */
export function logParams(level: LogLevel, data: unknown, logger: string | undefined): Params {
  return {
    level,
    data: JSON_HAS_NO.has(typeof data) ? null : data,
    ...(logger === undefined ? {} : { logger }),
  };
}
