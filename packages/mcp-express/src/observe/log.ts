import { kindOf, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import type { Observation, Observer } from './observe.js';
import { redactSecrets } from './redact.js';

/** Where failures are logged: pino's shape, which `console` has too. */
export interface Logger {
  /** @param fields `err`: the cause with its stack; beside it which call it was. Without secrets, and bounded in size. */
  error(fields: object, message: string): void;
  /** Mistakes of handlers that made nothing fail. Where it is absent, `error` is called. */
  warn?(fields: object, message: string): void;
}

/** Where the rooms report what happens. */
export interface Reports {
  /** Told of everything; absent where nothing watches, and then nothing is made for it. */
  readonly observe: Observer | undefined;
  /** Told of what failed, and of nothing else. */
  readonly log: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  readonly misconfigured: (warning: Warning) => void;
  /** For mistakes of handlers: logged, and not a process warning. */
  readonly warned: (warning: Warning) => void;
}

interface Warning {
  readonly code: string;
  readonly message: string;
}

/** The two places for what happens: what the application watches with, and the log of failures. */
export function reportsOf(options: { observe: Observer | undefined; logger: Logger | false | undefined }): Reports {
  const { observe } = options;
  const logger = loggerOf(options.logger);
  const log = logger && failureLog(logger);
  return {
    observe,
    log,
    failed: (where, thrown) => {
      const cause = ofStore(thrown);
      for (const tell of [observe, log]) tell?.({ type: 'failure', where, cause });
    },
    misconfigured: ({ code, message }) => {
      process.emitWarning(message, { type: 'McpExpressWarning', code });
      observe?.({ type: 'misconfigured', code, message });
    },
    warned: ({ code, message }) => {
      observe?.({ type: 'misconfigured', code, message });
      if (logger === undefined) return;
      try {
        const fields = { event: 'misconfigured', code };
        if (logger.warn === undefined) logger.error(fields, message);
        else logger.warn(fields, message);
      } catch {
        // As below.
      }
    },
  };
}

/** What the store itself said, where the rooms were told no more than that it is away. */
function ofStore(thrown: unknown): unknown {
  return McpError.is(thrown) && thrown.code === 'store-unavailable' ? (thrown.cause ?? thrown) : thrown;
}

/** One line of JSON for each failure, on stderr. */
const STDERR: Logger = {
  error: (fields, msg) => writeLine('error', fields, msg),
  warn: (fields, msg) => writeLine('warn', fields, msg),
};

function writeLine(level: string, fields: object, msg: string): void {
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), msg, ...fields })}\n`);
}

/**
 * As with Express, nothing is logged by default where `NODE_ENV` is `test`.
 *
 * @param given `false` logs nothing.
 */
function loggerOf(given: Logger | false | undefined): Logger | undefined {
  const silent = given === false || (given === undefined && process.env['NODE_ENV'] === 'test');
  return silent ? undefined : (given ?? STDERR);
}

/** What logs the failures of handlers, of the store and of what else runs, with cause and stack. */
function failureLog(logger: Logger): Observer {
  let told: unknown;
  return (event) => {
    const cause = 'cause' in event ? event.cause : undefined;
    // A crash that ended a call is told as its end, and then as a failure.
    if (cause === undefined || isOnPurpose(event) || (event.type === 'failure' && cause === told)) return;
    told = cause;
    try {
      logger.error({ ...factsOf(event), err: redactSecrets(cause) }, messageOf(event, cause));
    } catch {
      // Logging must not change what is logged.
    }
  };
}

/** An error in the words of MCP is an answer, whatever it was caused by. */
function isOnPurpose(event: Observation): boolean {
  return 'error' in event && event.error !== undefined && event.error !== 'internal-error';
}

function factsOf(event: Observation): object {
  const { type, ...facts } = event;
  const { requestId, session, method, name, where, error, outcome } = facts as Readonly<Record<string, unknown>>;
  return { event: type, where, method, name, requestId, session, outcome, error };
}

function messageOf(event: Observation, cause: unknown): string {
  const { method, name, where } = event as { method?: string; name?: string; where?: string };
  const what =
    method === undefined ? (where ?? event.type) : name === undefined ? method : `${method} ${JSON.stringify(name)}`;
  return brief(`${what} failed: ${shown(cause)}`);
}

/** Anything can be thrown, and what it holds is all that there is to see of it. Never throws. */
function shown(cause: unknown): string {
  const copy = redactSecrets(typeof cause === 'symbol' ? String(cause) : cause);
  const { name, message } = isObject(copy) ? copy : {};
  if (typeof message === 'string') return String(redactSecrets(`${String(name ?? kindOf(cause))}: ${message}`));
  if (cause === undefined || cause === null) return `${cause} was thrown`;
  return `${kindOf(cause)} was thrown: ${typeof copy === 'string' ? copy : JSON.stringify(copy)}`;
}
