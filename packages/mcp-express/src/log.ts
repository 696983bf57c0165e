import { brief } from './ground/brief.js';
import { McpError } from './ground/errors.js';
import type { Observation, Observer } from './ground/observe.js';
import { redactSecrets } from './ground/redact.js';

/** Where failures are logged: pino's shape, which `console` has too. */
export interface Logger {
  /** @param fields `err`: the cause with its stack; beside it which call it was. Without secrets, and bounded in size. */
  error(fields: object, message: string): void;
}

/** Where the rooms report what happens. */
export interface Reports {
  /** Told of everything; absent where nothing watches, and then nothing is made for it. */
  readonly observe: Observer | undefined;
  /** Told of what failed, and of nothing else. */
  readonly log: Observer | undefined;
  readonly failed: (where: string, cause: unknown) => void;
  readonly misconfigured: (warning: { readonly code: string; readonly message: string }) => void;
}

/** The two places for what happens: what the application watches with, and the log of failures. */
export function reportsOf(options: { observe: Observer | undefined; logger: Logger | false | undefined }): Reports {
  const { observe } = options;
  const log = failureLog(options.logger);
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
  };
}

/** What the store itself said, where the rooms were told no more than that it is away. */
function ofStore(thrown: unknown): unknown {
  return McpError.is(thrown) && thrown.code === 'store-unavailable' ? (thrown.cause ?? thrown) : thrown;
}

/** One line of JSON for each failure, on stderr. */
const STDERR: Logger = {
  error: (fields, msg) => {
    process.stderr.write(`${JSON.stringify({ level: 'error', time: new Date().toISOString(), msg, ...fields })}\n`);
  },
};

/**
 * What logs the failures of handlers, of the store and of what else runs, with cause and stack. As with Express, nothing is
 * logged by default where `NODE_ENV` is `test`.
 *
 * @param given `false` logs nothing.
 */
function failureLog(given: Logger | false | undefined): Observer | undefined {
  const silent = given === false || (given === undefined && process.env['NODE_ENV'] === 'test');
  if (silent) return undefined;
  const logger = given ?? STDERR;
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
  return brief(`${what} failed: ${String(redactSecrets(shown(cause)))}`);
}

function shown(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
