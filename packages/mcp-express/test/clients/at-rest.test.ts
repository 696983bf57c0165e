import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import * as v2 from '@modelcontextprotocol/client';
import { Client as Client132 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport132 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, type McpServer, type Observation } from 'mcp-express';
import { Client as Client123 } from 'sdk-1.23/client/index.js';
import { StreamableHTTPClientTransport as Transport123 } from 'sdk-1.23/client/streamableHttp.js';
import { Client as Client124 } from 'sdk-1.24/client/index.js';
import { StreamableHTTPClientTransport as Transport124 } from 'sdk-1.24/client/streamableHttp.js';
import { onCleanup } from '../support/cleanup.js';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/** How long each client is watched after its call: a storm is one GET a second with the delays that clients have. */
const WATCHED_MS = 5_000;

const INFO = { name: 'at-rest', version: '1' };

interface Asking {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** What all these clients have in common, as far as this test uses it. */
interface AnyClient {
  connect(transport: unknown): Promise<void>;
  close(): Promise<void>;
  call(name: string, asking?: Asking): Promise<unknown>;
}

type TransportOptions = { readonly fetch: typeof fetch };

interface Make {
  readonly name: string;
  readonly client: () => AnyClient;
  readonly transport: (url: URL, options: TransportOptions) => unknown;
}

/** `callTool` takes a schema of the result as its second argument in 1.x, and none in 2.x. */
type V1Client = Pick<Client132, 'close'> & {
  connect(transport: never): Promise<void>;
  callTool(params: { name: string; arguments: object }, schema: undefined, asking?: Asking): Promise<unknown>;
};

function v1(client: V1Client): AnyClient {
  return {
    connect: (transport) => client.connect(transport as never),
    close: () => client.close(),
    call: (name, asking) => client.callTool({ name, arguments: {} }, undefined, asking),
  };
}

function v2Client(): AnyClient {
  const client = new v2.Client(INFO, { versionNegotiation: { mode: 'legacy' } });
  return {
    connect: (transport) => client.connect(transport as v2.StreamableHTTPClientTransport),
    close: () => client.close(),
    call: (name, asking) => client.callTool({ name, arguments: {} }, asking),
  };
}

const MAKES: readonly Make[] = [
  {
    name: '@modelcontextprotocol/sdk 1.23.1',
    client: () => v1(new Client123(INFO) as unknown as V1Client),
    transport: (url, options) => new Transport123(url, options),
  },
  {
    name: '@modelcontextprotocol/sdk 1.24.3',
    client: () => v1(new Client124(INFO) as unknown as V1Client),
    transport: (url, options) => new Transport124(url, options),
  },
  {
    name: '@modelcontextprotocol/sdk 1.32.2',
    client: () => v1(new Client132(INFO) as unknown as V1Client),
    transport: (url, options) => new Transport132(url, options),
  },
  {
    name: '@modelcontextprotocol/client 2.4.0',
    client: v2Client,
    transport: (url, options) => new v2.StreamableHTTPClientTransport(url, options),
  },
];

/** Tools whose answers are streams, because they say something first. */
function streamingServer(): McpServer {
  const mcp = testServer();
  mcp.registerTool('succeeds', {}, async (ctx) => {
    await ctx.log('info', 'begun');
    return 'done';
  });
  mcp.registerTool('fails', {}, async (ctx) => {
    await ctx.log('info', 'begun');
    throw new McpError('internal-error', 'It did not work');
  });
  mcp.registerTool('endless', {}, async (ctx) => {
    await ctx.log('info', 'begun');
    await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve, { once: true }));
    throw ctx.signal.reason;
  });
  return mcp;
}

/** Long enough for a call to have begun on a busy machine: a cancellation that comes before its call has no effect. */
const BEGUN_MS = 1_000;

/** The ordinary events after which a client comes back, each a call that has come to its end for the client. */
const EVENTS: Readonly<Record<string, (client: AnyClient) => Promise<void>>> = {
  'a streamed success': async (client) => void (await client.call('succeeds')),
  'a streamed error': (client) => expect(client.call('fails')).rejects.toThrow('It did not work'),
  'a cancelled call': async (client) => {
    const abort = new AbortController();
    const calling = client.call('endless', { signal: abort.signal });
    setTimeout(() => abort.abort('not wanted'), BEGUN_MS);
    await expect(calling).rejects.toBeDefined();
  },
  'a call that timed out': (client) =>
    expect(client.call('endless', { timeout: BEGUN_MS })).rejects.toThrow(/timed out/i),
};

describe('a session comes to rest after ordinary events (R12, R13)', () => {
  test('at most one GET follows in five seconds, no stream takes over another, and the sessions expire', async () => {
    const seen: Observation[] = [];
    const { url, router } = await startServer({
      mcp: streamingServer(),
      options: { sessionIdleMs: 5_000, observe: (event) => seen.push(event) },
    });
    const cases = MAKES.flatMap((make) => Object.keys(EVENTS).map((event) => ({ make, event })));
    const clients: AnyClient[] = [];
    const watched = await Promise.all(
      cases.map(async ({ make, event }) => {
        const gets: (number | string)[] = [];
        const recording: typeof fetch = async (input, init) => {
          if (init?.method !== 'GET') return fetch(input, init);
          const resumes = new Headers(init.headers).has('last-event-id') ? 'resume' : 'plain';
          const answer = await fetch(input, init);
          gets.push(`${resumes} ${answer.status}`);
          return answer;
        };
        const client = make.client();
        clients.push(client);
        onCleanup(() => client.close());
        await client.connect(make.transport(new URL(url), { fetch: recording }));
        await eventually('its own stream is open', () => gets.length > 0);
        gets.length = 0;
        await EVENTS[event]?.(client);
        await delay(WATCHED_MS);
        return [make.name, event, gets] as const;
      }),
    );
    const restless = watched.filter(([, , gets]) => gets.length > 1 || gets.some((get) => get === 'resume 200'));
    expect(restless).toEqual([]);
    expect(seen.filter(({ type }) => type === 'stream-superseded')).toEqual([]);
    expect(await router.stats()).toMatchObject({ calls: 0, streams: cases.length, sessions: cases.length });
    await Promise.all(clients.map((client) => client.close()));
    await eventually('all sessions have expired', async () => (await router.stats()).sessions === 0);
  });
});
