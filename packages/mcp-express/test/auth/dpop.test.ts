import { createHash, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { exportJWK, SignJWT } from 'jose';
import { type BearerAuthOptions, bearerAuth, jwt } from 'mcp-express/auth';
import type { RawAnswer } from '../support/raw-client.js';
import {
  type AuthorizationServer,
  type Holder,
  holder,
  RESOURCE,
  startAuthorizationServer,
} from './support/authorization-server.js';
import { type ProtectedServer, protect } from './support/protected-server.js';

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/a/mcp';
const ALGS = 'algs="ES256 ES384 ES512 PS256 RS256 EdDSA Ed25519"';

let as: AuthorizationServer;
let alice: Holder;
let token: string;
let time: number;

beforeEach(async () => {
  as = await startAuthorizationServer();
  alice = await holder();
  token = await as.token({ cnf: { jkt: alice.jkt } });
  time = Date.now();
});

function serverWith(options: Partial<BearerAuthOptions> = {}): Promise<ProtectedServer> {
  return protect(bearerAuth({ verify: jwt({ issuer: as.issuer }), resource: RESOURCE, now: () => time, ...options }));
}

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Record<string, unknown>;
  readonly by?: Holder;
}

async function proof({ claims = {}, header = {}, by = alice }: Made = {}): Promise<string> {
  const { kid: _kid, alg: _alg, ...jwk } = by.key.publicJwk;
  const ath = createHash('sha256').update(token).digest('base64url');
  const all = { htm: 'POST', htu: RESOURCE, iat: Math.floor(time / 1000), jti: randomUUID(), ath, ...claims };
  const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(payload)
    .setProtectedHeader({ alg: by.key.alg, typ: 'dpop+jwt', jwk, ...header })
    .sign(by.key.privateKey);
}

function send(server: ProtectedServer, dpop: string | string[] | undefined, scheme = 'DPoP'): Promise<RawAnswer> {
  return server.call(`${scheme} ${token}`, { headers: dpop === undefined ? {} : { dpop } });
}

function challenged(error: string, description: string): string {
  return `DPoP error="${error}", error_description="${description}", scope="mcp:use", resource_metadata="${METADATA}", ${ALGS}`;
}

describe('a token that is bound to a key (RFC 9449)', () => {
  test.each(['ES256', 'RS256', 'EdDSA'])('is taken with a proof of its key: %s', async (alg) => {
    const somebody = await holder(alg);
    token = await as.token({ cnf: { jkt: somebody.jkt } });
    const answer = await send(await serverWith(), await proof({ by: somebody }), 'dpop');
    expect([answer.status, answer.json.subject]).toEqual([200, 'alice']);
  });

  test.each([
    ['a query and a fragment', `${RESOURCE}?x=1#y`],
    ['a host in capitals and the port of its scheme', 'HTTPS://MCP.EXAMPLE.com:443/a/mcp'],
  ])('is taken when its URL has %s', async (_what, htu) => {
    expect((await send(await serverWith(), await proof({ claims: { htu } }))).status).toBe(200);
  });

  test('is refused when it comes as Bearer, with or without a proof', async () => {
    const server = await serverWith({ scopes: ['mcp:use'] });
    for (const dpop of [undefined, await proof()]) {
      const answer = await send(server, dpop, 'Bearer');
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        `Bearer error="invalid_token", error_description="The access token is bound to a key: send it as DPoP, with a proof", scope="mcp:use", resource_metadata="${METADATA}", DPoP ${ALGS}`,
      ]);
    }
  });

  const forged: [string, string, () => Promise<string | string[] | undefined>][] = [
    ['no proof', 'There must be one DPoP proof', async () => undefined],
    ['two proofs', 'There must be one DPoP proof', async () => [await proof(), await proof()]],
    ['a proof too long', 'The DPoP proof is too long', async () => 'x'.repeat(8193)],
    ['no JWT', 'The DPoP proof is not valid', async () => 'x.y.z'],
    ['another type', 'The DPoP proof is not valid', () => proof({ header: { typ: 'JWT' } })],
    ['no key', 'The DPoP proof is not valid', () => proof({ header: { jwk: undefined } })],
    [
      'a private key',
      'The DPoP proof is not valid',
      async () => proof({ header: { jwk: await exportJWK(alice.key.privateKey) } }),
    ],
    [
      'a public key with a private member',
      'The DPoP proof is not valid',
      () => proof({ header: { jwk: { ...alice.key.publicJwk, k: 'secret' } } }),
    ],
    [
      'the key of another signature',
      'The DPoP proof is not valid',
      async () => proof({ header: { jwk: (await holder()).key.publicJwk } }),
    ],
    ['another method', 'The DPoP proof is for another method', () => proof({ claims: { htm: 'GET' } })],
    [
      'another URL',
      'The DPoP proof is for another URL',
      () => proof({ claims: { htu: 'https://mcp.example.com/b/mcp' } }),
    ],
    ['no URL', 'The DPoP proof is for another URL', () => proof({ claims: { htu: 'mcp' } })],
    ['another token', 'The DPoP proof is for another access token', () => proof({ claims: { ath: 'x' } })],
    ['no token', 'The DPoP proof is for another access token', () => proof({ claims: { ath: undefined } })],
    ['no identifier', 'The DPoP proof has no identifier', () => proof({ claims: { jti: undefined } })],
    ['an endless identifier', 'The DPoP proof has no identifier', () => proof({ claims: { jti: 'x'.repeat(513) } })],
    [
      'an old time',
      'The DPoP proof is too old, or its clock is wrong',
      () => proof({ claims: { iat: Math.floor(time / 1000) - 62 } }),
    ],
    [
      'a time to come',
      'The DPoP proof is too old, or its clock is wrong',
      () => proof({ claims: { iat: Math.floor(time / 1000) + 62 } }),
    ],
    ['no time', 'The DPoP proof is too old, or its clock is wrong', () => proof({ claims: { iat: undefined } })],
  ];
  test.each(forged)('is refused with %s', async (_what, description, make) => {
    const answer = await send(await serverWith({ scopes: ['mcp:use'] }), await make());
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      challenged('invalid_dpop_proof', description),
    ]);
  });

  test('is refused with a proof that is signed with a secret, or not at all', async () => {
    const server = await serverWith();
    const [, body] = (await proof()).split('.');
    const jwk = { kty: 'oct', k: Buffer.from('x'.repeat(32)).toString('base64url') };
    for (const alg of ['none', 'HS256']) {
      const head = Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url');
      expect((await send(server, `${head}.${body}.`)).status).toBe(401);
    }
  });

  test('is refused with a proof of another key', async () => {
    const answer = await send(await serverWith({ scopes: ['mcp:use'] }), await proof({ by: await holder() }));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      challenged('invalid_token', 'The access token is bound to another key'),
    ]);
  });

  test('is refused when it is bound by a certificate, which cannot be seen here', async () => {
    token = await as.token({ cnf: { 'x5t#S256': 'abc' } });
    const server = await serverWith();
    for (const scheme of ['Bearer', 'DPoP']) {
      const answer = await send(server, await proof(), scheme);
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('bound in a way that cannot be checked here');
    }
  });
});

describe('a proof is good once', () => {
  test('also when both come together', async () => {
    const server = await serverWith({ scopes: ['mcp:use'] });
    const dpop = await proof();
    const answers = await Promise.all([send(server, dpop), send(server, dpop), send(server, dpop)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect(answers.find(({ status }) => status === 401)?.headers['www-authenticate']).toBe(
      challenged('invalid_dpop_proof', 'The DPoP proof was used before'),
    );
  });

  test('at every moment of its window', async () => {
    const server = await serverWith();
    const dpop = await proof({ claims: { iat: Math.floor(time / 1000) + 30 } });
    expect((await send(server, dpop)).status).toBe(200);
    for (const later of [1_000, 59_000, 29_000]) {
      time += later;
      expect((await send(server, dpop)).status).toBe(401);
    }
  });

  test('on every node that shares the claims', async () => {
    const taken = new Set<string>();
    const claim = async (name: string): Promise<boolean> => !taken.has(name) && Boolean(taken.add(name));
    const dpop = await proof();
    const statuses: number[] = [];
    for (let node = 0; node < 2; node++)
      statuses.push((await send(await serverWith({ dpop: { claim } }), dpop)).status);
    expect(statuses).toEqual([200, 401]);
  });

  test('and is refused if that cannot be checked', async () => {
    const claim = async (): Promise<boolean> => {
      throw new Error('the store is gone');
    };
    expect((await send(await serverWith({ dpop: { claim } }), await proof())).status).toBe(503);
  });
});

describe('nonces of the server (RFC 9449, section 9)', () => {
  test('are asked for, taken for a while, and not made up by others', async () => {
    const server = await serverWith({ dpop: { nonce: true }, scopes: ['mcp:use'] });
    const first = await send(server, await proof());
    expect([first.status, first.headers['www-authenticate']]).toEqual([
      401,
      challenged('use_dpop_nonce', 'The DPoP proof must have the nonce of this server'),
    ]);
    const nonce = first.headers['dpop-nonce'];
    expect((await send(server, await proof({ claims: { nonce } }))).status).toBe(200);
    expect((await send(server, await proof({ claims: { nonce: 'made-up' } }))).status).toBe(401);
    time += 5 * 60_000;
    token = await as.token({ cnf: { jkt: alice.jkt }, exp: Math.floor(time / 1000) + 3600 });
    expect((await send(server, await proof({ claims: { nonce } }))).status).toBe(200);
    time += 5 * 60_000;
    const last = await send(server, await proof({ claims: { nonce } }));
    expect(last.status).toBe(401);
    expect(last.headers['dpop-nonce']).not.toBe(nonce);
  });

  test('of one node are taken by those that share its key', async () => {
    const dpop = { nonce: true, nonceKeys: ['k'.repeat(32)] };
    const nonce = (await send(await serverWith({ dpop }), await proof())).headers['dpop-nonce'];
    const other = await serverWith({ dpop: { nonce: true, nonceKeys: ['new'.repeat(12), 'k'.repeat(32)] } });
    expect((await send(other, await proof({ claims: { nonce } }))).status).toBe(200);
  });
});

describe('tokens that are not bound', () => {
  beforeEach(async () => {
    token = await as.token();
  });

  test('are taken as Bearer, and refused as DPoP', async () => {
    const server = await serverWith({ scopes: ['mcp:use'] });
    expect((await send(server, undefined, 'Bearer')).status).toBe(200);
    const answer = await send(server, await proof());
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      challenged('invalid_token', 'The access token is not bound to a key'),
    ]);
  });

  test('are refused where DPoP is required, and nothing else is offered', async () => {
    const server = await serverWith({ dpop: 'required', scopes: ['mcp:use'] });
    const bearer = await send(server, undefined, 'Bearer');
    expect([bearer.status, bearer.headers['www-authenticate']]).toEqual([
      401,
      challenged('invalid_token', 'The access token is not bound to a key'),
    ]);
    const nothing = await server.call();
    expect(nothing.headers['www-authenticate']).toBe(`DPoP scope="mcp:use", resource_metadata="${METADATA}", ${ALGS}`);
  });

  test('learn of DPoP if it is offered', async () => {
    const nothing = await (await serverWith({ dpop: { algorithms: ['ES256'] } })).call();
    expect(nothing.headers['www-authenticate']).toBe(`Bearer resource_metadata="${METADATA}", DPoP algs="ES256"`);
  });
});

test('an open stream is asked about again without a new proof', async () => {
  const auth = bearerAuth({ verify: jwt({ issuer: as.issuer }), resource: RESOURCE });
  const dpop = await proof();
  const rawHeaders = ['Authorization', `DPoP ${token}`, 'DPoP', dpop];
  const request = {
    method: 'POST',
    url: '/mcp',
    rawHeaders,
    headers: { authorization: `DPoP ${token}`, dpop },
  } as never;
  expect((await auth.authenticate(request)).subject).toBe('alice');
  expect((await auth.recheck?.(request))?.subject).toBe('alice');
  await expect(auth.authenticate(request)).rejects.toMatchObject({ code: 'unauthorized' });
});
