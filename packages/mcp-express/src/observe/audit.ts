import { assertKnown, ConfigurationError, type ErrorCode, kindOf } from '../protocol/errors.js';
import type { Params } from '../protocol/json-rpc.js';
import { brief } from '../util/brief.js';
import type { CallerName, Observation, Observer, Outcome } from './observe.js';
import { redactSecrets } from './redact.js';

/** One audited request: the caller, the operation and its outcome. */
export interface AuditRecord {
  /** The end of the request: ISO 8601, UTC. */
  readonly time: string;
  readonly event: 'call' | 'task' | 'refused' | 'operation';
  readonly outcome: Outcome | 'refused';
  /** The error code of a refusal or failure. */
  readonly error?: ErrorCode;
  /** Absent for anonymous callers. */
  readonly principal?: CallerName;
  /** The address of the caller, as Express sees it (`trust proxy`); absent if its connection was gone by then. */
  readonly ip?: string;
  /** The hashed session id; absent for stateless requests. */
  readonly session?: string;
  readonly method: string;
  /** The name of the tool or prompt, or the URI; shortened, with a mark, if it is too long. */
  readonly name?: string;
  /** The redacted arguments, shortened if they are large. */
  readonly arguments?: unknown;
  readonly durationMs?: number;
  /** The operator who ended a session or cancelled a call. */
  readonly by?: string;
}

/** Options of `auditLog`. */
export interface AuditOptions {
  /** The recorded methods. @default `['tools/call', 'resources/read', 'prompts/get']` */
  readonly methods?: readonly string[];
  /**
   * The recorded part of the arguments. `values`: each value is replaced by its type. `secrets`: the values, except those
   * that are secret by their name or form, at any depth (see `redactSecrets`). A function returns the value to record.
   * @default 'values'
   */
  readonly redact?: 'values' | 'secrets' | ((args: Params, call: { method: string; name?: string }) => unknown);
}

const METHODS = ['tools/call', 'resources/read', 'prompts/get'];

/**
 * Creates an observer that writes one record of each call, of each finished task, of each refused call, and of each
 * session and call that an operator ended.
 *
 * ```ts
 * mcpRouter(mcp, { observe: auditLog((record) => file.write(`${JSON.stringify(record)}\n`)) });
 * ```
 *
 * @param write receives each record, synchronously; its errors are ignored.
 * @throws ConfigurationError naming the invalid argument or option.
 */
export function auditLog(write: (record: AuditRecord) => void, options: AuditOptions = {}): Observer {
  assertAudit(write, options);
  const methods = new Set(options.methods ?? METHODS);
  const redact = redactorOf(options.redact ?? 'values');
  return (event) => {
    if (event.type === 'operation') return write(recordOfOperation(event));
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

/** `method` is the operation, and `name` its target. */
function recordOfOperation({ action, target, by }: Observation & { readonly type: 'operation' }): AuditRecord {
  const done = { time: new Date().toISOString(), event: 'operation', outcome: 'result' } as const;
  return present({ ...done, method: action, name: target, by });
}

/** Omits members that are `undefined`. */
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

/** A request may be refused before its method is known. */
function isOfCall(event: Observation): event is OfCall<Recorded> {
  return 'method' in event && event.method !== undefined && 'arguments' in event;
}

type Redactor = (args: Params, call: { method: string; name?: string }) => unknown;

function redactorOf(redact: NonNullable<AuditOptions['redact']>): Redactor {
  if (redact === 'values') return typesOf;
  if (redact === 'secrets') return redactSecrets;
  return redact;
}

/** More arguments than any tool has. */
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
