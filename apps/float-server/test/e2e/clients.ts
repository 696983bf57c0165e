import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** The result of a tool call. */
export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly data: Record<string, unknown>;
}

/** Options of a tool call. */
export interface CallOptions {
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void;
}

/** A client of either version. */
export interface OfficialClient {
  toolNames(): Promise<string[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>;
  /** Number of answers received so far, counted on the transport. */
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

/** Short delays, so that a test of a lost connection is quick. */
const RECONNECTION = {
  initialReconnectionDelay: 10,
  maxReconnectionDelay: 100,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: 10,
};

/** Clients with sessions. */
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

/** Clients with stateless requests (MCP 2026-07-28), which have no session to lose or resume. */
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
      // The client's pool may still hold a cut connection, and notices only when writing.
      await transport.terminateSession().catch(() => transport.terminateSession());
      await client.close();
    },
  };
}
