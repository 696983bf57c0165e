import * as v2 from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallRecord, Era } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import { recordedFetch } from './recorded-fetch.js';
import { type Message, record } from './recording.js';

/** Options of a call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly onprogress?: () => void;
}

/** A client as actors use it. */
export interface ChaosClient {
  readonly name: string;
  readonly era: Era;
  /** Resolves when the client has an answer, rejects when it gives up. Received messages are in the ledger. */
  call(record: CallRecord, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<void>;
  /** Ends the session, if any, and all connections. */
  leave(): Promise<void>;
}

/** The parts of a client. */
export interface ClientParts {
  readonly url: string;
  readonly name: string;
  readonly ledger: Ledger;
  readonly random: Random;
}

/** Connects a client. */
export type Connect = (parts: ClientParts) => Promise<ChaosClient>;

const INFO = { name: 'chaos', version: '1.0.0' };
const CAPABILITIES = { capabilities: { elicitation: { form: {} } } };

/** Clients reconnect practically without limit. */
const RECONNECTION = {
  initialReconnectionDelay: 50,
  maxReconnectionDelay: 300,
  reconnectionDelayGrowFactor: 1.3,
  maxRetries: 500,
};

/** Methods that both official clients have under the same name. */
interface Official {
  connect(transport: unknown): Promise<void>;
  callTool(...args: unknown[]): Promise<unknown>;
  close(): Promise<void>;
  onerror?: ((error: Error) => void) | undefined;
}

interface OfficialTransport {
  onmessage?: (message: never, ...more: never[]) => void;
  terminateSession(): Promise<void>;
}

type Make = (answer: (message: string) => object) => {
  client: Official;
  transport: (options: object) => OfficialTransport;
  callArguments: (params: object, options: object) => unknown[];
};

function connectWith(era: Era, make: (url: URL) => Make): Connect {
  return async ({ url, name, ledger, random }) => {
    const requests = new Map<unknown, CallRecord | undefined>();
    const { client, transport, callArguments } = make(new URL(url))((asked) => {
      ledger.counts.questions += 1;
      ledger.ofClient(name, asked, 'a question');
      return { action: 'accept', content: { answer: `yes ${asked}` } };
    });
    const onRequest = (id: unknown, call: CallRecord | undefined) => void requests.set(id, call);
    const callOf = (id: unknown) => requests.get(id);
    const onMessage = (message: Message) => (wire.onmessage as ((message: Message) => void) | undefined)?.(message);
    const fetch = recordedFetch({ ledger, client: name, random, onRequest, onMessage, callOf });
    const wire = transport({ fetch, reconnectionOptions: RECONNECTION });
    // Connection errors are reported here too; the relevant ones are in the ledger.
    client.onerror = () => {};
    await client.connect(wire);
    if (era === 'legacy') ledger.counts.sessions += 1;
    const deliver = wire.onmessage as ((...given: unknown[]) => void) | undefined;
    wire.onmessage = (...given: unknown[]) => {
      record(given[0] as Message, { name, ledger, requests });
      deliver?.(...given);
    };
    return {
      name,
      era,
      call: async ({ id, kind, keyed }, args, options = {}) => {
        const meta = keyed ? { _meta: { idempotencyKey: id } } : {};
        await client.callTool(...callArguments({ name: kind, arguments: { call: id, ...args }, ...meta }, options));
      },
      leave: async () => {
        // A repeated DELETE gets 404 if the response to the first one was lost.
        await wire.terminateSession().catch(() => {});
        await client.close();
      },
    };
  };
}

const V1: Connect = connectWith('legacy', (url) => (answer) => {
  const client = new ClientV1(INFO, CAPABILITIES);
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message) as never);
  return {
    client: client as unknown as Official,
    transport: (options) => new TransportV1(url, options) as unknown as OfficialTransport,
    callArguments: (params, options) => [params, undefined, options],
  };
});

function driverV2(era: Era, versionNegotiation: NonNullable<v2.ClientOptions['versionNegotiation']>): Connect {
  return connectWith(era, (url) => (answer) => {
    const client = new v2.Client(INFO, { ...CAPABILITIES, versionNegotiation });
    client.setRequestHandler('elicitation/create', ({ params }) => answer(params.message) as never);
    return {
      client: client as unknown as Official,
      transport: (options) => new v2.StreamableHTTPClientTransport(url, options) as unknown as OfficialTransport,
      callArguments: (params, options) => [params, options],
    };
  });
}

/** The official clients: both major versions, with sessions and stateless. */
export const CLIENTS: readonly [Connect, ...Connect[]] = [
  V1,
  driverV2('legacy', { mode: 'legacy' }),
  driverV2('modern', { mode: { pin: '2026-07-28' } }),
];
