import type { Logger } from './logger.js';

type Write = typeof process.stderr.write;

/** The streams of the process, for the program itself. */
export interface Output {
  /** Writes to stdout as it is. */
  readonly stdout: (text: string) => void;
  /** Writes to stderr as it is. */
  readonly stderr: (text: string) => void;
  /** Logs all that is written otherwise: by libraries, by `console`, and by Node as warnings and crashes. */
  logOthers(logger: Logger): void;
}

/** Takes the streams over, so that every line of the log is JSON, whatever a library prints. */
export function takeOutput(on: NodeJS.Process = process): Output {
  const streams = { stdout: on.stdout, stderr: on.stderr };
  const [stdout, stderr] = [streams.stdout.write.bind(streams.stdout), streams.stderr.write.bind(streams.stderr)];
  return {
    stdout: (text) => void stdout(text),
    stderr: (text) => void stderr(text),
    logOthers: (logger) => {
      for (const [name, stream] of Object.entries(streams)) {
        stream.write = logging((text) => logger.warn(`written to ${name}`, { text }));
      }
      // The default listener prints plain text.
      on.removeAllListeners('warning');
      on.on('warning', ({ name, message, stack }) => logger.warn(message, { type: name, stack }));
      on.on('uncaughtException', (error, origin) => {
        logger.error('crashed', { origin, error });
        on.exit(1);
      });
    },
  };
}

/** A `write` that passes on each piece of text and never waits. */
function logging(log: (text: string) => void): Write {
  return ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text.trim() !== '') log(text.trimEnd());
    const after = typeof encoding === 'function' ? encoding : done;
    if (typeof after === 'function') process.nextTick(after as () => void);
    return true;
  }) as Write;
}
