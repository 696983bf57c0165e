import { kindOf, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import type { NodeInstruments } from './instrumentation.js';
import { guardedObserver, type Observation, type Observer } from './observe.js';
import { redactSecrets } from './redact.js';
import { STDERR_LOG } from './stderr-log.js';

/** A logger for failures, with pino's interface, which `console` has too. */
export interface Logger {
  /** Logs a failure. @param fields `err`, the cause with its stack, and the call. Redacted and bounded in size. */
  error(fields: object, message: string): void;
  /** Logs mistakes of handlers that caused no failure. Absent: `error` is called instead. */
  warn?(fields: object, message: string): void;
}

/** The destinations of events and failures. */
export interface Reports {
  /** Receives all events; absent if there is no observer, and then no events are created. */
  readonly observe: Observer | undefined;
  /** Receives the events of calls. Instruments are not among its observers: they follow each call by itself. */
  readonly observeCalls: Observer | undefined;
  /** Receives failures only. */
  readonly log: Observer | undefined;
  /** Reports a failure outside a request. @param where the operation that failed. */
  readonly failed: (where: string, cause: unknown) => void;
  /** Reports a mistake in the configuration, as a process warning. */
  readonly misconfigured: (warning: Warning) => void;
  /** Reports a mistake of a handler, which is logged and no process warning. */
  readonly warn: (warning: Warning) => void;
}

interface Warning {
  readonly code: string;
  readonly message: string;
}

/** The options of the application for events and failures. */
export interface ReportOptions {
  readonly observe: Observer | undefined;
  readonly logger: Logger | false | undefined;
  /** Failures are logged with the principal of the call. */
  readonly logPrincipals: boolean;
}

/** Combines the observer and the logger of the application. */
export function reportsOf(options: ReportOptions, instruments?: NodeInstruments): Reports {
  const observeCalls = options.observe;
  const all = [observeCalls, instruments?.observe].filter((each) => each !== undefined);
  const observe = all.length > 1 ? guardedObserver(all) : all[0];
  const logger = loggerOf(options.logger);
  const log = logger && failureLog(logger, options.logPrincipals);
  return {
    observe,
    observeCalls,
    log,
    failed: (where, thrown) => {
      const cause = ofStore(thrown);
      for (const tell of [observe, log]) tell?.({ type: 'failure', where, cause });
    },
    misconfigured: ({ code, message }) => {
      process.emitWarning(message, { type: 'McpExpressWarning', code });
      observe?.({ type: 'misconfigured', code, message });
    },
    warn: ({ code, message }) => {
      observe?.({ type: 'misconfigured', code, message });
      if (logger === undefined) return;
      try {
        const fields = { event: 'misconfigured', code };
        if (logger.warn === undefined) logger.error(fields, message);
        else logger.warn(fields, message);
      } catch {
        // As in `failureLog`.
      }
    },
  };
}

/** The cause of a `store-unavailable` error, which names the failure of the store itself. */
function ofStore(thrown: unknown): unknown {
  return McpError.is(thrown) && thrown.code === 'store-unavailable' ? (thrown.cause ?? thrown) : thrown;
}

/**
 * The logger to use. As in Express, nothing is logged by default if `NODE_ENV` is `test`.
 *
 * @param given `false` disables logging.
 */
function loggerOf(given: Logger | false | undefined): Logger | undefined {
  const silent = given === false || (given === undefined && process.env['NODE_ENV'] === 'test');
  return silent ? undefined : (given ?? STDERR_LOG);
}

/** An observer that logs failures of handlers, of the store and of background work, with cause and stack. */
function failureLog(logger: Logger, principals: boolean): Observer {
  let logged: unknown;
  return (event) => {
    const cause = 'cause' in event ? event.cause : undefined;
    // A crash that ended a call is reported twice: as the end of the call, and as a failure.
    if (cause === undefined || isOnPurpose(event) || (event.type === 'failure' && cause === logged)) return;
    logged = cause;
    try {
      logger.error({ ...factsOf(event, principals), err: redactSecrets(cause) }, messageOf(event, cause));
    } catch {
      // A failing logger must not affect the operation that it logs.
    }
  };
}

/** An `McpError` is a regular response, whatever its cause. */
function isOnPurpose(event: Observation): boolean {
  return 'error' in event && event.error !== undefined && event.error !== 'internal-error';
}

function factsOf(event: Observation, principals: boolean): object {
  const { type, ...facts } = event;
  const { requestId, session, method, name, where, error, outcome } = facts as Readonly<Record<string, unknown>>;
  const principal = principals && 'principal' in event ? event.principal : undefined;
  return { event: type, where, method, name, requestId, session, principal, outcome, error };
}

function messageOf(event: Observation, cause: unknown): string {
  const { method, name, where } = event as { method?: string; name?: string; where?: string };
  const what =
    method === undefined ? (where ?? event.type) : name === undefined ? method : `${method} ${JSON.stringify(name)}`;
  return brief(`${what} failed: ${shown(cause)}`);
}

/** A description of any thrown value, which may be no `Error`. Never throws. */
function shown(cause: unknown): string {
  const copy = redactSecrets(typeof cause === 'symbol' ? String(cause) : cause);
  const { name, message } = isObject(copy) ? copy : {};
  if (typeof message === 'string') return String(redactSecrets(`${String(name ?? kindOf(cause))}: ${message}`));
  if (cause === undefined || cause === null) return `${cause} was thrown`;
  return `${kindOf(cause)} was thrown: ${typeof copy === 'string' ? copy : JSON.stringify(copy)}`;
}
