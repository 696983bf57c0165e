import { redactSecrets } from 'mcp-express';
import { LOG_LEVELS, type LogLevel } from './config.js';
import { visibleJson } from './untrusted-text.js';

/** Fields of a log entry. */
export type LogFields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: LogFields) => void;

/** Writes one JSON object per line, without secrets: those it knows, and those that `redactSecrets` recognizes. */
export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

/** Options of a logger. */
export interface LoggerOptions {
  readonly level: LogLevel;
  /** Receives lines including their line break. */
  readonly write: (line: string) => void;
  /** Texts to redact. */
  readonly secrets?: readonly string[];
  readonly now?: () => Date;
}

const REDACTED = '[redacted]';

/** Creates a logger. */
export function createLogger({ level, write, secrets = [], now = () => new Date() }: LoggerOptions): Logger {
  const least = LOG_LEVELS.indexOf(level);
  const forms = secrets.flatMap(formsOf);
  const hide = (text: string) => forms.reduce((line, secret) => line.replaceAll(secret, REDACTED), text);
  const at = (name: LogLevel): Write => {
    if (LOG_LEVELS.indexOf(name) < least) return () => {};
    return (message, fields = {}) => {
      const entry = { time: now().toISOString(), level: name, message: redactSecrets(message) };
      const members = redactSecrets(fields) as object;
      write(`${hide(visibleJson({ ...entry, ...members }))}\n`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The secret as it is, and as it is written in JSON. */
function formsOf(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1)])];
}
