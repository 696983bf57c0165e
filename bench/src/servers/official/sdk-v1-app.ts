import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from '@modelcontextprotocol/sdk/examples/shared/inMemoryEventStore.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Express } from 'express';
import * as z from 'zod';
import { EMIT } from '../progress.js';
import { EMITS, KEEPS_EVERYTHING, SERVED_TOOLS } from '../settings.js';
import { mountSessions } from './session-routes.js';

/** The official SDK 1.x with sessions: its own Express app, a transport and a server for each session. */
export function sdkV1App(enableJsonResponse: boolean): Express {
  // With this host it does not check the Host header of requests.
  const app = createMcpExpressApp({ host: '0.0.0.0' });
  return mountSessions(app, isInitializeRequest, async (onsessioninitialized) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized,
      ...(KEEPS_EVERYTHING ? { eventStore: new InMemoryEventStore() } : {}),
    });
    // Its type differs from the interface it implements under `exactOptionalPropertyTypes`.
    await buildServer().connect(transport as Transport);
    return transport;
  });
}

/** A server object of the official SDK 1.x. */
export function buildServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of SERVED_TOOLS) {
    server.registerTool(name, { description, inputSchema: input }, async (args: Record<string, unknown>) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  if (EMITS) registerEmit(server);
  return server;
}

function registerEmit(server: McpServer): void {
  const { name, description, message, answer } = EMIT;
  server.registerTool(name, { description, inputSchema: z.object({ count: z.int() }) }, async ({ count }, extra) => {
    const progressToken = extra._meta?.progressToken as number;
    for (let progress = 1; progress <= count; progress += 1) {
      const params = { progressToken, progress, total: count, message };
      await extra.sendNotification({ method: 'notifications/progress', params });
    }
    return { content: [{ type: 'text', text: answer }] };
  });
}
