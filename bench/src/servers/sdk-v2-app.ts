import { randomUUID } from 'node:crypto';
import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { isInitializeRequest } from '@modelcontextprotocol/server';
import type { Express } from 'express';
import { buildServer } from './sdk-v2-server.js';
import { mountSessions } from './session-routes.js';

/** The official SDK 2.x with sessions: its own Express app, a transport and a server for each session. */
export function sdkV2App(enableJsonResponse: boolean): Express {
  return mountSessions(createMcpExpressApp(), isInitializeRequest, async (onsessioninitialized) => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse,
      onsessioninitialized,
    });
    await buildServer().connect(transport);
    return transport;
  });
}
