import { beforeEach, describe, expect, test } from '@jest/globals';
import { bearerAuth, type IntrospectionOptions, introspection } from 'mcp-express/auth';
import { deferred, eventually } from '../support/wait.js';
import {
  type AuthorizationServer,
  answerJson,
  RESOURCE,
  startAuthorizationServer,
} from './support/authorization-server.js';
import { type ProtectedServer, protect } from './support/protected-server.js';

let as: AuthorizationServer;
let time: number;
let answer: Record<string, unknown>;
let seen: { authorization: string | undefined; form: URLSearchParams }[];

beforeEach(async () => {
  as = await startAuthorizationServer();
  time = Date.now();
  seen = [];
  answer = { active: true, sub: 'alice', client_id: 'app', scope: 'a b', aud: RESOURCE, iss: as.issuer };
  as.routes['/introspect'] = (request, response, body) => {
    seen.push({ authorization: request.headers.authorization, form: new URLSearchParams(body) });
    answerJson(response, answer);
  };
});

function serverWith(options: Partial<IntrospectionOptions> = {}): Promise<ProtectedServer> {
  const verify = introspection({
    endpoint: `${as.issuer}/introspect`,
    client: { id: 'mcp:server', secret: 'p@ss word' },
    now: () => time,
    ...options,
  });
  return protect(bearerAuth({ verify, resource: RESOURCE, now: () => time }));
}

const CHALLENGE = (description: string): string =>
  `Bearer error="invalid_token", error_description="${description}", resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/a/mcp"`;

describe('introspection (RFC 7662)', () => {
  test('asks as its client, and makes the answer the principal', async () => {
    const { call } = await serverWith({ issuer: as.issuer });
    const { json, text } = await call('Bearer opaque+/~token==');
    expect(json).toMatchObject({ issuer: as.issuer, subject: 'alice', clientId: 'app', scopes: ['a', 'b'] });
    expect(text).not.toContain('opaque');
    const basic = Buffer.from('mcp%3Aserver:p%40ss+word').toString('base64');
    expect(seen[0]?.authorization).toBe(`Basic ${basic}`);
    expect(Object.fromEntries(seen[0]?.form ?? [])).toEqual({
      token: 'opaque+/~token==',
      token_type_hint: 'access_token',
    });
  });

  test('asks with a token of its own', async () => {
    const { call } = await serverWith({ client: { token: 'mine' } });
    expect((await call('Bearer opaque')).status).toBe(200);
    expect(seen[0]?.authorization).toBe('Bearer mine');
  });

  test.each([
    ['not active', { active: false }, 'The access token is not valid'],
    ['of another resource', { aud: ['https://mcp.example.com/b/mcp'] }, 'The access token is for another resource'],
    ['of no audience', { aud: undefined }, 'The access token is for another resource'],
    ['of another issuer', { iss: 'https://evil.example' }, 'The access token is of another issuer'],
    ['expired', { exp: 1 }, 'The access token expired'],
    ['too early', { nbf: 9_999_999_999 }, 'The access token is not valid yet'],
    ['expired, as text', { exp: '1' }, 'The access token expired'],
    ['expired, as text with a fraction', { exp: ' 17.5 ' }, 'The access token expired'],
    ['expired, in milliseconds', { exp: Date.now() - 60_000 }, 'The access token expired'],
    ['expired, in milliseconds as text', { exp: String(Date.now() - 60_000) }, 'The access token expired'],
    ['too early, as text', { nbf: '9999999999' }, 'The access token is not valid yet'],
    ['of an end that is no number', { exp: '2020-01-01T00:00:00Z' }, 'The exp of the access token is not a number'],
    ['of a beginning that is no number', { nbf: {} }, 'The nbf of the access token is not a number'],
    ['of an issue that is no number', { iat: true }, 'The iat of the access token is not a number'],
    ['of nobody', { sub: undefined, client_id: undefined }, 'The access token names no subject'],
    [
      'of a user without a sub',
      { sub: undefined, username: 'alice' },
      'The access token names no subject: its username shows that a user is involved, and no sub says which one. The authorization server has to add a sub',
    ],
    [
      'of a subject that is no id',
      { sub: ['alice'] },
      'The access token names no subject: its sub is neither a text nor an exact whole number',
    ],
    ['of DPoP without a key', { token_type: 'DPoP' }, 'The access token names no key'],
  ])('refuses what is %s', async (_what, change, description) => {
    Object.assign(answer, change);
    const { call } = await serverWith({ issuer: as.issuer });
    const refused = await call('Bearer opaque');
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, CHALLENGE(description)]);
  });

  test('tolerates clocks that differ by 5 seconds, as for JWTs, or by the configured time', async () => {
    const at = (seconds: number): number => Math.floor(time / 1000) + seconds;
    const [usual, strict] = [await serverWith(), await serverWith({ clockTolerance: 0 })];
    let tokens = 0;
    const statuses = (): Promise<number[]> => {
      tokens += 1;
      return Promise.all([usual, strict].map(async ({ call }) => (await call(`Bearer t${tokens}`)).status));
    };
    for (const change of [{ nbf: time / 1000 + 0.4 }, { nbf: at(4) }, { nbf: String(at(4)) }, { exp: at(-3) }]) {
      Object.assign(answer, { nbf: undefined, exp: undefined }, change);
      expect([change, await statuses()]).toEqual([change, [200, 401]]);
    }
    for (const change of [{ nbf: at(7) }, { exp: at(-6) }]) {
      Object.assign(answer, { nbf: undefined, exp: undefined }, change);
      expect([change, await statuses()]).toEqual([change, [401, 401]]);
    }
  });

  test.each([
    ['a number as sub', { sub: 7 }, '7'],
    ['a client that acts for itself', { sub: undefined }, 'app'],
    ['a client that is named as user too', { sub: undefined, username: 'app' }, 'app'],
    ['an end that is text', { exp: '99999999999' }, 'alice'],
  ])('takes %s', async (_what, change, subject) => {
    Object.assign(answer, change);
    const { call } = await serverWith();
    expect((await call('Bearer opaque')).json).toMatchObject({ subject });
  });

  test('accepts a response without an audience if configured', async () => {
    delete answer['aud'];
    const { call } = await serverWith({ requireAudience: false });
    expect((await call('Bearer opaque')).status).toBe(200);
    answer['aud'] = 'https://mcp.example.com/b/mcp';
    expect((await call('Bearer other')).status).toBe(401);
  });

  test.each([
    ['fails', 500, { active: true, sub: 'mallory' }],
    ['refuses our credentials', 401, { error: 'invalid_client' }],
    ['says nothing', 200, { sub: 'mallory' }],
    ['says "active" in words', 200, { active: 'true', sub: 'mallory' }],
  ])('that %s is 503, is not cached, and is no success', async (_what, status, body) => {
    as.routes['/introspect'] = (_request, response) => answerJson(response, body, status);
    const { call } = await serverWith();
    for (let index = 0; index < 2; index++) {
      const refused = await call('Bearer opaque');
      expect([refused.status, refused.headers['www-authenticate'], refused.headers['retry-after']]).toEqual([
        503,
        undefined,
        '1',
      ]);
    }
    expect(as.asked).toHaveLength(2);
  });

  test('that is sent elsewhere does not go there: 503', async () => {
    as.routes['/introspect'] = (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    as.routes['/elsewhere'] = (_request, response) => answerJson(response, answer);
    const { call } = await serverWith();
    expect((await call('Bearer opaque')).status).toBe(503);
    expect(as.asked).toEqual(['POST /introspect']);
  });

  test('that does not answer in time is 503', async () => {
    as.routes['/introspect'] = () => {};
    const { call } = await serverWith({ timeoutMs: 50 });
    expect((await call('Bearer opaque')).status).toBe(503);
  });
});

describe('an answer is kept', () => {
  test('for a while, and then asked for again, so that a revoked token ends', async () => {
    const { call } = await serverWith({ cacheMs: 1000 });
    for (const wanted of [200, 200]) expect((await call('Bearer opaque')).status).toBe(wanted);
    expect(as.asked).toHaveLength(1);
    answer = { active: false };
    time += 999;
    expect((await call('Bearer opaque')).status).toBe(200);
    time += 2;
    expect((await call('Bearer opaque')).status).toBe(401);
    expect(as.asked).toHaveLength(2);
  });

  test('not beyond the end of the token (R21)', async () => {
    answer['exp'] = Math.floor(time / 1000) + 2;
    const { call } = await serverWith({ cacheMs: 60_000, clockTolerance: 0 });
    expect((await call('Bearer opaque')).status).toBe(200);
    time += 2000;
    expect((await call('Bearer opaque')).status).toBe(401);
    expect(as.asked).toHaveLength(2);
  });

  test('shortly, when it is a refusal', async () => {
    answer = { active: false };
    const { call } = await serverWith({ refusalCacheMs: 100 });
    for (let index = 0; index < 3; index++) expect((await call('Bearer opaque')).status).toBe(401);
    expect(as.asked).toHaveLength(1);
    time += 101;
    expect((await call('Bearer opaque')).status).toBe(401);
    expect(as.asked).toHaveLength(2);
  });

  test('for each token alone, and not at all with 0', async () => {
    const { call } = await serverWith({ cacheMs: 0 });
    for (const token of ['one', 'two', 'one']) expect((await call(`Bearer ${token}`)).status).toBe(200);
    expect(as.asked).toHaveLength(3);
  });

  test('and requests that come together ask once', async () => {
    const answering = deferred();
    as.routes['/introspect'] = (_request, response) => void answering.promise.then(() => answerJson(response, answer));
    let came = 0;
    const verify = introspection({ endpoint: `${as.issuer}/introspect`, client: { token: 'mine' } });
    const counted = bearerAuth({
      verify: (...sent) => {
        came += 1;
        return verify(...sent);
      },
      resource: RESOURCE,
    });
    const { call } = await protect(counted);
    const calls = Array.from({ length: 10 }, () => call('Bearer opaque'));
    await eventually('all have come', () => came === 10);
    answering.resolve();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(as.asked).toHaveLength(1);
  });
});
