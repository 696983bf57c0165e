import { describe, expect, test } from '@jest/globals';
import { begin, headOf, SseStream, send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { eventually } from '../support/wait.js';
import { ClientStore } from './support/client-store.js';
import { expectingWarning, GRANT_REFUSED } from './support/expected-warnings.js';
import { authorized, OAUTH_DRIVERS, signIn, V2_SESSIONS } from './support/oauth-clients.js';
import { type Oidc, startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { startResources } from './support/resources.js';

const bearer = ({ accessToken }: ClientStore) => ({ authorization: `Bearer ${accessToken}` });

async function listenAlone(url: string, headers: { authorization: string }): Promise<SseStream> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { notifications: { toolsListChanged: true }, _meta };
  const request = begin(url, {
    headers: { ...headers, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    body: { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params },
  });
  const stream = new SseStream(request, await headOf(request));
  await stream.untilMessages(1);
  return stream;
}

/** Far below the default, which is longer than the tests wait for anything. */
const RECHECK_MS = 50;

async function start(): Promise<{ oidc: Oidc } & Awaited<ReturnType<typeof startResources>>> {
  const oidc = await startOidc({ tokens: 'opaque' });
  return { oidc, ...(await startResources(oidc, { options: { authRecheckMs: RECHECK_MS } })) };
}

test('a revoked token is 401, and its streams end; those of other users go on (R21, R45)', async () => {
  const { oidc, a } = await start();
  const [alice, bob] = [new ClientStore(), new ClientStore()];
  await signIn(V2_SESSIONS, { url: a, store: alice, person: new Person('alice') });
  await signIn(V2_SESSIONS, { url: a, store: bob, person: new Person('bob') });
  const session = await openSession(a, '2025-11-25', bearer(alice));
  const hers = [await session.listen(), await listenAlone(a, bearer(alice))];
  const his = await listenAlone(a, bearer(bob));

  await oidc.revoke(alice.accessToken, alice.clientId);
  for (const answer of [
    await session.post(ping()),
    await send(a, { body: initializeRequest(), headers: bearer(alice) }),
  ]) {
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  }
  expect(await Promise.all(hers.map((stream) => stream.untilClosed()))).toEqual(['end', 'end']);
  expect(his.closed).toBeUndefined();
  expect((await send(a, { body: initializeRequest(), headers: bearer(bob) })).status).toBe(200);
});

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('whose grant was revoked loses its stream, and is served again after a new sign-in alone (R21, R45)', async () => {
    const { oidc, a, router } = await start();
    const [person, store] = [new Person('alice'), new ClientStore()];
    const client = await signIn(driver, { url: a, store, person });
    await client.listen();
    expect((await router.stats()).streams).toBe(1);
    await oidc.revoke(store.refreshToken, store.clientId);
    await eventually('its stream has ended', async () => (await router.stats()).streams === 0);
    const calling = expectingWarning(GRANT_REFUSED, () => client.callTool('who-am-i'));
    await authorized(driver, client, person, calling);
    expect(store.authorizations).toHaveLength(2);
    expect((await client.callTool('who-am-i')).content[0].text).toContain('"alice"');
  });
});
