import { beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { McpServer, mcpRouter, serve } from 'mcp-express';
import { bearerAuth, jwt } from 'mcp-express/auth';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping, toolCall } from '../support/session.js';
import { type AuthorizationServer, startAuthorizationServer } from './support/authorization-server.js';

const OUTSIDE = 'https://mcp.example.com';

let as: AuthorizationServer;
let url: string;
let orders: string[];

/** Two endpoints behind a proxy that has the public name and TLS. */
beforeEach(async () => {
  as = await startAuthorizationServer();
  orders = [];
  const app = express();
  for (const at of ['/a', '/b']) {
    const mcp = new McpServer({ name: at, version: '1' });
    mcp.registerTool('order', { scopes: ['write'] }, async () => {
      orders.push(at);
      return 'ordered';
    });
    const auth = bearerAuth({ verify: jwt({ issuer: as.issuer }), resource: `${OUTSIDE}${at}/mcp` });
    app.use(auth.wellKnown);
    app.use(at, mcpRouter(mcp, { auth }));
  }
  const server = await serve(app, { port: 0 });
  onCleanup(() => server.close({ graceMs: 0 }));
  url = `http://127.0.0.1:${server.port}`;
});

async function bearer(claims: Readonly<Record<string, unknown>> = {}): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await as.token({ aud: `${OUTSIDE}/a/mcp`, scope: 'read', ...claims })}` };
}

describe.each(['/a', '/b'])('the endpoint at %s (R10)', (at) => {
  test('leads clients without a token to its own metadata', async () => {
    const refused = await send(`${url}${at}/mcp`, { body: initializeRequest() });
    const metadata = `${OUTSIDE}/.well-known/oauth-protected-resource${at}/mcp`;
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      `Bearer resource_metadata="${metadata}"`,
    ]);
    const document = await fetch(metadata.replace(OUTSIDE, url));
    expect(await document.json()).toMatchObject({
      resource: `${OUTSIDE}${at}/mcp`,
      authorization_servers: [as.issuer],
    });
  });

  test('asks for a token with every method', async () => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const refused = await send(`${url}${at}/mcp`, { method, ...(method === 'POST' ? { body: ping() } : {}) });
      expect([method, refused.status]).toEqual([method, 401]);
    }
  });
});

test('a token for one endpoint is refused at the other (R10)', async () => {
  const headers = await bearer();
  expect((await send(`${url}/a/mcp`, { body: initializeRequest(), headers })).status).toBe(200);
  const refused = await send(`${url}/b/mcp`, { body: initializeRequest(), headers });
  expect(refused.status).toBe(401);
  expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
});

test('a session goes on with the next token of its principal, and is unknown to others (R5, R21)', async () => {
  const session = await openSession(`${url}/a/mcp`, '2025-11-25', await bearer());
  const headers = { 'mcp-session-id': session.id, 'mcp-protocol-version': '2025-11-25' };
  const after = async (claims: object): Promise<number> => {
    const answer = await send(session.url, { body: ping(), headers: { ...headers, ...(await bearer({ ...claims })) } });
    return answer.status;
  };
  expect(await after({ jti: 'new' })).toBe(200);
  expect(await after({ exp: 1 })).toBe(401);
  expect(await after({ sub: 'bob' })).toBe(404);
  expect(await after({ client_id: 'other' })).toBe(404);
});

test('a tool that needs a scope does not run without it, and the challenge names the scope (R46)', async () => {
  const session = await openSession(`${url}/a/mcp`, '2025-11-25', await bearer());
  const headers = { 'mcp-session-id': session.id, 'mcp-protocol-version': '2025-11-25' };
  const call = async (scope: string) =>
    send(session.url, { body: toolCall('order', {}), headers: { ...headers, ...(await bearer({ scope })) } });
  const refused = await call('read');
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([
    403,
    `Bearer error="insufficient_scope", error_description="Needed: write", scope="read write", resource_metadata="${OUTSIDE}/.well-known/oauth-protected-resource/a/mcp"`,
  ]);
  expect(orders).toEqual([]);
  expect((await call('read write')).status).toBe(200);
  expect(orders).toEqual(['/a']);
});
