import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Record<string, unknown>;
}

export interface CallOptions {
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void;
}

/** What the story needs of a client, whichever version it is. */
export interface OfficialClient {
  toolNames(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  /** Answers the client was given so far, counted where they arrive. */
  answers(): number;
  close(): Promise<void>;
}

interface AnyClient {
  connect(transport: unknown): Promise<void>;
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(...args: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

interface AnyTransport {
  onmessage?: (...args: never[]) => void;
  terminateSession(): Promise<void>;
}

const INFO = { name: 'e2e', version: '1.0.0' };

/** Soon, so that a test of losing the connection does not wait. */
const RECONNECTION = {
  initialReconnectionDelay: 10,
  maxReconnectionDelay: 100,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 10,
};

export const CLIENTS: Record<string, (url: string) => Promise<OfficialClient>> = {
  '@modelcontextprotocol/sdk 1.x': (url) => {
    const client = new ClientV1(INFO) as unknown as AnyClient;
    const transport = new TransportV1(new URL(url), { reconnectionOptions: RECONNECTION });
    return connected(client, transport as AnyTransport, (params, options) => [params, undefined, options]);
  },
  '@modelcontextprotocol/client 2.x': (url) => {
    const client = new ClientV2(INFO) as unknown as AnyClient;
    const transport = new TransportV2(new URL(url), { reconnectionOptions: RECONNECTION });
    return connected(client, transport as unknown as AnyTransport, (params, options) => [params, options]);
  },
};

/** The same of clients whose requests stand alone (MCP 2026-07-28): there is no session to lose, or to come back to. */
export const CLIENTS_WITHOUT_SESSION: typeof CLIENTS = {
  '@modelcontextprotocol/client 2.x, as the server likes best': (url) => {
    const client = new ClientV2(INFO, { versionNegotiation: { mode: 'auto' } }) as unknown as AnyClient;
    const transport = new TransportV2(new URL(url)) as unknown as AnyTransport;
    return connected(client, transport, (params, options) => [params, options]);
  },
};

type CallArguments = (params: object, options: CallOptions) => unknown[];

async function connected(
  client: AnyClient,
  transport: AnyTransport,
  callArguments: CallArguments,
): Promise<OfficialClient> {
  let answers = 0;
  await client.connect(transport);
  const deliver = transport.onmessage as ((...args: unknown[]) => void) | undefined;
  transport.onmessage = (...args: unknown[]) => {
    if ('result' in (args[0] as object)) answers += 1;
    deliver?.(...args);
  };
  return {
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, options = {}) => {
      const result = await client.callTool(...callArguments({ name, arguments: args }, options));
      const { content, structuredContent, isError } = result as {
        content: { text?: string }[];
        structuredContent?: Record<string, unknown>;
        isError?: boolean;
      };
      const text = content.map((block) => block.text ?? '').join('\n');
      return { isError: isError === true, text, data: structuredContent ?? {} };
    },
    answers: () => answers,
    close: async () => {
      // Its pool may still hold a connection that was cut, and learns of it only by writing.
      await transport.terminateSession().catch(() => transport.terminateSession());
      await client.close();
    },
  };
}
