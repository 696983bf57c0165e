import { LOG_LEVELS, type LogLevel } from './config.js';

export type LogFields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: LogFields) => void;

/** One JSON object per line, secrets removed. */
export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Gets whole lines with their line break. */
  readonly write: (line: string) => void;
  /** Texts that must not appear, wherever they turn up. */
  readonly secrets?: readonly string[];
  readonly now?: () => Date;
}

const REDACTED = '[redacted]';
const SECRET_NAME = /authorization|cookie|password|secret|token|api[-_]?key/i;
const BEARER = /\bBearer\s+[\w.~+/=-]+/gi;
/** Causes of causes of causes help nobody, and one of them may be its own cause. */
const MAX_DEPTH = 5;

export function createLogger({ level, write, secrets = [], now = () => new Date() }: LoggerOptions): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const hide = (text: string) => secrets.reduce((line, secret) => line.replaceAll(secret, REDACTED), text);
  const at = (name: LogLevel): Write => {
    if (LOG_LEVELS.indexOf(name) < least) return () => {};
    return (message, fields = {}) => {
      const entry = { time: now().toISOString(), level: name, message, ...(clean(fields, 0) as object) };
      write(`${hide(JSON.stringify(entry))}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A copy that can be written as JSON and holds no secret by name or by form. */
function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.replace(BEARER, `Bearer ${REDACTED}`);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return cleanError(value, depth);
  if (Array.isArray(value)) return value.map((one) => clean(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, SECRET_NAME.test(name) ? REDACTED : clean(one, depth + 1)]),
  );
}

function cleanError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  const why = cause === undefined ? {} : { cause: clean(cause, depth + 1) };
  return { name, message: clean(message, depth), stack: clean(stack, depth), ...why };
}
