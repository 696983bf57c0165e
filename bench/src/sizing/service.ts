import { Agent, type IncomingMessage, request } from 'node:http';
import express from 'express';
import { McpServer, mcpRouter, type Served, type Store, serve } from 'mcp-express';

const REVISION = '2025-11-25';

interface Answer {
  readonly status: number;
  readonly session: string | undefined;
  readonly text: string;
}

/** A node in this process, and a minimal HTTP client for it. */
export class Service {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });

  private constructor(
    private readonly served: Served,
    readonly router: ReturnType<typeof mcpRouter>,
  ) {}

  /** @param idleMs milliseconds after which an idle session ends. */
  static async start(store: Store, idleMs: number): Promise<Service> {
    const mcp = new McpServer({ name: 'sizing', version: '1.0.0' });
    mcp.registerTool('json', {}, () => 'done');
    mcp.registerTool('stream', {}, async (ctx) => {
      await ctx.progress(1, 1);
      return 'done';
    });
    // All sessions come from this address.
    const ceilings = { maxSessions: 1_000_000, maxSessionsPerAddress: 1_000_000 };
    const router = mcpRouter(mcp, { store, sessionIdleMs: idleMs, ...ceilings, rateLimits: false });
    const app = express().use(router);
    return new Service(await serve(app, { port: 0 }), router);
  }

  async open(): Promise<string> {
    const params = { protocolVersion: REVISION, capabilities: {}, clientInfo: { name: 'sizing', version: '1' } };
    const { session } = await this.#send('POST', { jsonrpc: '2.0', id: 0, method: 'initialize', params });
    if (session === undefined) throw new Error('no session was opened');
    return session;
  }

  call(session: string, name: string): Promise<Answer> {
    const params = { name, arguments: {}, _meta: { progressToken: 1 } };
    return this.#send('POST', { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, session);
  }

  ping(session: string): Promise<Answer> {
    return this.#send('POST', { jsonrpc: '2.0', id: 1, method: 'ping' }, session);
  }

  end(session: string): Promise<Answer> {
    return this.#send('DELETE', undefined, session);
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    await this.served.close({ graceMs: 0 });
  }

  #send(method: string, body: unknown, session?: string): Promise<Answer> {
    const headers = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(session === undefined ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': REVISION }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${this.served.url}/mcp`, { method, headers, agent: this.#agent }, (response) =>
        read(response).then(resolve, reject),
      );
      asked.once('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const session = response.headers['mcp-session-id'];
  return { status: response.statusCode ?? 0, session: typeof session === 'string' ? session : undefined, text };
}

/** Runs `work` for 0 to `count - 1`, some of them in parallel. */
export async function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: 32 }, lane));
  return results;
}
