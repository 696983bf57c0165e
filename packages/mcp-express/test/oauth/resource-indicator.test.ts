import { createHash } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { ClientStore, REDIRECT_URL } from './support/client-store.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { type Oidc, startOidc, TOKEN_KINDS } from './support/oidc.js';
import { Person } from './support/person.js';
import { startResources } from './support/resources.js';

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test.each(TOKEN_KINDS)('has %s tokens for the endpoint it asked for, and no other (R10)', async (tokens) => {
    const { a, b, origin } = await startResources(await startOidc({ tokens }));
    const people = [a, b].map((url) => ({ url, store: new ClientStore(), person: new Person('alice') }));
    await Promise.all(people.map((given) => signIn(driver, given)));
    for (const { url, store } of people) {
      expect(store.authorizations[0]?.searchParams.get('resource')).toBe(url);
      if (tokens === 'jwt') expect(decodeJwt(store.accessToken).aud).toBe(url);
    }
    const headers = { authorization: `Bearer ${people[1]?.store.accessToken}` };
    const refused = await send(a, { body: initializeRequest(), headers });
    const challenge = [
      'Bearer error="invalid_token", error_description="The access token is for another resource"',
      'scope="mcp:use"',
      `resource_metadata="${origin}/.well-known/oauth-protected-resource/a/mcp"`,
    ];
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, challenge.join(', ')]);
    expect((await send(b, { body: initializeRequest(), headers })).status).toBe(200);
  });
});

const VERIFIER = 'a-verifier-that-only-this-client-has-of-enough-characters';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

/** A client that asks for an ID token too, as libraries for OpenID Connect do. */
async function registered({ issuer }: Oidc): Promise<string> {
  const client = { redirect_uris: [REDIRECT_URL], grant_types: ['authorization_code', 'refresh_token'] };
  const answer = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...client, token_endpoint_auth_method: 'none' }),
  });
  return ((await answer.json()) as { client_id: string }).client_id;
}

function authorize({ issuer }: Oidc, client: string, resource: string): Promise<URL> {
  const url = new URL(`${issuer}/auth`);
  const asked = {
    client_id: client,
    response_type: 'code',
    redirect_uri: REDIRECT_URL,
    scope: 'openid mcp:use',
    resource,
  };
  const proof = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  for (const [name, value] of Object.entries({ ...asked, ...proof })) url.searchParams.set(name, value);
  return new Person('alice').authorize(url, REDIRECT_URL);
}

async function tokens({ issuer }: Oidc, given: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(given) });
  return (await answer.json()) as Record<string, string>;
}

describe('what docs/guides/oidc-provider.md says of oidc-provider (R10)', () => {
  test('without getResourceServerInfo it refuses every client that names its resource', async () => {
    const notices = jest.spyOn(console, 'warn').mockImplementation(() => {});
    onCleanup(() => notices.mockRestore());
    const oidc = await startOidc({ resources: 'unknown' });
    const { a } = await startResources(oidc);
    const callback = await authorize(oidc, await registered(oidc), a);
    expect(callback.searchParams.get('error')).toBe('invalid_target');
  });

  test.each([
    ['known', 200],
    ['forgotten at refresh', 401],
  ] as const)('a refresh that does not name its resource again, where that is %s: %i', async (resources, status) => {
    const oidc = await startOidc({ resources });
    const { a } = await startResources(oidc);
    const client = await registered(oidc);
    const code = String((await authorize(oidc, client, a)).searchParams.get('code'));
    const exchange = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URL, code_verifier: VERIFIER };
    const first = await tokens(oidc, { ...exchange, client_id: client, resource: a });
    const statusOf = async (given: Record<string, string>): Promise<number> => {
      const headers = { authorization: `Bearer ${given['access_token']}` };
      return (await send(a, { body: initializeRequest(), headers })).status;
    };
    expect(await statusOf(first)).toBe(200);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first['refresh_token']), client_id: client };
    expect(await statusOf(await tokens(oidc, refresh))).toBe(status);
  });
});
