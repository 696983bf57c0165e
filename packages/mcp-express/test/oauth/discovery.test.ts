import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS } from './support/oauth-clients.js';
import { type Oidc, SCOPES, startOidc } from './support/oidc.js';
import { type Resources, startResources, USE } from './support/resources.js';

async function start(): Promise<Resources & { readonly oidc: Oidc; readonly documentUrl: string }> {
  const oidc = await startOidc();
  const resources = await startResources(oidc);
  return { ...resources, oidc, documentUrl: `${resources.origin}/.well-known/oauth-protected-resource/a/mcp` };
}

test('each answer leads to the next: 401, protected resource, authorization server (R10)', async () => {
  const { a, oidc, documentUrl } = await start();
  const refused = await send(a, { body: initializeRequest() });
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([
    401,
    `Bearer scope="${USE}", resource_metadata="${documentUrl}"`,
  ]);
  const document = (await send(documentUrl, { method: 'GET' })).json;
  expect(document).toMatchObject({ resource: a, authorization_servers: [oidc.issuer] });
  const [server] = document.authorization_servers;
  const metadata = (await send(`${server}/.well-known/oauth-authorization-server`, { method: 'GET' })).json;
  expect(metadata).toMatchObject({
    issuer: oidc.issuer,
    code_challenge_methods_supported: ['S256'],
    scopes_supported: expect.arrayContaining(SCOPES),
  });
});

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('finds the authorization server from the URL of the endpoint alone, without a guess (R10)', async () => {
    const { a, oidc, documentUrl } = await start();
    const store = new ClientStore();
    const client = driver.open(a, store);
    const thrown = await client.connect().catch((reason: unknown) => reason);
    expect(driver.isUnauthorized(thrown)).toBe(true);
    expect(client.requests.filter(({ method }) => method === 'GET').map(({ url }) => url)).toEqual([
      documentUrl,
      `${oidc.issuer}/.well-known/oauth-authorization-server`,
    ]);
    expect(store.discovery?.resourceMetadata?.resource).toBe(a);
    const [authorization] = store.authorizations;
    expect(authorization?.origin).toBe(oidc.issuer);
    expect(authorization?.searchParams.get('scope')?.split(' ')).toContain(USE);
  });
});
