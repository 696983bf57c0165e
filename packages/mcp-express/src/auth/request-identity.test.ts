import { describe, expect, test } from '@jest/globals';
import { ownerKey } from './principal.js';
import { requestPrincipal } from './request-principal.js';

const SDK = { token: 't', clientId: 'app', scopes: ['mcp'] };

/** The data of common middleware for one person. */
const SHAPES: readonly [string, (person: string) => object][] = [
  ['extra.userId of AuthInfo', (person) => ({ auth: { ...SDK, extra: { userId: person } } })],
  ['extra.user_id of AuthInfo', (person) => ({ auth: { ...SDK, extra: { user_id: person } } })],
  ['extra.uid of AuthInfo', (person) => ({ auth: { ...SDK, extra: { uid: person } } })],
  ['extra.oid of AuthInfo', (person) => ({ auth: { ...SDK, extra: { oid: person, tid: 'tenant' } } })],
  ['extra.user.id of AuthInfo', (person) => ({ auth: { ...SDK, extra: { user: { id: person } } } })],
  ['extra.user as text of AuthInfo', (person) => ({ auth: { ...SDK, extra: { user: person } } })],
  ['extra.claims.sub of AuthInfo', (person) => ({ auth: { ...SDK, extra: { claims: { sub: person } } } })],
  ['extra.userInfo.sub of AuthInfo', (person) => ({ auth: { ...SDK, extra: { userInfo: { sub: person } } } })],
  ['AuthInfo of a client, beside a user', (person) => ({ auth: SDK, user: { id: person } })],
  [
    'payload of express-oauth2-jwt-bearer',
    (person) => ({ auth: { header: {}, payload: { sub: person }, token: 't' } }),
  ],
  ['claims of express-jwt', (person) => ({ auth: { sub: person, client_id: 'app' } })],
  ['the function of Clerk', (person) => ({ auth: () => ({ userId: person, sessionId: 's', sessionClaims: {} }) })],
  ['an OAuth token of Clerk', (person) => ({ auth: { id: `oat_${person}`, subject: person, clientId: 'app' } })],
  ['express-openid-connect', (person) => ({ oidc: { user: { sub: person, sid: 's' } } })],
  ['keycloak-connect', (person) => ({ kauth: { grant: { access_token: { content: { sub: person, azp: 'app' } } } } })],
  ['a profile of Passport', (person) => ({ user: { provider: 'github', id: person, displayName: 'X', _json: {} } })],
  ['a profile of passport-saml', (person) => ({ user: { issuer: 'https://idp', nameID: person } })],
  ['a user of Supabase', (person) => ({ user: { id: person, aud: 'authenticated', role: 'authenticated' } })],
  ['a token of Firebase', (person) => ({ user: { uid: person, sub: person, iss: 'https://securetoken' } })],
  [
    'AuthInfo with the client as sub, beside a user',
    (person) => ({ auth: { ...SDK, sub: 'app' }, user: { id: person } }),
  ],
  ['express-basic-auth', (person) => ({ auth: { user: person, password: 'p' } })],
];

describe('people who use one OAuth client are as many principals (R5)', () => {
  test.each(SHAPES)('%s', (_what, left) => {
    const [alice, bob] = [requestPrincipal(left('a-7')), requestPrincipal(left('b-8'))];
    expect([alice?.subject, bob?.subject]).toEqual(['a-7', 'b-8']);
    expect(ownerKey(alice)).not.toBe(ownerKey(bob));
  });

  test.each([
    ['a display name', { extra: { preferred_username: 'alice' } }, 'preferred_username'],
    ['a login', { extra: { login: 'alice' } }, 'login'],
    ['an email of another name', { extra: { emailAddress: 'a@example.com' } }, 'emailAddress'],
    ['a number of an employee', { extra: { employeeNumber: 'e-1' } }, 'employeeNumber'],
    ['a claim with a namespace', { extra: { 'https://example.com/user_email': 'a@example.com' } }, 'user_email'],
    ['a record without an id', { extra: { user: { nickname: 'al' } } }, 'user'],
    ['the session of a sign-in', { extra: { claims: { sid: 's-1' } } }, 'sid'],
    ['a scope of OpenID Connect', { scopes: ['openid', 'mcp'] }, 'scope'],
    ['a client as sub beside a user', { extra: { sub: 'app', username: 'alice' } }, 'username'],
    ['a client as sub beside a name', { extra: { sub: 'app', preferred_username: 'alice' } }, 'preferred_username'],
    ['a user in a session', { extra: { session: { userId: 'a-7' } } }, 'session.userId'],
    ['a user in a record of another name', { extra: { data: { user: { id: 'a-7' } } } }, 'data.user.id'],
    ['the claims of a token', { extra: { decoded: { sub: 'a-7' } } }, 'decoded.sub'],
    ['a list of identities', { extra: { identities: [{ user_id: 'a-7' }] } }, 'identities.user_id'],
    ['a map', { extra: { props: new Map([['userId', 'a-7']]) } }, 'props.userId'],
    ['a resource owner', { extra: { resource_owner_id: 'a-7' } }, 'resource_owner_id'],
    ['an id at another service', { extra: { githubId: 7 } }, 'githubId'],
    ['an actor', { extra: { act: { sub: 'a-7' } } }, 'act'],
    ['a blank subject', { extra: { sub: ' ' } }, 'sub'],
  ])('and are refused if only this indicates a user: %s', (_what, more, member) => {
    const asked = (): unknown => requestPrincipal({ auth: { ...SDK, ...more } });
    expect(asked).toThrow('names no subject');
    expect(asked).toThrow(member);
  });

  test.each([
    ['nothing else', {}],
    ['names of things', { extra: { client_name: 'Robot', tenantName: 'T', org_id: 'o', organization_name: 'O' } }],
    ['the grant', { extra: { gty: 'client-credentials', name: 'Robot' } }],
    ['itself as the user', { extra: { username: 'app', sub: 'app' } }],
    [
      'roles that are named after users',
      {
        extra: {
          realm_access: { roles: ['user'] },
          resource_access: { account: { roles: ['view-profile'] }, 'user-service': { roles: ['read'] } },
          permissions: { users: ['read'] },
          client: { id: 'app', name: 'Robot' },
        },
      },
    ],
    ['members that are empty', { extra: { sub: null, username: null, email: null } }],
  ])('while a client that acts for itself is its own subject: %s (RFC 9068, section 2.2)', (_what, more) => {
    expect(requestPrincipal({ auth: { ...SDK, ...more } })?.subject).toBe('app');
  });
});

describe('an id', () => {
  test.each([
    ['a number', { sub: 7 }, '7'],
    ['zero', { sub: 0 }, '0'],
    ['a bigint', { id: 9_007_199_254_740_993n }, '9007199254740993'],
  ])('may be %s', (_what, auth, subject) => {
    expect(requestPrincipal({ auth: { clientId: 'app', ...auth } })?.subject).toBe(subject);
  });

  test.each([
    ['an empty text', ''],
    ['a number that may be rounded', Number.MAX_SAFE_INTEGER + 1],
    ['a fraction', 7.5],
    ['no number', Number.NaN],
    ['a list', ['alice']],
    ['a record', { name: 'alice' }],
    ['true', true],
  ])('that is %s is refused, and the client does not replace it', (_what, sub) => {
    for (const left of [{ auth: { clientId: 'app', sub } }, { auth: { clientId: 'app', extra: { sub } } }]) {
      expect(() => requestPrincipal(left)).toThrow('names no subject: sub is neither a text nor an exact number');
    }
  });

  test('of two Passport providers belongs to two people', () => {
    const [one, other] = ['github', 'facebook'].map((provider) => requestPrincipal({ user: { provider, id: '7' } }));
    expect(ownerKey(one)).not.toBe(ownerKey(other));
  });
});

test.each([
  ['scp as a list', { scp: ['a', 'b'] }],
  ['scp as a text', { scp: 'a b' }],
  ['scope', { scope: 'a b' }],
])('scopes are read from the payload of a JWT by %s, with issuer, client and expiry', (_what, scopes) => {
  const payload = { iss: 'https://issuer', sub: 'alice', azp: 'app', exp: '99', ...scopes };
  expect(requestPrincipal({ auth: { header: {}, payload, token: 'secret' } })).toMatchObject({
    ...{ issuer: 'https://issuer', subject: 'alice', clientId: 'app', scopes: ['a', 'b'], expiresAt: 99 },
  });
});

test('credentials that middleware keeps beside the claims never become part of the principal', () => {
  const left = { sub: 'alice', token: 'secret', accessToken: 'secret', refresh_token: 'secret', password: 'secret' };
  expect(JSON.stringify(requestPrincipal({ auth: left }))).not.toContain('secret');
});
