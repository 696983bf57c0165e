import { assertKnown, ConfigurationError, type ErrorCode, kindOf } from '../protocol/errors.js';
import type { Params } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import type { CallerName, Observation, Observer, Outcome } from './observe.js';
import { redactSecrets } from './redact.js';

/** Who called what, and what came of it. */
export interface AuditRecord {
  /** When it was over: ISO 8601, UTC. */
  readonly time: string;
  readonly event: 'call' | 'task' | 'refused';
  readonly outcome: Outcome | 'refused';
  /** Why it was refused or ended with an error. */
  readonly error?: ErrorCode;
  /** Absent where nobody signed in. */
  readonly principal?: CallerName;
  /** The address it came from, as Express sees it (`trust proxy`); absent when its connection was gone by then. */
  readonly ip?: string;
  /** The session, hashed; absent for a request that stands alone. */
  readonly session?: string;
  readonly method: string;
  /** The tool, the prompt or the URI; cut, with a mark, where it is longer than any. */
  readonly name?: string;
  /** Redacted, and cut where there is much. */
  readonly arguments?: unknown;
  readonly durationMs?: number;
}

export interface AuditOptions {
  /** The requests that are recorded. @default `['tools/call', 'resources/read', 'prompts/get']` */
  readonly methods?: readonly string[];
  /**
   * What of the arguments is recorded. `values`: each value is replaced by its type. `secrets`: the values, without what is
   * secret by its name or its form, at any depth (see `redactSecrets`). A function returns what is to be recorded.
   * @default 'values'
   */
  readonly redact?: 'values' | 'secrets' | ((args: Params, call: { method: string; name?: string }) => unknown);
}

const METHODS = ['tools/call', 'resources/read', 'prompts/get'];

/**
 * An observer that makes one record of each call, each task that came to its end, and each call that was refused.
 *
 * ```ts
 * mcpRouter(mcp, { observe: auditLog((record) => file.write(`${JSON.stringify(record)}\n`)) });
 * ```
 *
 * @param write is called synchronously. What it throws is ignored.
 * @throws ConfigurationError naming the argument or the option that is wrong.
 */
export function auditLog(write: (record: AuditRecord) => void, options: AuditOptions = {}): Observer {
  assertAudit(write, options);
  const methods = new Set(options.methods ?? METHODS);
  const redact = redactorOf(options.redact ?? 'values');
  return (event) => {
    const kind = KINDS[event.type];
    if (kind === undefined || !isOfCall(event) || !methods.has(event.method)) return;
    write(recordOf(event, kind, redact));
  };
}

function recordOf(event: OfCall<Recorded>, kind: AuditRecord['event'], redact: Redactor): AuditRecord {
  const { method, name, error, session, principal } = event;
  const args = event.arguments();
  const ended = event.type === 'refused' ? undefined : event;
  return present({
    time: new Date().toISOString(),
    event: kind,
    outcome: ended?.outcome ?? 'refused',
    error,
    principal,
    ip: event.ip(),
    session,
    method,
    name,
    arguments: args && redact(args, present({ method, name })),
    durationMs: ended && Math.round(ended.durationMs),
  });
}

/** Without the members that are not there. */
function present<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

const KINDS: { readonly [type in Observation['type']]?: AuditRecord['event'] } = {
  'call-ended': 'call',
  'task-ended': 'task',
  refused: 'refused',
};

type Recorded = Extract<Observation, { type: 'call-ended' | 'task-ended' | 'refused' }>;

type OfCall<E> = E & Required<Pick<Recorded, 'method' | 'arguments' | 'ip'>>;

/** A request may be refused before anybody knows what it asks for. */
function isOfCall(event: Observation): event is OfCall<Recorded> {
  return 'method' in event && event.method !== undefined && 'arguments' in event;
}

type Redactor = (args: Params, call: { method: string; name?: string }) => unknown;

function redactorOf(redact: NonNullable<AuditOptions['redact']>): Redactor {
  if (redact === 'values') return typesOf;
  if (redact === 'secrets') return redactSecrets;
  return redact;
}

/** More than any tool takes. */
const MAX_ARGUMENTS = 100;

function typesOf(args: Params): Params {
  const names = Object.keys(args);
  const shown = names.slice(0, MAX_ARGUMENTS).map((name) => [brief(name), `[${typeOf(args[name])}]`]);
  if (names.length > MAX_ARGUMENTS) shown.push(['…', `[${names.length - MAX_ARGUMENTS} more]`]);
  return Object.fromEntries(shown);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function assertAudit(write: unknown, options: AuditOptions): void {
  if (typeof write !== 'function') {
    throw new ConfigurationError(`auditLog takes a function of the record first; it was given ${kindOf(write)}`);
  }
  assertKnown(options, ['methods', 'redact'], 'auditLog');
  const { methods = METHODS, redact = 'values' }: { methods?: unknown; redact?: unknown } = options;
  if (!Array.isArray(methods) || !methods.every((method) => typeof method === 'string')) {
    throw new ConfigurationError(`auditLog option "methods" must be a list of texts; it is ${kindOf(methods)}`);
  }
  if (typeof redact === 'function' || redact === 'values' || redact === 'secrets') return;
  const given = typeof redact === 'string' ? JSON.stringify(redact) : kindOf(redact);
  throw new ConfigurationError(`auditLog option "redact" must be "values", "secrets" or a function; it is ${given}`);
}
