import type { RequestHandler } from 'express';
import { McpServer, ResourceTemplate, type RouterOptions } from 'mcp-express';
import { type Headers, NEWEST, openSession, type TestSession } from '../../support/session.js';
import { startServer, type TestServer } from '../../support/start-server.js';
import { eventually } from '../../support/wait.js';
import { KEYS, keyAuthentication } from '../advisories/two-principals.js';

/** Limits that a client's choice cannot reach here: a refusal for want of room would be no fault. */
const ROOMY: RouterOptions = {
  rateLimits: { initialize: 1e9, unknownSessions: 1e9, failedAuthentication: 1e9, requests: 1e9 },
  maxCallsPerSession: 1_000_000,
  maxSessions: 1_000_000,
  maxSessionsPerPrincipal: 1_000_000,
  maxTasks: 1_000_000,
  maxTasksPerPrincipal: 1_000_000,
  maxListenersPerPrincipal: 1_000_000,
  maxBodyBytes: 200_000,
  // A client that is asked and does not answer is given up soon.
  clientRequestTimeoutMs: 30,
  sseAfterMs: 5,
  keepAliveMs: 5,
};

/** One of everything a client can reach. */
export function fullServer(): McpServer {
  const mcp = new McpServer({ name: 'fuzzed', version: '1' });
  const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;
  mcp.registerTool('echo', { inputSchema: text }, ({ text }) => String(text));
  mcp.registerTool('fails', {}, () => {
    throw new Error('as it should');
  });
  mcp.registerTool('says', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    await ctx.progress(1, 2, 'half');
    await ctx.log('info', 'said');
    return 'said';
  });
  mcp.registerTool('asks', {}, async (ctx) => {
    const { content } = await ctx.elicit({ message: 'Who?', requestedSchema: { type: 'object', properties: {} } });
    return JSON.stringify(content ?? null);
  });
  mcp.registerTool('task', { task: {} }, () => 'done');
  mcp.registerResource('r', 'fuzz://r', {}, () => 'r');
  mcp.registerResource(
    't',
    new ResourceTemplate('fuzz://t{/id*}{?q*}', { complete: { id: () => ['1'] } }),
    {},
    () => 't',
  );
  mcp.registerPrompt('p', { argsSchema: { type: 'object', properties: { a: { type: 'string' } } } }, () => 'p');
  return mcp;
}

const trustForwarded: RequestHandler = (request, _response, next) => {
  request.app.set('trust proxy', 'loopback');
  next();
};

export interface Target extends TestServer {
  /** Session ids by whose they are, as they stand now. */
  readonly sessions: { alice: string; bob: string; ended: string };
  /** Opens anew what was ended. */
  renew(): Promise<void>;
}

/** A server under fuzz: with sessions of Alice and of Bob, and one that has ended. */
export async function startTarget(guarded: boolean): Promise<Target> {
  const options = guarded ? { ...ROOMY, auth: keyAuthentication() } : ROOMY;
  // Addresses are what the client says they are, so that they are part of what is tried.
  const server = await startServer({ mcp: fullServer(), options, before: [trustForwarded] });
  const key = (who: 'alice' | 'bob'): Headers => (guarded ? { authorization: `Bearer ${KEYS[who]}` } : {});
  const open = (who: 'alice' | 'bob'): Promise<TestSession> => openSession(server.url, NEWEST, key(who));
  const ended = await open('alice');
  await ended.delete();
  const own = { alice: await open('alice'), bob: await open('bob') };
  const sessions = { alice: own.alice.id, bob: own.bob.id, ended: ended.id };
  const renew = async (): Promise<void> => {
    for (const who of ['alice', 'bob'] as const) {
      if ((await own[who].post({ jsonrpc: '2.0', id: 1, method: 'ping' })).status === 200) continue;
      own[who] = await open(who);
      sessions[who] = own[who].id;
    }
  };
  return { ...server, sessions, renew };
}

/** Nothing of what was asked is left behind. */
export async function expectCalm({ router, sockets }: Target): Promise<void> {
  await eventually('all connections are gone', () => sockets.size === 0);
  await eventually('nothing runs and nothing is shown', async () => {
    const { calls, streams, listeners, tasks } = await router.stats();
    return calls + streams + listeners + tasks === 0;
  });
}
