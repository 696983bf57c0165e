/** float-server in this process, and official clients of both eras for it. */

import {
  type Connected,
  DRIVERS,
  MODERN_DRIVERS,
  type OfficialDriver,
} from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { type Running, startServer } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createLogger } from '../../src/logger.js';

/** One client of each SDK and era. */
export const ERAS: readonly (readonly [name: string, driver: OfficialDriver])[] = [
  ...DRIVERS.slice(0, 1),
  ...MODERN_DRIVERS.slice(0, 1),
].map((driver) => [driver.name, driver]);

export interface Started extends Running {
  readonly mcpUrl: string;
  /** What it has logged. */
  readonly lines: string[];
}

/** As it runs, but for the signals. It ends with the test. */
export async function startFloat(env: Record<string, string> = {}): Promise<Started> {
  const lines: string[] = [];
  const config = readConfig({ PORT: '0', FLOAT_TIME_ZONE: 'UTC', ...env });
  const running = await startServer(config, createLogger({ level: 'debug', write: (line) => void lines.push(line) }));
  onCleanup(() => running.close());
  return { ...running, mcpUrl: `${running.url}/mcp`, lines };
}

/** The updates a client is told of, and a promise for the next ones. */
export interface Updates {
  readonly uris: string[];
  /** Resolves once `uri` was told of so often. */
  until(uri: string, times?: number): Promise<void>;
}

export function updatesOf(client: Connected): Updates {
  const uris: string[] = [];
  let arrived = () => {};
  client.onNotification('notifications/resources/updated', ({ params }) => {
    uris.push(String(params.uri));
    arrived();
  });
  return {
    uris,
    async until(uri, times = 1) {
      while (uris.filter((one) => one === uri).length < times) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
  };
}

/** Subscribes in whichever way the client's era has. */
export async function subscribe(client: Connected, uri: string): Promise<void> {
  if (client.transport.sessionId === undefined) await client.listen({ resourceSubscriptions: [uri] });
  else await client.client.subscribeResource({ uri });
}

/** The body of a resource. */
export async function read(client: Connected, uri: string): Promise<Record<string, unknown>> {
  const { contents } = await client.client.readResource({ uri });
  return JSON.parse(String(contents[0].text));
}
