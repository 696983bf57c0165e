/** Process entry: start-up, output, signals and exit codes. */
import { startServer } from './app.js';
import { type Config, ConfigError, describeConfig, readConfig, secretsOf } from './config.js';
import { createLogger, type Logger } from './logger.js';
import { takeOutput } from './stray-output.js';

const output = takeOutput();

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger({ level: config.logLevel, write: output.stderr, secrets: secretsOf(config) });
  output.logOthers(logger);
  logger.debug('configuration', describeConfig(config));
  if (process.argv.includes('--stdio')) return serveOnStdio(config, logger);
  const starting = startServer(config, logger);
  // Before the server announces itself: an orchestrator may stop it immediately afterwards.
  stopOnSignals(async () => (await starting).close(), logger);
  const running = await starting;
  output.stdout(welcome(`${running.url}/mcp`, config));
}

/** Loaded only if it is used. */
async function serveOnStdio(config: Config, logger: Logger): Promise<void> {
  const { startStdio } = await import('./stdio.js');
  const { closed } = await startStdio(config, logger, output.stdout);
  await closed;
}

function welcome(endpoint: string, { source }: Config): string {
  const data =
    source.kind === 'float' ? `Float at ${source.apiUrl}` : 'the built-in sandbox (set FLOAT_API_KEY for Float)';
  const snippet = JSON.stringify({ mcpServers: { float: { type: 'http', url: endpoint } } }, undefined, 2);
  const initialize = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'curl', version: '1' } },
  });
  return [
    `float-server is ready at ${endpoint}, with data from ${data}.`,
    '',
    'mcp.json for your client:',
    snippet,
    '',
    'Or by hand:',
    `curl -i ${endpoint} -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -d '${initialize}'`,
    '',
  ].join('\n');
}

/** Lets running calls finish on the first signal; a second one exits immediately. */
function stopOnSignals(close: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    close().then(
      () => logger.info('stopped'),
      (error: unknown) => fail(`Could not stop cleanly: ${String(error)}`),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(message: string): void {
  output.stderr(`${message}\n`);
  process.exitCode = 1;
}

function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return `Wrong configuration: ${error.message}`;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `${address}:${port} is in use by another program. Stop it, or set PORT to another number (0 takes any free one).`;
  }
  if (code === 'EACCES') return `No permission to listen on ${address}:${port}. Set PORT to a number above 1023.`;
  return `Could not start: ${error instanceof Error ? error.message : String(error)}`;
}

main().catch((error: unknown) => fail(reasonOf(error)));
