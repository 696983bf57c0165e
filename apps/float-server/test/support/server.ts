/** float-server within this process, and official clients of all revisions for it. */

import {
  type Connected,
  DRIVERS,
  MODERN_DRIVERS,
  type OfficialDriver,
} from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { type RunningServer, startServer } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createLogger } from '../../src/logger.js';

/** One client of each SDK and way of speaking MCP. */
export const ERAS: readonly (readonly [name: string, driver: OfficialDriver])[] = [
  ...DRIVERS.slice(0, 1),
  ...MODERN_DRIVERS.slice(0, 1),
].map((driver) => [driver.name, driver]);

/** A running float-server with its log. */
export interface Started extends RunningServer {
  readonly mcpUrl: string;
  /** Log lines. */
  readonly lines: string[];
}

/** Starts the server as in production, without signal handlers. It is stopped after the test. */
export async function startFloat(env: Record<string, string> = {}): Promise<Started> {
  const lines: string[] = [];
  const config = readConfig({ PORT: '0', FLOAT_TIME_ZONE: 'UTC', ...env });
  const running = await startServer(config, createLogger({ level: 'debug', write: (line) => void lines.push(line) }));
  onCleanup(() => running.close());
  return { ...running, mcpUrl: `${running.url}/mcp`, lines };
}

/** The update notifications of a client. */
export interface Updates {
  readonly uris: string[];
  /** Resolves when a number of updates of `uri` have arrived. */
  until(uri: string, times?: number): Promise<void>;
}

/** Records the updates of a client. */
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

/** Subscribes in the way of the client's revision. */
export async function subscribe(client: Connected, uri: string): Promise<void> {
  if (client.transport.sessionId === undefined) await client.listen({ resourceSubscriptions: [uri] });
  else await client.client.subscribeResource({ uri });
}

/** The content of a resource. */
export async function read(client: Connected, uri: string): Promise<Record<string, unknown>> {
  const { contents } = await client.client.readResource({ uri });
  return JSON.parse(String(contents[0].text));
}
