import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import * as typesV1 from '@modelcontextprotocol/sdk/types.js';
import { onCleanup } from '../support/cleanup.js';
import type { JsonBody } from '../support/raw-client.js';

/** What both official clients take with a request. */
export interface AskOptions {
  readonly timeout?: number;
  readonly maxTotalTimeout?: number;
  readonly resetTimeoutOnProgress?: boolean;
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; total?: number; message?: string }) => void;
}

type Ask = (params?: JsonBody, options?: AskOptions) => Promise<JsonBody>;

/** What both official clients can do, under the names both have for it. */
export interface OfficialClient {
  readonly listTools: Ask;
  readonly listResources: Ask;
  readonly listResourceTemplates: Ask;
  readonly readResource: Ask;
  readonly subscribeResource: Ask;
  readonly unsubscribeResource: Ask;
  readonly listPrompts: Ask;
  readonly getPrompt: Ask;
  readonly complete: Ask;
  setLoggingLevel(level: string): Promise<JsonBody>;
  sendRootsListChanged(): Promise<void>;
  ping(): Promise<JsonBody>;
  getServerCapabilities(): JsonBody;
  getServerVersion(): JsonBody;
  getInstructions(): string | undefined;
  close(): Promise<void>;
  onerror?: ((error: Error) => void) | undefined;
}

export interface OfficialTransport {
  readonly sessionId: string | undefined;
  readonly protocolVersion: string | undefined;
  terminateSession(): Promise<void>;
}

/** `signal` fires when the server withdraws its request. */
type RequestHandler = (request: JsonBody, signal: AbortSignal) => JsonBody | Promise<JsonBody>;
type NotificationHandler = (notification: JsonBody) => void;

export interface SentRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export interface Connected {
  readonly client: OfficialClient;
  readonly transport: OfficialTransport;
  readonly errors: readonly Error[];
  /** Every HTTP request the client made. */
  readonly requests: readonly SentRequest[];
  /** The HTTP responses it was given, for their status and headers. */
  readonly answers: readonly Response[];
  callTool(name: string, args?: object, options?: AskOptions): Promise<JsonBody>;
  onRequest(method: string, handler: RequestHandler): void;
  onNotification(method: string, handler: NotificationHandler): void;
  /** Asks to be told of changes, where that must be asked for. */
  listen(filter: object): Promise<void>;
}

export interface ConnectOptions {
  readonly capabilities?: object;
  /** Before the client connects, which is when a handler is needed to hear what comes at once. */
  readonly prepare?: (client: Pick<Connected, 'onRequest' | 'onNotification'>) => void;
}

/** A server that the client starts. */
export interface ServerProcess {
  readonly command: string;
  readonly args: string[];
  readonly env?: Record<string, string>;
  readonly stderr?: 'ignore';
}

export interface OfficialDriver {
  readonly name: string;
  /** @param target the URL of an endpoint, or a server on stdio. */
  connect(target: string | ServerProcess, options?: ConnectOptions): Promise<Connected>;
}

const INFO = { name: 'official', version: '1' };

/** So that a test does not wait for the seconds a person would. */
const RECONNECTION = {
  initialReconnectionDelay: 10,
  maxReconnectionDelay: 50,
  reconnectionDelayGrowFactor: 1.2,
  maxRetries: 20,
};

type Connectable = OfficialClient & { connect(transport: unknown): Promise<void> };

async function connected(
  client: Connectable,
  transportOf: (options: object) => OfficialTransport,
  methods: Pick<Connected, 'onRequest' | 'onNotification' | 'callTool' | 'listen'>,
  prepare: ConnectOptions['prepare'],
): Promise<Connected> {
  const errors: Error[] = [];
  const requests: SentRequest[] = [];
  const answers: Response[] = [];
  const recording: typeof fetch = async (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : undefined;
    requests.push({ method: init?.method ?? 'GET', headers: new Headers(init?.headers), body });
    const answer = await fetch(input, init);
    answers.push(answer);
    return answer;
  };
  client.onerror = (error) => errors.push(error);
  prepare?.(methods);
  const transport = transportOf({ reconnectionOptions: RECONNECTION, fetch: recording });
  onCleanup(() => client.close());
  await client.connect(transport);
  return { client, transport, errors, requests, answers, ...methods };
}

/** The schema by which the v1 client finds a handler, from the name of its method. */
function schemaV1(method: string, kind: 'Request' | 'Notification'): never {
  const found = Object.entries(typesV1).find(([name, value]) => {
    if (!name.endsWith(`${kind}Schema`)) return false;
    const shape = (value as { shape?: { method?: { value?: unknown } } }).shape;
    return shape?.method?.value === method;
  });
  if (found === undefined) throw new Error(`the v1 client knows no ${method}`);
  return found[1] as never;
}

const V1: OfficialDriver = {
  name: '@modelcontextprotocol/sdk 1.x',
  connect: async (target, { capabilities = {}, prepare } = {}) => {
    const client = new ClientV1(INFO, { capabilities });
    return connected(
      client as unknown as Connectable,
      (options) =>
        typeof target === 'string'
          ? new TransportV1(new URL(target), options)
          : (new StdioV1(target) as unknown as OfficialTransport),
      {
        callTool: (name, args = {}, options) =>
          client.callTool({ name, arguments: args as Record<string, unknown> }, undefined, options as never),
        onRequest: (method, handler) =>
          client.setRequestHandler(schemaV1(method, 'Request'), (request, { signal }) => handler(request, signal)),
        onNotification: (method, handler) => client.setNotificationHandler(schemaV1(method, 'Notification'), handler),
        listen: async () => {},
      },
      prepare,
    );
  },
};

type Negotiation = NonNullable<v2.ClientOptions['versionNegotiation']>;

function driverV2(mode: string, versionNegotiation: Negotiation): OfficialDriver {
  return {
    name: `@modelcontextprotocol/client 2.x, ${mode}`,
    connect: async (target, { capabilities = {}, prepare } = {}) => {
      const client = new v2.Client(INFO, { capabilities, versionNegotiation });
      return connected(
        client as unknown as Connectable,
        (options) =>
          typeof target === 'string'
            ? (new v2.StreamableHTTPClientTransport(new URL(target), options) as OfficialTransport)
            : (new StdioV2(target) as unknown as OfficialTransport),
        {
          callTool: (name, args = {}, options) =>
            client.callTool({ name, arguments: args as Record<string, unknown> }, options as never),
          onRequest: (method, handler) =>
            client.setRequestHandler(
              method as never,
              ((request: unknown, { mcpReq }: v2.ClientContext) => handler(request, mcpReq.signal)) as never,
            ),
          onNotification: (method, handler) => client.setNotificationHandler(method as never, handler as never),
          listen: async (filter) => {
            if (client.getProtocolEra() === 'modern') await client.listen(filter);
          },
        },
        prepare,
      );
    },
  };
}

/** The newest revision, which the modern drivers speak. */
export const MODERN_REVISION = '2026-07-28';

/** Clients that open sessions. */
export const DRIVERS: readonly OfficialDriver[] = [V1, driverV2('legacy', { mode: 'legacy' })];

/** Clients whose requests stand alone, where the server lets them. */
export const MODERN_DRIVERS: readonly OfficialDriver[] = [
  driverV2('auto', { mode: 'auto' }),
  driverV2('pinned', { mode: { pin: MODERN_REVISION } }),
];

/** What to declare so that a server may ask everything. */
export const CAPABLE = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {} },
  roots: { listChanged: true },
};
