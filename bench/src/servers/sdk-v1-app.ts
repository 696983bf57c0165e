import { randomUUID } from 'node:crypto';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Express } from 'express';
import { TOOLS } from '../tools.js';
import { mountSessions } from './session-routes.js';

/** The official SDK 1.x with sessions: its own Express app, a transport and a server for each session. */
export function sdkV1App(enableJsonResponse: boolean): Express {
  return mountSessions(createMcpExpressApp(), isInitializeRequest, async (onsessioninitialized) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized,
    });
    // Its type differs from the interface it implements under `exactOptionalPropertyTypes`.
    await buildServer().connect(transport as Transport);
    return transport;
  });
}

function buildServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of TOOLS) {
    server.registerTool(name, { description, inputSchema: input }, async (args: Record<string, unknown>) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  return server;
}
