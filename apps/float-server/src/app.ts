import express, { type Express } from 'express';
import { type McpServer, mcpRouter, type Observation, openStore, type Served, type Store, serve } from 'mcp-express';
import { apiKeys, bearerAuth, type ExpressAuthentication, jwt } from 'mcp-express/auth';
import { callerOf } from './config/callers.js';
import { type Access, type Config, isLoopback } from './config.js';
import type { Logger } from './logger.js';
import { createFloatServer } from './mcp-server.js';
import { ResourceWatch } from './resources/watch/index.js';
import { openSource } from './source.js';
import { serveStats } from './stats-server.js';
import { startTelemetry, type Telemetry } from './telemetry/index.js';
import type { Accounts } from './tokens/accounts.js';

/** Dependencies of the application. */
export interface AppDeps {
  readonly accounts: Accounts;
  readonly logger: Logger;
  readonly store: Store;
  readonly watch: ResourceWatch;
  readonly telemetry?: Telemetry | undefined;
}

/** The application and its statistics. */
export interface App {
  readonly app: Express;
  /** Statistics for operators. They are served separately from the application. */
  readonly stats: () => Promise<object>;
}

/** Creates the MCP server of a configuration, for any transport. */
export function floatServerOf(config: Config, { accounts, watch }: Pick<AppDeps, 'accounts' | 'watch'>): McpServer {
  return createFloatServer(
    {
      api: accounts.of(undefined).api,
      apiOf: (principal) => accounts.of(principal).api,
      callerOf: (principal) => callerOf(config.people, principal),
      today: () => todayIn(config.timeZone),
      invented: config.source.kind === 'sandbox',
      onRead: (uri, body, principal) => watch.onRead(uri, body, principal),
      subscriptions: {
        onSubscribe: (subscription) => watch.onSubscribe(subscription),
        onUnsubscribe: (subscription) => watch.onUnsubscribe(subscription),
      },
    },
    config.toolsets,
  );
}

/**
 * Creates the Express application: MCP at `/mcp`, liveness at `/healthz`, readiness at `/readyz`. The health routes expose
 * nothing else, because a proxy may leave them public.
 */
export function createApp(config: Config, { accounts, logger, store, telemetry, watch }: AppDeps): App {
  const mcp = floatServerOf(config, { accounts, watch });
  const auth = authOf(config.access);
  const router = mcpRouter(mcp, {
    ...(auth === undefined ? {} : { auth }),
    store,
    ...(config.allowedHosts === undefined ? {} : { allowedHosts: config.allowedHosts }),
    ...(telemetry === undefined ? {} : { instrument: telemetry.instrument }),
    // The observer below logs all events, failures included.
    logger: false,
    observe: (event) => logEvent(logger, event),
  });
  watch.notifyThrough(router.notify);
  const app = express();
  app.disable('x-powered-by');
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.use(['/healthz', '/readyz'], (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/healthz', (_request, response) => {
    // Liveness ignores the store: a restart would not help while the store is unreachable.
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = await router.isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.use(router);
  return { app, stats: async () => ({ source: config.source.kind, ...(await router.stats()) }) };
}

function authOf(access: Access): ExpressAuthentication | undefined {
  switch (access.kind) {
    case 'anyone':
      return undefined;
    case 'keys':
      return bearerAuth({ verify: apiKeys({ keys: access.keys }) });
    case 'oauth': {
      const { issuer, publicUrl, scopes } = access;
      return bearerAuth({ verify: jwt({ issuer }), resource: publicUrl, authorizationServers: [issuer], scopes });
    }
  }
}

/** A running server. */
export interface RunningServer {
  readonly url: string;
  /** URL of the statistics, if they are served. */
  readonly statsUrl?: string;
  /** URL of the metrics for Prometheus, if they are served. */
  readonly metricsUrl?: string | undefined;
  close(): Promise<void>;
}

/** Milliseconds for running calls to finish when the server stops. */
const GRACE_MS = 10_000;

/** Opens store, source and HTTP server. If a step fails, those before it are undone. */
export async function startServer(config: Config, logger: Logger): Promise<RunningServer> {
  const today = () => todayIn(config.timeZone);
  const onError = (cause: unknown) => logger.warn('could not check for changes', { cause });
  // Closed in reverse order.
  const parts: { close(): Promise<void> | void }[] = [];
  const closeAll = async () => {
    for (const part of parts.splice(0).reverse()) await part.close();
  };
  try {
    const telemetry = await startTelemetry(config);
    if (telemetry !== undefined) parts.push(telemetry);
    const store = await openStore(config.store);
    parts.push(store);
    const source = await openSource(config, { store, logger, today, traceRequest: telemetry?.traceRequest });
    parts.push(source);
    const { accounts } = source;
    const watch = new ResourceWatch({ accounts, store, today, intervalMs: config.pollSeconds * 1_000, onError });
    parts.push(watch);
    const { host, port } = config;
    const { app, stats } = createApp(config, { accounts, logger, store, telemetry, watch });
    const served = await serve(app, { host, port });
    parts.push(stoppable(served));
    warnOfExposure(config, logger);
    const urls = { url: served.url, metricsUrl: telemetry?.metricsUrl };
    if (telemetry?.metricsUrl !== undefined) logger.info('metrics', { url: telemetry.metricsUrl });
    if (config.stats === undefined) return { ...urls, close: closeAll };
    const { url: statsUrl, close } = await serveStats(config.stats, stats);
    parts.push({ close });
    logger.info('figures', { url: statsUrl });
    return { ...urls, statsUrl, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function stoppable(served: Served): { close(): Promise<void> } {
  return { close: () => served.close({ graceMs: GRACE_MS }) };
}

function warnOfExposure({ access, host, allowedHosts }: Config, logger: Logger): void {
  if (isLoopback(host)) return;
  if (access.kind === 'anyone')
    logger.warn('authentication is off: anyone who can reach this server can read and change the plan', { host });
  if (allowedHosts === undefined) logger.warn('only calls to localhost are accepted: set ALLOWED_HOSTS', { host });
}

/** The current date in a time zone, as YYYY-MM-DD. */
export function todayIn(timeZone: string, now = new Date()): string {
  // Swedish dates have the ISO format.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/** Logs an event: failures as errors, refusals as warnings, calls as information, the rest for debugging. */
/** Logs an event of the router, or of stdio. */
export function logEvent(logger: Logger, { type, ...fields }: Observation): void {
  if (type === 'failure') logger.error('failure', fields);
  else if (type === 'refused') logger.warn('request refused', fields);
  else if ('cause' in fields && fields.cause !== undefined) logger.error(`${type} by a crash`, fields);
  else if (type === 'call-ended') logger.info('call ended', fields);
  else logger.debug(type, fields);
}
