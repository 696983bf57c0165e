import type { Logger } from './log.js';

/** The default logger: lines of JSON on stderr, or readable text where stderr is a terminal. */
export const STDERR_LOG: Logger = {
  error: (fields, message) => write('error', fields, message),
  warn: (fields, message) => write('warn', fields, message),
};

function write(level: string, fields: object, message: string): void {
  const { stderr } = process;
  stderr.write(`${stderr.isTTY ? readable(level, fields, message) : lineOf(level, fields, message)}\n`);
}

function lineOf(level: string, fields: object, msg: string): string {
  return JSON.stringify({ level, time: new Date().toISOString(), msg, ...fields });
}

/** The message, then the fields that identify the request, then the stack of the error and those of its causes. */
function readable(level: string, fields: object, message: string): string {
  const { err, ...facts } = fields as { readonly err?: unknown };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  const named = known.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const lines = [`${level} ${message}`, ...(named.length > 0 ? [`    ${named.join(' ')}`] : []), ...framesOf(err)];
  return lines.map(printable).join('\n');
}

/** Causes that are shown; a chain may be a cycle. */
const MAX_CAUSES = 5;

function framesOf(err: unknown, depth = 0): readonly string[] {
  if (typeof err !== 'object' || err === null || depth > MAX_CAUSES) return [];
  const { stack, cause } = err as { readonly stack?: unknown; readonly cause?: unknown };
  const frames = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const caused = typeof cause === 'object' && cause !== null ? [`  caused by ${firstLineOf(cause)}`] : [];
  return [...frames, ...caused, ...framesOf(cause, depth + 1)];
}

function firstLineOf(cause: object): string {
  const { name, message } = cause as { readonly name?: unknown; readonly message?: unknown };
  return `${String(name ?? 'Error')}: ${String(message ?? '')}`;
}

/** Without the control characters by which text of a client could forge lines, move the cursor or change colours. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�');
}
