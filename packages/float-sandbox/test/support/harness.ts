import { createFloatClient, type FloatClient, type FloatClientOptions } from 'float-api';
import { instantClock } from '../../../float-api/test/support/clocks.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox.js';

/** The sandbox's date. */
export const TODAY = '2026-11-25';
/** The sandbox's API key. */
export const API_KEY = 'secret-key-of-the-team';

/** A sandbox with a client. */
export interface Harness {
  readonly sandbox: Sandbox;
  readonly float: FloatClient;
  /** Requests such as "POST /tasks", in order of arrival. */
  readonly seen: string[];
  /** Creates another client, for example with a wrong key or another timeout. */
  client(options: Partial<FloatClientOptions>): FloatClient;
  close(): Promise<void>;
}

/** Opens a real sandbox over HTTP, and a client whose waits end immediately. */
export async function openHarness(options: Partial<SandboxOptions> = {}): Promise<Harness> {
  const seen: string[] = [];
  const onRequest = (method: string, path: string) => void seen.push(`${method} ${path}`);
  const sandbox = createSandbox({ today: TODAY, token: API_KEY, limits: false, onRequest, ...options });
  const { url } = await sandbox.listen();
  const clients: FloatClient[] = [];
  function client(changes: Partial<FloatClientOptions>): FloatClient {
    const common = { baseUrl: url, apiKey: API_KEY, userAgent: 'Tests (tests@studio.example)', limits: false } as const;
    const made = createFloatClient({ ...common, clock: instantClock(), ...changes });
    clients.push(made);
    return made;
  }
  return {
    sandbox,
    float: client({}),
    seen,
    client,
    async close() {
      // The server first: a request that hangs on purpose would otherwise keep its client waiting.
      await sandbox.close();
      await Promise.all(clients.map((one) => one.close()));
    },
  };
}
