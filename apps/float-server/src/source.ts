/** Where the data comes from, ready for use: Float, or the sandbox in this process. */
import type { Store } from 'mcp-express';
import type { Config, FloatSource, Source } from './config.js';
import { createFloatClient } from './float/client.js';
import { systemClock } from './float/clock.js';
import { FLOAT_LIMITS, type RateLimiter } from './float/rate-limit.js';
import { createSharedLimiter } from './float/shared-limiter.js';
import type { Logger } from './logger.js';
import type { Day } from './planning/day.js';
import { createSandbox } from './sandbox/sandbox.js';
import { Accounts, type OpenClient } from './tokens/accounts.js';

export interface OpenSource {
  readonly accounts: Accounts;
  close(): Promise<void>;
}

export interface SourceDeps {
  readonly store: Store;
  readonly logger: Logger;
  readonly today: () => Day;
}

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
    });
}

/** Where nodes count together, an account has one budget on all of them; else each keeps to Float's limits by itself. */
function limiterOf(account: string, { store: { counters }, logger }: SourceDeps): RateLimiter | undefined {
  if (counters === undefined) return undefined;
  const failed = (cause: unknown) =>
    logger.warn("the shared count of Float's rate limit cannot be reached: this node goes by its own", { cause });
  return createSharedLimiter({ counters, name: `float:${account}`, limits: FLOAT_LIMITS, clock: systemClock, failed });
}

type SandboxOf = Extract<Source, { kind: 'sandbox' }>;

async function openSandbox({ database }: SandboxOf, timeoutMs: number, { today }: SourceDeps): Promise<OpenSource> {
  let written = () => {};
  // The limits of the real service would only make a demonstration on one machine slow.
  const sandbox = createSandbox({ today: today(), database, limits: false, onWritten: () => written() });
  const { url: baseUrl } = await sandbox.listen();
  const accounts = new Accounts({
    shared: 'sandbox',
    open: (apiKey, account) => {
      // Somebody may also write to it directly.
      written = account.written;
      return createFloatClient({ baseUrl, apiKey, userAgent: 'sandbox', timeoutMs, limits: false });
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
