import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onCleanup } from '../../support/cleanup.js';

/** A key pair with which tests sign tokens. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Generates a key pair. @param kid its key id. */
export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

/** Answers requests to one path. */
export type Route = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A stub of an authorization server. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The keys that its key set contains now. */
  keys: SigningKey[];
  /** The requests it received, as method and path. */
  readonly asked: string[];
  /** Further routes, by path. */
  readonly routes: Record<string, Route>;
  /** Signs an access token. Claims that are `undefined` are omitted. */
  token(
    claims?: Readonly<Record<string, unknown>>,
    header?: { kid?: string; typ?: string; key?: SigningKey },
  ): Promise<string>;
}

/** Sends a JSON response. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** The default audience of the stub's tokens. */
export const RESOURCE = 'https://mcp.example.com/a/mcp';

/** Starts an authorization server on a port of its own: metadata, keys, and the routes that the test adds. */
export async function startAuthorizationServer(path = ''): Promise<AuthorizationServer> {
  const asked: string[] = [];
  const routes: Record<string, Route> = {};
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const route = routes[request.url ?? ''];
      if (route === undefined) answerJson(response, { error: 'not found' }, 404);
      else route(request, response, Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${origin}${path}`;
  const stub: AuthorizationServer = {
    issuer,
    keys: [await signingKey('first')],
    asked,
    routes,
    async token(claims = {}, { key = stub.keys[0] as SigningKey, kid = key.kid, typ = 'at+jwt' } = {}) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: RESOURCE, sub: 'alice', iat: now, exp: now + 300, scope: 'mcp:use', ...claims };
      const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      return new SignJWT(payload).setProtectedHeader({ alg: key.alg, kid, typ }).sign(key.privateKey);
    },
  };
  routes[`/.well-known/oauth-authorization-server${path}`] = (_request, response) =>
    answerJson(response, { issuer, jwks_uri: `${origin}/keys` });
  routes['/keys'] = (_request, response) => answerJson(response, { keys: stub.keys.map(({ publicJwk }) => publicJwk) });
  return stub;
}

/** A client with a DPoP key. */
export interface Holder {
  readonly key: SigningKey;
  readonly jkt: string;
}

/** Generates the DPoP key of a client. */
export async function holder(alg = 'ES256'): Promise<Holder> {
  const key = await signingKey('dpop', alg);
  return { key, jkt: await calculateJwkThumbprint(key.publicJwk) };
}
