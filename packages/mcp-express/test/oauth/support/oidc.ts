import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Provider } from 'oidc-provider';
import { onCleanup } from '../../support/cleanup.js';
import { memoryAdapter } from './memory-adapter.js';
import { providerModule } from './provider-module.js';
import { showPage, takeForm } from './sign-in-pages.js';

/** Whether access tokens say something by themselves. */
export type TokenKind = 'jwt' | 'opaque';
export const TOKEN_KINDS: readonly TokenKind[] = ['jwt', 'opaque'];

/** All that the resources of these tests may ask for. */
export const SCOPES = ['mcp:use', 'orders:write'];

/** The resource server, as a client that may ask about tokens. */
export const INTROSPECTOR = { id: 'resource-server', secret: 'known to these two servers alone' };

export interface OidcOptions {
  readonly tokens?: TokenKind;
  /** Fetches client-id metadata documents. Without it there is no such client. */
  readonly fetch?: typeof fetch;
  /** What it knows of resources: all of them, all but which one a refresh was granted for, or none, as by default. */
  readonly resources?: 'known' | 'forgotten at refresh' | 'unknown';
}

export interface Oidc {
  readonly issuer: string;
  readonly tokens: TokenKind;
  /** What it was asked, as method and path, without what follows a `?`. */
  readonly asked: readonly string[];
  /** Seconds that access tokens live, from the next one on. */
  tokenLife: number;
  /** As a client does it (RFC 7009). */
  revoke(token: string, clientId: string): Promise<void>;
}

/** A real authorization server on a port of its own, for any user and any resource. */
export async function startOidc(options: OidcOptions = {}): Promise<Oidc> {
  const { tokens = 'jwt' } = options;
  const asked: string[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    answer(request, response).catch((thrown) => response.destroy(thrown));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const oidc: Oidc = {
    issuer,
    tokens,
    asked,
    tokenLife: 300,
    revoke: async (token, clientId) => {
      const revoked = await fetch(`${issuer}/token/revocation`, {
        method: 'POST',
        body: new URLSearchParams({ token, client_id: clientId }),
      });
      if (!revoked.ok) throw new Error(`revocation: ${revoked.status} ${await revoked.text()}`);
    },
  };
  const { Provider } = await providerModule;
  const provider = new Provider(issuer, configuration(oidc, await keyOfProvider(), options));
  const callback = provider.callback();
  answer = (request, response) =>
    request.url?.startsWith('/interaction/') ? interact(provider, request, response) : callback(request, response);
  return oidc;
}

async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') return showPage(provider, request, response);
  return takeForm(provider, request, response, new URLSearchParams(await text(request)));
}

/** Seconds: longer than any test. */
const LIVES = { Interaction: 600, Session: 600, Grant: 600, RefreshToken: 600, IdToken: 600 };

async function keyOfProvider(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'of-the-provider', alg: 'ES256', use: 'sig' };
}

function configuration(oidc: Oidc, key: JWK, { fetch: given, resources = 'known' }: OidcOptions): object {
  return {
    adapter: memoryAdapter(),
    jwks: { keys: [key] },
    cookies: { keys: ['of this test alone'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [introspector()],
    clientBasedCORS: () => false,
    scopes: ['openid', 'offline_access', ...SCOPES],
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    // Clients that do not ask for `offline_access` have refresh tokens too, as they do in most places.
    issueRefreshToken: (_context: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    // Clients register with the scope they ask for first. Held to it, they could never ask for more (RFC 7591, section 2).
    extraClientMetadata: {
      properties: ['scope_at_registration'],
      validator: (_context: unknown, _name: string, _value: unknown, client: { scope?: string }) => {
        delete client.scope;
      },
    },
    ttl: { ...LIVES, AccessToken: () => oidc.tokenLife },
    features: { ...features(given !== undefined), ...resourceIndicators(oidc, resources) },
    ...(given === undefined ? {} : { fetch: given }),
  };
}

function features(documents: boolean): object {
  const anyone = { enabled: true, allowedPolicy: () => true };
  return {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    introspection: anyone,
    revocation: anyone,
    ...(documents ? { clientIdMetadataDocument: { enabled: true, ack: 'draft-02' } } : {}),
  };
}

function resourceIndicators(oidc: Oidc, known: OidcOptions['resources']): object {
  if (known === 'unknown') return {};
  return {
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => known === 'known',
      getResourceServerInfo: (_context: unknown, resource: string) => ({
        audience: resource,
        scope: SCOPES.join(' '),
        accessTokenFormat: oidc.tokens,
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  };
}

function introspector(): object {
  return {
    client_id: INTROSPECTOR.id,
    client_secret: INTROSPECTOR.secret,
    grant_types: [],
    response_types: [],
    redirect_uris: [],
  };
}
