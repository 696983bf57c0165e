import { redactSecrets } from 'mcp-express';
import { pino } from 'pino';
import type { LogLevel } from './config.js';
import { visibleInJson } from './untrusted-text.js';

/** Fields of a log entry. */
export type LogFields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: LogFields) => void;

/** Writes one JSON object per line by pino, without secrets: those it knows, and those that `redactSecrets` recognizes. */
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
  const forms = secrets.flatMap(formsOf);
  const hide = (text: string) => forms.reduce((line, secret) => line.replaceAll(secret, REDACTED), text);
  const options = {
    level,
    messageKey: 'message',
    base: null,
    timestamp: () => `,"time":"${now().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const lines = pino(options, { write: (line) => write(`${hide(visibleInJson(line.trimEnd()))}\n`) });
  const at = (name: Exclude<LogLevel, 'silent'>): Write => {
    if (!lines.isLevelEnabled(name)) return () => {};
    // pino's own redaction knows paths only; this looks at names and forms, at any depth.
    return (message, fields = {}) => lines[name](redactSecrets(fields) as object, String(redactSecrets(message)));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** The secret as it is, and as it is written in JSON. */
function formsOf(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1)])];
}
