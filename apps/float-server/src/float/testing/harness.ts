import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.js';
import { createFloatClient, type FloatClient, type FloatClientOptions } from '../client.js';
import { jumpingClock } from './clocks.js';

export const TODAY = '2026-11-25';
export const API_KEY = 'secret-key-of-the-team';

export interface Harness {
  readonly sandbox: Sandbox;
  readonly float: FloatClient;
  /** "POST /tasks", in the order in which they came in. */
  readonly seen: string[];
  /** A second client, for a wrong key or another timeout. */
  client(options: Partial<FloatClientOptions>): FloatClient;
  close(): Promise<void>;
}

/** A real sandbox behind real HTTP, and a client whose waits are over at once. */
export async function openHarness(options: Partial<SandboxOptions> = {}): Promise<Harness> {
  const seen: string[] = [];
  const onRequest = (method: string, path: string) => void seen.push(`${method} ${path}`);
  const sandbox = createSandbox({ today: TODAY, token: API_KEY, limits: false, onRequest, ...options });
  const { url } = await sandbox.listen();
  const clients: FloatClient[] = [];
  function client(changes: Partial<FloatClientOptions>): FloatClient {
    const common = { baseUrl: url, apiKey: API_KEY, userAgent: 'Tests (tests@studio.example)', limits: false } as const;
    const made = createFloatClient({ ...common, clock: jumpingClock(), ...changes });
    clients.push(made);
    return made;
  }
  return {
    sandbox,
    float: client({}),
    seen,
    client,
    async close() {
      // The server first: a connection that hangs on purpose would keep its client waiting.
      await sandbox.close();
      await Promise.all(clients.map((one) => one.close()));
    },
  };
}
