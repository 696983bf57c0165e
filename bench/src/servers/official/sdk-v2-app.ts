import { randomUUID } from 'node:crypto';
import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import type { Express } from 'express';
import { KEEPS_EVERYTHING } from '../settings.js';
import { buildServer } from './sdk-v2-server.js';
import { mountSessions } from './session-routes.js';

/** The official SDK 2.x with sessions: its own Express app, a transport and a server for each session. */
export function sdkV2App(enableJsonResponse: boolean): Express {
  // With this host it does not check the Host header of requests.
  const app = createMcpExpressApp({ host: '0.0.0.0' });
  return mountSessions(app, isInitializeRequest, async (onsessioninitialized) => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized,
      // The packages of 2.x ship no event store; that of 1.x has the same interface.
      ...(KEEPS_EVERYTHING ? { eventStore: new InMemoryEventStore() } : {}),
    });
    await buildServer().connect(transport);
    return transport;
  });
}
