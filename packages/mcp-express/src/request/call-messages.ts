import { type JsonRpcRequest, notificationText, type Params } from '../protocol/json-rpc.js';
import { LOG_LEVELS, type LogLevel } from '../protocol/mcp.js';
import type { RequestContext } from './request-context.js';

type Token = string | number;

/** The call whose messages are sent. */
interface Sender {
  readonly message: JsonRpcRequest;
  readonly context: RequestContext;
  readonly isEnded: boolean;
  /** Sends a message before the answer. False if it cannot be sent. */
  send(text: string): Promise<void> | false;
  /** A notification could not be sent. */
  dropped(method: string): void;
}

const DONE = Promise.resolve();

/** Least increment of a heartbeat. Small enough never to overtake a tool that counts in whole numbers. */
const HEARTBEAT_STEP = 1e-6;

/** The notifications of one call: progress and log messages. */
export class CallMessages {
  #last = Number.NEGATIVE_INFINITY;

  /** @param heardAt time of the last message about the call, in milliseconds of `performance.now()` */
  constructor(
    private readonly call: Sender,
    private heardAt: number,
  ) {}

  /** Reports only a greater value: "The progress value MUST increase with each notification" (MCP, Progress). */
  progress(progress: number, total?: number, message?: string): Promise<void> {
    const token = progressTokenOf(this.call.message);
    if (token === undefined || !Number.isFinite(progress) || progress <= this.#last) return DONE;
    this.#last = progress;
    this.heardAt = performance.now();
    return this.notify('notifications/progress', progressParams(token, progress, total, message));
  }

  /** Reports progress to a client that asked for it and has received nothing for `silentMs`. */
  heartbeat(silentMs: number): void {
    if (this.call.isEnded || performance.now() - this.heardAt < silentMs) return;
    // Relative to the last value, or rounding would swallow the increment.
    const last = Math.max(0, this.#last);
    void this.progress(last + Math.max(HEARTBEAT_STEP, last * 2 * Number.EPSILON));
  }

  log(level: LogLevel, data: unknown, logger?: string): Promise<void> {
    if (!isWanted(level, this.call.context.logLevel)) return DONE;
    return this.notify('notifications/message', logParams(level, data, logger));
  }

  notify(method: string, params: Params): Promise<void> {
    const text = notificationTextIfJson(method, params);
    const sent = text === undefined ? false : this.call.send(text);
    if (sent !== false) return sent;
    this.call.dropped(method);
    return DONE;
  }
}

/** The `progressToken` of the request. Absent: the client did not ask for progress, or sent another value than a token. */
function progressTokenOf({ params }: JsonRpcRequest): Token | undefined {
  const meta = params?.['_meta'] as Params | undefined;
  const token = meta?.['progressToken'];
  return typeof token === 'string' || Number.isInteger(token) ? (token as Token) : undefined;
}

/** The params of `notifications/progress`. A `total` that is not finite is left out. */
function progressParams(progressToken: Token, progress: number, total?: number, message?: string): Params {
  const params: Record<string, unknown> = { progressToken, progress };
  if (Number.isFinite(total)) params['total'] = total;
  if (message !== undefined) params['message'] = message;
  return params;
}

/** A notification as JSON text. `undefined` if the handler's data cannot be serialised. */
function notificationTextIfJson(method: string, params: Params): string | undefined {
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
