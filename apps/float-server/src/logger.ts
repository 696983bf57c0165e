import { redactSecrets } from 'mcp-express';
import { LOG_LEVELS, type LogLevel } from './config.js';
import { visibleJson } from './foreign-text.js';

export type LogFields = Readonly<Record<string, unknown>>;
type Write = (message: string, fields?: LogFields) => void;

/** One JSON object per line, bounded, without secrets: those it was given, and those that `redactSecrets` finds. */
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

/** As it is, and as it is written inside a JSON text. */
function formsOf(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1)])];
}
