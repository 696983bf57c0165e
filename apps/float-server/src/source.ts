/** Opens the source of the data: Float, or the sandbox within this process. */
import {
  createFloatClient,
  createSharedLimiter,
  FLOAT_LIMITS,
  type RateLimiter,
  systemClock,
  type TraceRequest,
} from 'float-api';
import { createSandbox } from 'float-sandbox';
import type { Store } from 'mcp-express';
import type { Day } from 'resource-planning';
import type { Config, FloatSource, Source } from './config.js';
import type { Logger } from './logger.js';
import { Accounts, type OpenClient } from './tokens/accounts.js';

/** An open source. */
export interface OpenSource {
  readonly accounts: Accounts;
  close(): Promise<void>;
}

/** Dependencies of a source. */
export interface SourceDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly today: () => Day;
  /** Traces the requests to Float. */
  readonly traceRequest?: TraceRequest | undefined;
}

/** Opens the configured source. */
export async function openSource({ source, timeoutMs }: Config, deps: SourceDeps): Promise<OpenSource> {
  if (source.kind === 'sandbox') return openSandbox(source, timeoutMs, deps);
  const accounts = new Accounts({
    tokens: source.tokens,
    shared: source.apiKey,
    open: floatClients(source, timeoutMs, deps),
  });
  return { accounts, close: () => accounts.close() };
}

function floatClients({ apiUrl, userAgent }: FloatSource, timeoutMs: number, deps: SourceDeps): OpenClient {
  return (apiKey, { key, written }) =>
    createFloatClient({
      baseUrl: apiUrl,
      apiKey,
      userAgent,
      timeoutMs,
      limiter: limiterOf(key, deps),
      onWrite: written,
      traceRequest: deps.traceRequest,
    });
}

/** A limiter that shares an account's budget among nodes, if the store can count; otherwise each node limits itself. */
function limiterOf(account: string, { store: { counters }, logger }: SourceDeps): RateLimiter | undefined {
  if (counters === undefined) return undefined;
  const onError = (cause: unknown) =>
    logger.warn("the shared counters of Float's rate limit are unreachable: this node uses its own", { cause });
  return createSharedLimiter({ counters, name: `float:${account}`, limits: FLOAT_LIMITS, clock: systemClock, onError });
}

type SandboxOf = Extract<Source, { kind: 'sandbox' }>;

async function openSandbox(
  { database }: SandboxOf,
  timeoutMs: number,
  { today, traceRequest }: SourceDeps,
): Promise<OpenSource> {
  let written = () => {};
  // Float's limits would only slow down a local demonstration.
  const sandbox = createSandbox({ today: today(), database, limits: false, onWritten: () => written() });
  const { url: baseUrl } = await sandbox.listen();
  const accounts = new Accounts({
    shared: 'sandbox',
    open: (apiKey, account) => {
      // The sandbox may also be written to directly.
      written = account.written;
      return createFloatClient({ baseUrl, apiKey, userAgent: 'sandbox', timeoutMs, limits: false, traceRequest });
    },
  });
  return {
    accounts,
    close: async () => {
      await accounts.close();
      await sandbox.close();
    },
  };
}
