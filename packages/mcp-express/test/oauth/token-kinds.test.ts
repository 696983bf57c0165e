import { expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { signIn, V2_MODERN } from './support/oauth-clients.js';
import { type Oidc, startOidc, type TokenKind } from './support/oidc.js';
import { Person } from './support/person.js';
import { type Resources, startResources } from './support/resources.js';

async function start(tokens: TokenKind): Promise<{ oidc: Oidc; resources: Resources; store: ClientStore }> {
  const oidc = await startOidc({ tokens });
  const resources = await startResources(oidc);
  const store = new ClientStore();
  const client = await signIn(V2_MODERN, { url: resources.a, store, person: new Person('alice') });
  for (let count = 0; count < 3; count += 1) await client.callTool('who-am-i');
  return { oidc, resources, store };
}

const times = ({ asked }: Oidc, what: string): number => asked.filter((one) => one === what).length;

function initialize(url: string, token: string) {
  return send(url, { body: initializeRequest(), headers: { authorization: `Bearer ${token}` } });
}

test('JWTs are checked with the keys that the issuer names, read once; nobody is asked about them (R10)', async () => {
  const { oidc, resources, store } = await start('jwt');
  expect([times(oidc, 'GET /jwks'), times(oidc, 'POST /token/introspection')]).toEqual([1, 0]);
  const [head, payload, signature = ''] = store.accessToken.split('.');
  const forged = [head, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
  expect((await initialize(resources.a, forged)).status).toBe(401);
});

test('opaque tokens are asked about at the issuer, each time where nothing is kept (R21)', async () => {
  const { oidc, resources } = await start('opaque');
  expect(times(oidc, 'GET /jwks')).toBe(0);
  expect(times(oidc, 'POST /token/introspection')).toBeGreaterThanOrEqual(3);
  expect((await initialize(resources.a, 'made-up')).status).toBe(401);
});

test('a JWT where tokens are opaque is a token that is not valid, and no failure of the issuer (R21)', async () => {
  const { store } = await start('jwt');
  const { a } = await startResources(await startOidc({ tokens: 'opaque' }));
  const refused = await initialize(a, store.accessToken);
  expect(refused.status).toBe(401);
  expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
});
