import { createSecretKey, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { bearerAuth, type JwtOptions, jwt } from 'mcp-express/auth';
import {
  type AuthorizationServer,
  answerJson,
  RESOURCE,
  type SigningKey,
  signingKey,
  startAuthorizationServer,
} from './support/authorization-server.js';
import { type ProtectedServer, protect } from './support/protected-server.js';

let as: AuthorizationServer;

beforeEach(async () => {
  as = await startAuthorizationServer('/tenant');
});

function serverWith(options: Partial<JwtOptions> = {}): Promise<ProtectedServer> {
  return protect(bearerAuth({ verify: jwt({ issuer: as.issuer, ...options }), resource: RESOURCE }));
}

const now = Math.floor(Date.now() / 1000);
const CHALLENGE = (description: string): string =>
  `Bearer error="invalid_token", error_description="${description}", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/a/mcp"`;

describe('a JWT of the issuer is taken (R5, R21)', () => {
  test('with the keys its metadata names, and becomes the principal', async () => {
    const { call } = await serverWith();
    const token = await as.token({ client_id: 'app', scope: 'a b', exp: now + 60 });
    const { json, text } = await call(`Bearer ${token}`);
    expect(json).toMatchObject({
      issuer: as.issuer,
      subject: 'alice',
      clientId: 'app',
      scopes: ['a', 'b'],
      expiresAt: now + 60,
    });
    expect(text).not.toContain(token);
    expect(as.asked).toEqual(['GET /.well-known/oauth-authorization-server/tenant', 'GET /keys']);
  });

  test('and the keys are asked for once, also by requests that come together', async () => {
    const { call } = await serverWith();
    const token = await as.token();
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(`Bearer ${token}`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(as.asked).toHaveLength(2);
  });

  test.each([
    ['a list of audiences', { aud: ['https://other.example', RESOURCE] }, 'alice'],
    ['scopes as scp, the client as azp', { scope: undefined, scp: ['a'], azp: 'app' }, 'alice'],
    ['a number as sub', { sub: 7, client_id: 'app' }, '7'],
    ['a client that acts for itself', { sub: undefined, client_id: 'robot' }, 'robot'],
  ])('with %s', async (_what, claims, subject) => {
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token(claims)}`)).json).toMatchObject({ subject });
  });

  test.each(['JWT', 'application/at+jwt', 'AT+JWT'])('of type %s', async (typ) => {
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token({}, { typ })}`)).status).toBe(200);
  });
});

describe('a JWT is refused', () => {
  test.each([
    [
      'for another endpoint of this host (R10)',
      { aud: 'https://mcp.example.com/b/mcp' },
      'The access token is for another resource',
    ],
    ['for nobody', { aud: undefined }, 'The access token is for another resource'],
    ['of another issuer', { iss: 'https://evil.example' }, 'The access token is of another issuer'],
    ['expired (R21)', { exp: now - 60 }, 'The access token expired'],
    ['that never expires', { exp: undefined }, 'A claim of the access token is not valid'],
    ['that begins later', { nbf: now + 60 }, 'The access token is not valid yet'],
    ['of nobody', { sub: undefined }, 'The access token names no subject'],
    ['expired, in milliseconds', { exp: Date.now() - 60_000 }, 'The access token expired'],
    ['that ends at a text', { exp: String(now + 60) }, 'The exp of the access token is not a number'],
    [
      'of a client, and of a user without a sub (R5)',
      { sub: undefined, client_id: 'app', preferred_username: 'alice' },
      'The access token names no subject: its preferred_username shows that a user is involved, and no sub says which one. The authorization server has to add a sub',
    ],
    [
      'of a client as sub, and of a user by another id (R5)',
      { sub: 'app', client_id: 'app', oid: 'alice' },
      'The access token names no subject: its oid shows that a user is involved, and no sub says which one. The authorization server has to add a sub',
    ],
    [
      'of a client as sub and azp, and of a user by a name (R5)',
      { sub: 'app', azp: 'app', username: 'alice' },
      'The access token names no subject: its username shows that a user is involved, and no sub says which one. The authorization server has to add a sub',
    ],
    [
      'of a client, and of a user in a record of its own (R5)',
      { sub: undefined, client_id: 'app', ext: { username: 'alice' } },
      'The access token names no subject: its ext.username shows that a user is involved, and no sub says which one. The authorization server has to add a sub',
    ],
  ])('%s', async (_what, claims, description) => {
    const { call } = await serverWith();
    const answer = await call(`Bearer ${await as.token(claims)}`);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe(CHALLENGE(description));
  });

  test('of a type that is no access token, or not the type that was asked for', async () => {
    const open = await serverWith();
    const strict = await serverWith({ typ: 'at+jwt' });
    const challenge = CHALLENGE('The token is not an access token');
    for (const answer of [
      await open.call(`Bearer ${await as.token({}, { typ: 'dpop+jwt' })}`),
      await strict.call(`Bearer ${await as.token({}, { typ: 'JWT' })}`),
    ]) {
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, challenge]);
    }
    expect((await strict.call(`Bearer ${await as.token()}`)).status).toBe(200);
  });

  test('that is not signed, or signed with the public key as if it were a secret', async () => {
    const { call } = await serverWith();
    const key = as.keys[0] as SigningKey;
    const claims = { iss: as.issuer, aud: RESOURCE, sub: 'mallory', exp: now + 60 };
    const pem = await exportSPKI((await importJWK(key.publicJwk, 'ES256', { extractable: true })) as never);
    const signed = (alg: string): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg, kid: key.kid }).sign(createSecretKey(Buffer.from(pem)));
    for (const token of [new UnsecuredJWT(claims).encode(), await signed('HS256'), await signed('HS512')]) {
      const answer = await call(`Bearer ${token}`);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([
        401,
        CHALLENGE('The access token is not valid'),
      ]);
    }
    expect(as.asked).toEqual([]);
  });

  test('signed by another key under a known key id, or changed', async () => {
    const { call } = await serverWith();
    const forged = await as.token({}, { key: await signingKey('first') });
    const [head, , tail] = (await as.token()).split('.');
    const body = Buffer.from(JSON.stringify({ iss: as.issuer, aud: RESOURCE, sub: 'mallory', exp: now + 60 }));
    for (const token of [forged, `${head}.${body.toString('base64url')}.${tail}`, 'a.b.c', 'opaque']) {
      expect((await call(`Bearer ${token}`)).status).toBe(401);
    }
  });
});

describe('keys', () => {
  test('that are new are found, and those withdrawn end', async () => {
    const { call } = await serverWith({ cooldownMs: 0, cacheMs: 60_000 });
    const [old] = as.keys as [SigningKey];
    const before = await as.token();
    expect((await call(`Bearer ${before}`)).status).toBe(200);
    as.keys = [await signingKey('second')];
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    expect((await call(`Bearer ${await as.token({}, { key: old })}`)).status).toBe(401);
  });

  test('that are unknown do not make the server ask again and again', async () => {
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    const stranger = await signingKey('stranger');
    for (let index = 0; index < 10; index++) {
      expect((await call(`Bearer ${await as.token({}, { key: stranger, kid: `kid-${index}` })}`)).status).toBe(401);
    }
    expect(as.asked.filter((asked) => asked === 'GET /keys')).toHaveLength(1);
  });

  test('that a token does not name are tried one by one', async () => {
    as.keys.push(await signingKey('second'));
    const { call } = await serverWith();
    const token = await new SignJWT({ sub: 'alice' })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(as.issuer)
      .setAudience(RESOURCE)
      .setExpirationTime('1m')
      .sign((as.keys[1] as SigningKey).privateKey);
    expect((await call(`Bearer ${token}`)).status).toBe(200);
  });

  test.each([
    ['fails', '/keys', 500],
    ['answers nonsense', '/keys', 200],
    ['has no metadata', '/.well-known/oauth-authorization-server/tenant', 404],
  ])('of an issuer that %s: 503, and it is left alone for a while', async (_what, path, status) => {
    let time = Date.now();
    const good = as.routes[path];
    as.routes[path] = (_request, response) => answerJson(response, 'nonsense', status);
    const { call } = await serverWith({ now: () => time });
    const token = await as.token();
    const first = await call(`Bearer ${token}`);
    expect([first.status, first.headers['www-authenticate']]).toEqual([503, undefined]);
    const asked = as.asked.length;
    expect((await call(`Bearer ${token}`)).status).toBe(503);
    expect(as.asked).toHaveLength(asked);
    if (good !== undefined) as.routes[path] = good;
    time += 60_000;
    expect((await call(`Bearer ${token}`)).status).toBe(200);
  });

  test('that are known stay good while others cannot be looked for', async () => {
    const { call } = await serverWith({ cooldownMs: 0 });
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    as.routes['/keys'] = (_request, response) => answerJson(response, {}, 500);
    const unknown = await as.token({}, { key: await signingKey('stranger') });
    for (const status of [503, 503]) expect((await call(`Bearer ${unknown}`)).status).toBe(status);
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    expect(as.asked.filter((asked) => asked === 'GET /keys')).toHaveLength(2);
  });

  test('of metadata that is of another issuer are not looked at', async () => {
    as.routes['/.well-known/oauth-authorization-server/tenant'] = (_request, response) =>
      answerJson(response, { issuer: `${as.issuer}/other`, jwks_uri: new URL('/keys', as.issuer).href });
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(503);
    expect(as.asked).not.toContain('GET /keys');
  });

  test.each([
    ['of another issuer', { issuer: 'https://other.example', jwks_uri: 'https://other.example/keys' }, 200],
    ['without jwks_uri', {}, 200],
    ['with a jwks_uri that is no URL', { jwks_uri: 'keys' }, 200],
    ['with a jwks_uri that is not secure', { jwks_uri: 'http://keys.example/keys' }, 200],
    ['that are a list', [], 200],
    ['that are a page', 'Welcome', 200],
    ['that fail', {}, 500],
    ['that are elsewhere', {}, 302],
  ])('are found at a later place, behind metadata %s', async (_what, found, status) => {
    const [oauth, openId, behind] = [
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
      '/tenant/.well-known/openid-configuration',
    ] as const;
    const metadata = as.routes[oauth];
    const wrong = Array.isArray(found) || typeof found === 'string' ? found : { issuer: as.issuer, ...found };
    for (const place of [oauth, openId]) as.routes[place] = (_request, response) => answerJson(response, wrong, status);
    as.routes[behind] = metadata as never;
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    expect(as.asked.at(-1)).toBe('GET /keys');
  });

  test('are found at a later place when the first breaks off, or does not answer in time', async () => {
    const metadata = as.routes['/.well-known/oauth-authorization-server/tenant'];
    as.routes['/.well-known/oauth-authorization-server/tenant'] = (request) => void request.socket.destroy();
    as.routes['/.well-known/openid-configuration/tenant'] = () => {};
    as.routes['/tenant/.well-known/openid-configuration'] = metadata as never;
    const { call } = await serverWith({ timeoutMs: 500 });
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
  });

  test('are found by OpenID Connect too, wherever it has its metadata', async () => {
    const metadata = as.routes['/.well-known/oauth-authorization-server/tenant'];
    delete as.routes['/.well-known/oauth-authorization-server/tenant'];
    as.routes['/tenant/.well-known/openid-configuration'] = metadata as never;
    const { call } = await serverWith();
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    expect(as.asked).toEqual([
      'GET /.well-known/oauth-authorization-server/tenant',
      'GET /.well-known/openid-configuration/tenant',
      'GET /tenant/.well-known/openid-configuration',
      'GET /keys',
    ]);
  });

  test('can be given: a set, one key, or a shared secret', async () => {
    const key = as.keys[0] as SigningKey;
    const bySet = await serverWith({ jwks: { keys: [key.publicJwk] } });
    const byKey = await serverWith({ key: key.publicJwk });
    for (const { call } of [bySet, byKey]) expect((await call(`Bearer ${await as.token()}`)).status).toBe(200);
    const secret = randomBytes(32);
    const shared = await serverWith({ key: secret, algorithms: ['HS256'] });
    const token = await new SignJWT({ iss: as.issuer, aud: RESOURCE, sub: 'alice', exp: now + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret);
    expect((await shared.call(`Bearer ${token}`)).status).toBe(200);
    expect((await shared.call(`Bearer ${await as.token()}`)).status).toBe(401);
    const rsa = await as.token({}, { key: await signingKey('first', 'RS256') });
    expect((await byKey.call(`Bearer ${rsa}`)).status).toBe(401);
    expect(as.asked).toEqual([]);
  });

  test('that do not arrive in time are 503', async () => {
    as.routes['/keys'] = () => {};
    const { call } = await serverWith({ timeoutMs: 50 });
    expect((await call(`Bearer ${await as.token()}`)).status).toBe(503);
  });
});
