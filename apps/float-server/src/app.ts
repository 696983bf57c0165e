import express, { type Express } from 'express';
import { mcpRouter, type Observation, openStore, type Served, serve } from 'mcp-express';
import { apiKeys, bearerAuth, type ExpressAuthentication, jwt } from 'mcp-express/auth';
import { callerOf } from './config/people.js';
import { type Access, type Config, isLoopback } from './config.js';
import { serveFigures } from './figures.js';
import type { Logger } from './logger.js';
import { createFloatServer } from './mcp-server.js';
import { ResourceWatch } from './resources/watch/index.js';
import { openSource } from './source.js';
import type { Accounts } from './tokens/accounts.js';

export interface AppDeps {
  readonly accounts: Accounts;
  readonly logger: Logger;
  readonly watch: ResourceWatch;
}

export interface App {
  readonly app: Express;
  /** What the service is doing, in numbers. For its operators: not a part of the application. */
  readonly figures: () => Promise<object>;
}

/**
 * The Express application: MCP at `/mcp`, whether it is alive at `/healthz`, and whether to send it requests at
 * `/readyz`. Neither tells more than that, because a proxy in front may let anyone ask.
 */
export function createApp(config: Config, { accounts, logger, watch }: AppDeps): App {
  const mcp = createFloatServer(
    {
      api: accounts.of(undefined).api,
      apiOf: (principal) => accounts.of(principal).api,
      callerOf: (principal) => callerOf(config.people, principal),
      today: () => todayIn(config.timeZone),
      invented: config.source.kind === 'sandbox',
      onRead: (uri, body, principal) => watch.onRead(uri, body, principal),
    },
    config.toolsets,
  );
  const auth = authOf(config.access);
  const router = mcpRouter(mcp, {
    ...(auth === undefined ? {} : { auth }),
    store: watch.store,
    ...(config.allowedHosts === undefined ? {} : { allowedHosts: config.allowedHosts }),
    // Its own lines have all that is observed, failures too.
    logger: false,
    observe: [(event) => logEvent(logger, event), watch.observe],
  });
  watch.tellBy(router.notify);
  const app = express();
  app.disable('x-powered-by');
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.use(['/healthz', '/readyz'], (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/healthz', (_request, response) => {
    // Alive is also a server that cannot reach the store for a moment: to be restarted would not help.
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = await router.isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.use(router);
  return { app, figures: async () => ({ source: config.source.kind, ...(await router.stats()) }) };
}

function authOf(access: Access): ExpressAuthentication | undefined {
  switch (access.kind) {
    case 'everybody':
      return undefined;
    case 'keys':
      return bearerAuth({ verify: apiKeys({ keys: access.keys }) });
    case 'oauth': {
      const { issuer, publicUrl, scopes } = access;
      return bearerAuth({ verify: jwt({ issuer }), resource: publicUrl, authorizationServers: [issuer], scopes });
    }
  }
}

/** Everything that runs, and the one way to stop it. */
export interface Running {
  readonly url: string;
  /** Where its figures are, if they are served. */
  readonly figuresUrl?: string;
  close(): Promise<void>;
}

/** How long running calls may take to finish when the server stops. */
const GRACE_MS = 10_000;

export async function startServer(config: Config, logger: Logger): Promise<Running> {
  const today = () => todayIn(config.timeZone);
  const failed = (cause: unknown) => logger.warn('could not look for what has changed', { cause });
  // What was opened last is closed first.
  const parts: { close(): Promise<void> | void }[] = [];
  const closeAll = async () => {
    for (const part of parts.splice(0).reverse()) await part.close();
  };
  try {
    const store = await openStore(config.store);
    parts.push(store);
    const source = await openSource(config, { store, logger, today });
    parts.push(source);
    const { accounts } = source;
    const watch = new ResourceWatch({ accounts, store, today, intervalMs: config.pollSeconds * 1_000, failed });
    parts.push(watch);
    const { host, port } = config;
    const { app, figures } = createApp(config, { accounts, logger, watch });
    const served = await serve(app, { host, port });
    parts.push(stoppable(served));
    warnOfExposure(config, logger);
    if (config.figures === undefined) return { url: served.url, close: closeAll };
    const { url: figuresUrl, close } = await serveFigures(config.figures, figures);
    parts.push({ close });
    logger.info('figures', { url: figuresUrl });
    return { url: served.url, figuresUrl, close: closeAll };
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
  if (access.kind === 'everybody')
    logger.warn('this server asks nobody who they are: whoever reaches it can read and change the plan', { host });
  if (allowedHosts === undefined) logger.warn('only calls to localhost are accepted: set ALLOWED_HOSTS', { host });
}

/** The day it is for the team. */
export function todayIn(timeZone: string, now = new Date()): string {
  // Swedish dates are ISO dates.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

/** Failures are worth waking somebody for, refusals are worth knowing; the rest is for whoever looks closely. */
function logEvent(logger: Logger, { type, ...fields }: Observation): void {
  if (type === 'failure') logger.error('failure', fields);
  else if (type === 'refused') logger.warn('request refused', fields);
  else if ('cause' in fields && fields.cause !== undefined) logger.error(`${type} by a crash`, fields);
  else if (type === 'call-ended') logger.info('call ended', fields);
  else logger.debug(type, fields);
}
