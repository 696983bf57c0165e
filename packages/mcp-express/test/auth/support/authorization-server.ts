import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { onCleanup } from '../../support/cleanup.js';

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg } };
}

export type Route = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface AuthorizationServer {
  readonly issuer: string;
  /** What its key set has now. */
  keys: SigningKey[];
  /** What it was asked, as method and path. */
  readonly asked: string[];
  /** Answers of its own, by path. */
  readonly routes: Record<string, Route>;
  token(
    claims?: Readonly<Record<string, unknown>>,
    header?: { kid?: string; typ?: string; key?: SigningKey },
  ): Promise<string>;
}

export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** What tokens of the stub are for, where the test does not say. */
export const RESOURCE = 'https://mcp.example.com/a/mcp';

/** An authorization server on a port of its own: metadata, keys, and whatever routes the test adds. */
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

export interface Holder {
  readonly key: SigningKey;
  readonly jkt: string;
}

/** Somebody who holds a DPoP key. */
export async function holder(alg = 'ES256'): Promise<Holder> {
  const key = await signingKey('dpop', alg);
  return { key, jkt: await calculateJwkThumbprint(key.publicJwk) };
}
