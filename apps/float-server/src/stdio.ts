import { Writable } from 'node:stream';
import { openStore } from 'mcp-express';
import { type StdioServer, serveStdio } from 'mcp-express/stdio';
import { floatServerOf, logEvent, todayIn } from './app.js';
import type { Config } from './config.js';
import type { Logger } from './logger.js';
import { ResourceWatch } from './resources/watch/index.js';
import { openSource } from './source.js';

/**
 * Serves Float on stdin and stdout, for desktop clients that start the server. Its user is the one who starts it, so the
 * settings of callers do not apply. `closed` resolves when everything is released.
 *
 * @param write writes to stdout, which is reserved for messages.
 */
export async function startStdio(
  config: Config,
  logger: Logger,
  write: (text: string) => void,
): Promise<Pick<StdioServer, 'closed'>> {
  const today = () => todayIn(config.timeZone);
  const store = await openStore(config.store);
  const source = await openSource(config, { store, logger, today, traceRequest: undefined });
  const { accounts } = source;
  const onError = (cause: unknown) => logger.warn('could not check for changes', { cause });
  const watch = new ResourceWatch({ accounts, store, today, intervalMs: config.pollSeconds * 1_000, onError });
  const output = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      write(text);
      done();
    },
  });
  const server = serveStdio(floatServerOf(config, { accounts, watch }), {
    output,
    logger: false,
    observe: (event) => logEvent(logger, event),
  });
  watch.notifyThrough(server.notify);
  const closed = server.closed.then(async () => {
    for (const part of [watch, source, store]) await part.close();
  });
  return { closed };
}
