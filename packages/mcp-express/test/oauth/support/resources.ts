import express from 'express';
import { type McpRouter, McpServer, mcpRouter, type RouterOptions, serve } from 'mcp-express';
import { bearerAuth, introspection, jwt, type TokenVerifier } from 'mcp-express/auth';
import { onCleanup } from '../../support/cleanup.js';
import { INTROSPECTOR, type Oidc } from './oidc.js';

export interface ResourceOptions {
  /** Where clients find the server, when that is not where it is. */
  readonly outside?: string;
  /** What a proxy puts before the paths. */
  readonly prefix?: string;
  readonly now?: () => number;
  readonly options?: RouterOptions;
}

export interface Resources {
  readonly origin: string;
  /** The declared URLs of the two endpoints. */
  readonly a: string;
  readonly b: string;
  readonly router: McpRouter;
  /** How often the tool that needs a scope was entered. */
  readonly orders: { count: number };
}

/** What every request needs. */
export const USE = 'mcp:use';
/** What the tool `order` needs beside it. */
export const WRITE = 'orders:write';

/** A resource server with two endpoints that take tokens of the authorization server. */
export async function startResources(oidc: Oidc, given: ResourceOptions = {}): Promise<Resources> {
  const { prefix = '', options, now = Date.now } = given;
  const app = express();
  const server = await serve(app, { port: 0 });
  onCleanup(() => server.close({ graceMs: 0 }));
  const origin = `http://127.0.0.1:${server.port}`;
  const orders = { count: 0 };
  const endpoint = (at: string): { url: string; router: McpRouter } => {
    const url = `${given.outside ?? origin}${at}/mcp`;
    const auth = bearerAuth({ verify: verifierOf(oidc, now), resource: url, scopes: [USE], now });
    const router = mcpRouter(shop(orders), { ...options, auth });
    app.use(auth.wellKnown);
    app.use(`${prefix}${at}`, router);
    return { url, router };
  };
  const [a, b] = [endpoint('/a'), endpoint('/b')];
  return { origin, a: a.url, b: b.url, router: a.router, orders };
}

function verifierOf(oidc: Oidc, now: () => number): TokenVerifier {
  const { issuer } = oidc;
  if (oidc.tokens === 'jwt') return jwt({ issuer, now });
  return introspection({ endpoint: `${issuer}/token/introspection`, client: INTROSPECTOR, issuer, cacheMs: 0, now });
}

function shop(orders: { count: number }): McpServer {
  const mcp = new McpServer({ name: 'shop', version: '1' });
  mcp.registerTool('who-am-i', {}, ({ principal }) => {
    const { issuer, subject, clientId, scopes } = principal ?? {};
    return JSON.stringify({ issuer, subject, clientId, scopes });
  });
  mcp.registerTool('order', { scopes: [WRITE] }, () => {
    orders.count += 1;
    return 'ordered';
  });
  return mcp;
}

/** The principal as the tool saw it. */
export function principalIn(result: {
  readonly content: readonly { readonly text: string }[];
}): Record<string, unknown> {
  return JSON.parse(String(result.content[0]?.text));
}
