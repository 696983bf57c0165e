import { notificationText, type Params } from '../protocol/json-rpc.js';
import { LOG_LEVELS, type LogLevel } from '../protocol/mcp.js';

/** A notification as JSON text. `undefined` if the handler's data cannot be serialised. */
export function notificationTextIfJson(method: string, params: Params): string | undefined {
  try {
    return notificationText(method, params);
  } catch {
    return undefined;
  }
}

/** Types that `JSON.stringify` omits, although `data` is a required member of a log message. */
const JSON_HAS_NO: ReadonlySet<string> = new Set(['undefined', 'function', 'symbol']);

/** Whether a client that wants this log level, or none, gets messages of `level`. */
export function isWanted(level: LogLevel, wanted: LogLevel | undefined): boolean {
  return wanted !== undefined && LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(wanted);
}

/** The params of `notifications/message`. Data without a JSON form becomes `null`. */
export function logParams(level: LogLevel, data: unknown, logger: string | undefined): Params {
  return {
    level,
    data: JSON_HAS_NO.has(typeof data) ? null : data,
    ...(logger === undefined ? {} : { logger }),
  };
}

/**
 * Sends a notification of an extension to the client of a call.
 * @param checked the params, checked. `undefined`: the client does not get it.
 */
export function sendExtensionNotification(
  call: { notify(method: string, params: Params): Promise<void> },
  method: string,
  checked: Params | undefined | Promise<Params>,
): Promise<void> {
  if (checked instanceof Promise) return checked.then((params) => call.notify(method, params));
  return checked === undefined ? Promise.resolve() : call.notify(method, checked);
}
