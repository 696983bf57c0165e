import * as v2 from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { onCleanup } from '../../support/cleanup.js';
import type { JsonBody } from '../../support/raw-client.js';
import { eventually } from '../../support/wait.js';
import type { ClientStore } from './client-store.js';
import type { Person } from './person.js';

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** Of the answer, once there is one. */
  readonly status?: number;
}

/** One official client with its transport. */
export interface OAuthClient {
  readonly store: ClientStore;
  /** Every HTTP request it made, to whomever. */
  readonly requests: readonly SentRequest[];
  readonly sessionId: string | undefined;
  connect(): Promise<void>;
  callTool(name: string): Promise<JsonBody>;
  /** Opens a stream, where there is none without asking. */
  listen(): Promise<void>;
  /** Hands over what the browser came back with. */
  finish(callback: URL): Promise<void>;
}

export interface OAuthDriver {
  readonly name: string;
  readonly era: 'sessions' | 'modern';
  open(url: string, store: ClientStore, fetching?: typeof fetch): OAuthClient;
  isUnauthorized(thrown: unknown): boolean;
}

const INFO = { name: 'official', version: '1' };

/** A stream that ends with its token stays so: coming back for it, a client would sign in between the steps of a test. */
const RECONNECTION = {
  maxRetries: 0,
  initialReconnectionDelay: 1,
  maxReconnectionDelay: 1,
  reconnectionDelayGrowFactor: 1,
};

/** What both official clients and their transports have. */
interface Parts {
  readonly client: {
    connect(transport: never): Promise<void>;
    close(): Promise<void>;
    callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
    onerror?: ((error: Error) => void) | undefined;
  };
  readonly transport: { readonly sessionId?: string | undefined };
  readonly finish: (callback: URL) => Promise<void>;
  readonly listen?: () => Promise<unknown>;
}

function clientOf(store: ClientStore, fetching: typeof fetch, make: (recording: typeof fetch) => Parts): OAuthClient {
  const requests: SentRequest[] = [];
  const recording: typeof fetch = async (input, init) => {
    const method = init?.method ?? 'GET';
    const at = requests.push({ method, url: String(input), body: String(init?.body ?? '') }) - 1;
    const answer = await fetching(input, init);
    requests[at] = { ...(requests[at] as SentRequest), status: answer.status };
    return answer;
  };
  const { client, transport, finish, listen } = make(recording);
  // Streams that end with their token are told of here, and are what some tests are about.
  client.onerror = () => {};
  onCleanup(() => client.close());
  return {
    store,
    requests,
    get sessionId() {
      return transport.sessionId;
    },
    connect: () => client.connect(transport as never),
    callTool: (name) => client.callTool({ name, arguments: {} }) as Promise<JsonBody>,
    listen: async () => void (await listen?.()),
    finish,
  };
}

const V1: OAuthDriver = {
  name: '@modelcontextprotocol/sdk 1.x',
  era: 'sessions',
  open: (url, store, fetching = fetch) =>
    clientOf(store, fetching, (recording) => {
      const transport = new TransportV1(new URL(url), {
        authProvider: store as never,
        fetch: recording,
        reconnectionOptions: RECONNECTION,
      });
      const finish = (callback: URL): Promise<void> => transport.finishAuth(String(callback.searchParams.get('code')));
      return { client: new ClientV1(INFO), transport, finish };
    }),
  isUnauthorized: (thrown) => thrown instanceof UnauthorizedV1,
};

type Negotiation = NonNullable<v2.ClientOptions['versionNegotiation']>;

function driverV2(era: OAuthDriver['era'], versionNegotiation: Negotiation): OAuthDriver {
  return {
    name: `@modelcontextprotocol/client 2.x, ${era}`,
    era,
    open: (url, store, fetching = fetch) =>
      clientOf(store, fetching, (recording) => {
        const transport = new v2.StreamableHTTPClientTransport(new URL(url), {
          authProvider: store,
          fetch: recording,
          reconnectionOptions: RECONNECTION,
        });
        const finish = (callback: URL): Promise<void> => transport.finishAuth(callback.searchParams);
        const client = new v2.Client(INFO, { versionNegotiation });
        const listen = () => client.listen({ toolsListChanged: true });
        return { client, transport, finish, ...(era === 'modern' ? { listen } : {}) };
      }),
    isUnauthorized: (thrown) => v2.UnauthorizedError.isInstance(thrown),
  };
}

export const V2_SESSIONS = driverV2('sessions', { mode: 'legacy' });
export const V2_MODERN = driverV2('modern', { mode: 'auto' });

export const OAUTH_DRIVERS: readonly OAuthDriver[] = [V1, V2_SESSIONS, V2_MODERN];

/** Lets the person do what the client has just been refused for, and gives the client what came of it. */
export async function authorized(driver: OAuthDriver, client: OAuthClient, person: Person, refused: Promise<unknown>) {
  const thrown = await refused.then(
    () => new Error('the client was not refused'),
    (reason: unknown) => reason,
  );
  if (!driver.isUnauthorized(thrown)) throw thrown;
  const { authorizations, redirectUrl } = client.store;
  const callback = await person.authorize(authorizations.at(-1) as URL, redirectUrl);
  await client.finish(callback);
  return callback;
}

/** From a client that knows nothing but a URL to one that is connected. */
export async function signIn(
  driver: OAuthDriver,
  given: {
    readonly url: string;
    readonly store: ClientStore;
    readonly person: Person;
    readonly fetching?: typeof fetch;
  },
): Promise<OAuthClient> {
  const { url, store, person, fetching } = given;
  const first = driver.open(url, store, fetching);
  await authorized(driver, first, person, first.connect());
  // A transport that was refused while it connected cannot connect again.
  const second = driver.open(url, store, fetching);
  await second.connect();
  // A session opens its GET behind the back of whoever connects, and it takes the tokens that are there by then.
  const isGet = ({ method, url: asked, status }: SentRequest): boolean =>
    method === 'GET' && asked === url && status === 200;
  if (driver.era === 'sessions') await eventually('the GET of the session', () => second.requests.some(isGet));
  return second;
}
