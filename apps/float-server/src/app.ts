import express, { type Express } from 'express';
import { mcpRouter, type Observation, openStore, type Served, type Store, serve } from 'mcp-express';
import { apiKeys, bearerAuth, type ExpressAuthentication, jwt } from 'mcp-express/auth';
import type { Access, Config } from './config.js';
import { createFloatClient, type FloatClient } from './float/client.js';
import type { Logger } from './logger.js';
import { createFloatServer } from './mcp-server.js';
import { createSandbox } from './sandbox/sandbox.js';

export interface AppDeps {
  readonly api: FloatClient;
  readonly logger: Logger;
  /** Absent: this process alone remembers. */
  readonly store?: Store;
}

/** The Express application: MCP at `/mcp`, whether it is alive at `/healthz`, and whether to send it requests at `/readyz`. */
export function createApp(config: Config, { api, logger, store }: AppDeps): Express {
  const mcp = createFloatServer({ api, today: () => todayIn(config.timeZone) }, config.toolsets);
  const auth = authOf(config.access);
  const router = mcpRouter(mcp, {
    ...(auth === undefined ? {} : { auth }),
    ...(store === undefined ? {} : { store }),
    ...(config.allowedHosts === undefined ? {} : { allowedHosts: config.allowedHosts }),
    observe: (event) => logEvent(logger, event),
  });
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', async (_request, response) => {
    // Alive is also who cannot reach the store for a moment: to be restarted would not help.
    const stats = await router.stats().catch(() => ({}));
    response.json({ status: 'ok', source: config.source.kind, ...stats });
  });
  app.get('/readyz', async (_request, response) => {
    const ready = await router.isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.use(router);
  return app;
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
  close(): Promise<void>;
}

/** How long running calls may take to finish when the server stops. */
const GRACE_MS = 10_000;

export async function startServer(config: Config, logger: Logger): Promise<Running> {
  const source = await openSource(config);
  let store: Store | undefined;
  try {
    store = await openStore(config.store);
    const { host, port } = config;
    const served = await serve(createApp(config, { api: source.api, logger, store }), { host, port });
    warnOfExposure(config, logger);
    return { url: served.url, close: () => closeAll(served, [source, store as Store]) };
  } catch (error) {
    await store?.close();
    await source.close();
    throw error;
  }
}

function warnOfExposure({ access, host, allowedHosts }: Config, logger: Logger): void {
  if (LOOPBACK.test(host)) return;
  if (access.kind === 'everybody')
    logger.warn('this server asks nobody who they are: whoever reaches it can read and change the plan', { host });
  if (allowedHosts === undefined) logger.warn('only calls to localhost are accepted: set ALLOWED_HOSTS', { host });
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** The day it is for the team. */
export function todayIn(timeZone: string, now = new Date()): string {
  // Swedish dates are ISO dates.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);
}

interface OpenSource {
  readonly api: FloatClient;
  close(): Promise<void>;
}

async function openSource({ source, timeoutMs, timeZone }: Config): Promise<OpenSource> {
  if (source.kind === 'float') {
    const { apiUrl, apiKey, userAgent } = source;
    const api = createFloatClient({ baseUrl: apiUrl, apiKey, userAgent, timeoutMs });
    return { api, close: () => api.close() };
  }
  // The limits of the real service would only make a demonstration on one machine slow.
  const sandbox = createSandbox({ today: todayIn(timeZone), database: source.database, limits: false });
  const { url } = await sandbox.listen();
  const api = createFloatClient({ baseUrl: url, apiKey: 'sandbox', userAgent: 'sandbox', timeoutMs, limits: false });
  return {
    api,
    close: async () => {
      await api.close();
      await sandbox.close();
    },
  };
}

async function closeAll(served: Served, parts: readonly { close(): Promise<void> }[]): Promise<void> {
  await served.close({ graceMs: GRACE_MS });
  for (const part of parts) await part.close();
}

/** Failures are worth waking somebody for, refusals are worth knowing; the rest is for whoever looks closely. */
function logEvent(logger: Logger, { type, ...fields }: Observation): void {
  if (type === 'failure') logger.error('failure', fields);
  else if (type === 'refused') logger.warn('request refused', fields);
  else if (type === 'call-ended') logger.info('call ended', fields);
  else logger.debug(type, fields);
}
