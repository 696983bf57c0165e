import type { Readable, Writable } from 'node:stream';
import type { Principal } from '../auth/principal.js';
import { Engine } from '../engine.js';
import { McpServer } from '../features/mcp-server.js';
import { type RouterOptions, resolveOptions } from '../options.js';
import { assertKnown, ConfigurationError, kindOf } from '../protocol/errors.js';
import type { Notifier } from '../request/running-call.js';
import type { Drainable, DrainOptions } from '../util/drains.js';
import { linesOf } from './lines.js';
import { StdioOutput } from './output.js';
import { endOnSignals } from './signals.js';
import { StdioConnection } from './stdio-connection.js';

/** The options of `mcpRouter` that have a meaning on stdio. */
const SHARED = [
  'callTimeoutMs',
  'clientRequestTimeoutMs',
  'logger',
  'maxCallsPerSession',
  'maxSubscriptionsPerSession',
  'observe',
  'progressHeartbeatMs',
  'stateTtlMs',
  'maxResultBytes',
  'taskTtlMs',
  'taskPollMs',
] as const satisfies readonly (keyof RouterOptions)[];

/** The options of `serveStdio`. All are optional. */
export interface StdioOptions extends Pick<RouterOptions, (typeof SHARED)[number]> {
  /**
   * The user of this process, for tools with `scopes` or `visible`: whoever starts it has authenticated in another way, such
   * as by a key in the environment. @default anonymous
   */
  readonly principal?: Principal;
  /** The longest message of the client, in bytes. Longer ones get an error. @default 4194304 (4 MiB) */
  readonly maxMessageBytes?: number;
  /** Milliseconds for running calls to finish after the client has closed its end. 0 cuts them. @default 5000 */
  readonly graceMs?: number;
  /** The messages of the client. @default process.stdin */
  readonly input?: Readable;
  /** The messages to the client. @default process.stdout */
  readonly output?: Writable;
}

/** A server on stdio. */
export interface StdioServer extends Drainable {
  /** Notifies the client that a list or a resource has changed. */
  readonly notify: Notifier;
  /** Resolves once the client has closed its end, or `close` was called, and the last message is written. */
  readonly closed: Promise<void>;
}

const DEFAULTS = { maxMessageBytes: 4 * 1024 * 1024, graceMs: 5_000 };

/** A session lives as long as its process. Milliseconds. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * Serves an MCP server on stdin and stdout, for clients that start servers as child processes. Tools, resources and prompts
 * behave as behind `mcpRouter`, in sessions and in stateless requests.
 *
 * - Only messages of MCP reach stdout. Until the server is closed, other output to it, such as that of `console.log`, goes
 *   to stderr.
 * - When the client closes stdin, running calls may finish (`graceMs`), and the server closes. The process then ends by
 *   itself, unless the application keeps it alive: `closed` says when to release its resources.
 * - On `SIGTERM` and `SIGINT` the server closes and the process exits, unless the application has listeners of its own.
 *
 * @throws ConfigurationError if an argument is invalid.
 */
export function serveStdio(mcp: McpServer, options: StdioOptions = {}): StdioServer {
  if (!(mcp instanceof McpServer)) {
    throw new ConfigurationError(`serveStdio takes an McpServer of mcp-express; it was given ${kindOf(mcp)}`);
  }
  const { input = process.stdin, output: stdout = process.stdout, principal } = options;
  const { maxMessageBytes, graceMs } = limitsOf(options);
  const shared = Object.fromEntries(SHARED.map((name) => [name, options[name]]));
  const engine = new Engine(mcp, resolveOptions({ ...shared, sseAfterMs: Infinity, sessionIdleMs: FOREVER_MS }));
  const { sessions, protocol, reports } = engine;
  const { statelessRequests } = protocol;
  const output = new StdioOutput(stdout);
  const { failed } = reports;
  const deps = { sessions, statelessRequests, output, principal, maxMessageBytes, failed };
  const connection = new StdioConnection(deps);
  let closing: Promise<void> | undefined;
  const close = (drain: DrainOptions = {}): Promise<void> => {
    closing ??= end(engine, output, drain.graceMs ?? graceMs).finally(() => {
      forget();
      input.destroy();
    });
    return closing;
  };
  const forget = input === process.stdin ? endOnSignals(close) : () => {};
  const closed = receiveAll(input, connection, { output, maxMessageBytes }).then(() => close());
  return { notify: engine.changes, closed, close };
}

/** Handles the messages one after another, and reads no more than the client takes. Resolves at the end of the input. */
async function receiveAll(
  input: Readable,
  connection: StdioConnection,
  { output, maxMessageBytes }: { readonly output: StdioOutput; readonly maxMessageBytes: number },
): Promise<void> {
  try {
    for await (const line of linesOf(input, maxMessageBytes)) {
      await output.ready;
      await connection.receive(line);
    }
  } catch {
    // The input was destroyed, by `close` or by a client that died.
  }
}

async function end(engine: Engine, output: StdioOutput, graceMs: number): Promise<void> {
  await engine.drain(graceMs);
  // Readers deliver what is in the log on later turns of the event loop.
  await new Promise(setImmediate);
  await output.ready;
  engine.closeStreams();
  await new Promise(setImmediate);
  await engine.close();
  await output.end();
}

function limitsOf(options: StdioOptions): typeof DEFAULTS {
  assertKnown(options, [...SHARED, 'principal', 'maxMessageBytes', 'graceMs', 'input', 'output'], 'serveStdio');
  const { maxMessageBytes = DEFAULTS.maxMessageBytes, graceMs = DEFAULTS.graceMs } = options;
  for (const [name, value, least] of [
    ['maxMessageBytes', maxMessageBytes, 1],
    ['graceMs', graceMs, 0],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ConfigurationError(
      `serveStdio option "${name}" must be a whole number of at least ${least}; it is ${value}`,
    );
  }
  const { principal } = options;
  if (principal !== undefined && (typeof principal?.subject !== 'string' || principal.subject === '')) {
    throw new ConfigurationError('serveStdio option "principal" must have a "subject", a non-empty string');
  }
  return { maxMessageBytes, graceMs };
}
