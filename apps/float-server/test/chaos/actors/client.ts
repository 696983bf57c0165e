import * as v2 from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { CallRecord, Era } from '../ledger/call-record.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Random } from '../random.js';
import { recordedFetch } from './recorded-fetch.js';
import { type Message, record } from './recording.js';

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly onprogress?: () => void;
}

/** What actors need of a client, whichever it is. */
export interface ChaosClient {
  readonly name: string;
  readonly era: Era;
  /** Resolves when the client has an answer, rejects when it gave up. What was given is in the ledger. */
  call(record: CallRecord, args: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<void>;
  /** Ends its session, if it has one, and its connections. */
  leave(): Promise<void>;
}

export interface ClientParts {
  readonly url: string;
  readonly name: string;
  readonly ledger: Ledger;
  readonly random: Random;
}

export type Connect = (parts: ClientParts) => Promise<ChaosClient>;

const INFO = { name: 'chaos', version: '1.0.0' };
const CAPABILITIES = { capabilities: { elicitation: { form: {} } } };

/** They come back as long as it takes. */
const RECONNECTION = {
  initialReconnectionDelay: 50,
  maxReconnectionDelay: 300,
  reconnectionDelayGrowFactor: 1.3,
  maxRetries: 500,
};

/** What both official clients have, under the names both have for it. */
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
    const fetch = recordedFetch({ ledger, client: name, random, onRequest });
    const wire = transport({ fetch, reconnectionOptions: RECONNECTION });
    // What breaks is told there too; what matters of it is in the ledger.
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
        // 404 is said to a DELETE that was repeated because the answer to the first was lost.
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

/** The official clients: both majors, both eras. */
export const CLIENTS: readonly [Connect, ...Connect[]] = [
  V1,
  driverV2('legacy', { mode: 'legacy' }),
  driverV2('modern', { mode: { pin: '2026-07-28' } }),
];
