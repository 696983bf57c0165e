import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { authorized, OAUTH_DRIVERS, signIn, V2_SESSIONS } from './support/oauth-clients.js';
import { startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, startResources, USE, WRITE } from './support/resources.js';

test('a tool that needs a scope is 403 with all that the next token should have, before it runs (R46)', async () => {
  const { a, origin, orders } = await startResources(await startOidc());
  const store = new ClientStore();
  await signIn(V2_SESSIONS, { url: a, store, person: new Person('alice') });
  const session = await openSession(a, '2025-11-25', { authorization: `Bearer ${store.accessToken}` });
  const refused = await session.post(toolCall('order', {}));
  const challenge = [
    `Bearer error="insufficient_scope", error_description="Needed: ${USE} ${WRITE}"`,
    `scope="${USE} ${WRITE}"`,
    `resource_metadata="${origin}/.well-known/oauth-protected-resource/a/mcp"`,
  ];
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([403, challenge.join(', ')]);
  expect(orders.count).toBe(0);
  expect((await send(a, { body: toolCall('order', {}) })).headers['www-authenticate']).not.toContain('error=');
});

/** The 1.x client answers a missing scope with its refresh token, where it has one, and that brings the same scopes. */
const GRANTS = {
  '1.x': { grantTypes: ['authorization_code'] },
  '2.x': {},
} as const;

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('asks its user for the missing scope, keeps those it had, and is served (R46)', async () => {
    const { a, orders } = await startResources(await startOidc());
    const store = new ClientStore(GRANTS[driver.name.includes('1.x') ? '1.x' : '2.x']);
    const person = new Person('alice');
    const client = await signIn(driver, { url: a, store, person });
    const session = client.sessionId;

    await authorized(driver, client, person, client.callTool('order'));
    expect(orders.count).toBe(0);
    expect(store.authorizations).toHaveLength(2);
    expect(store.authorizations[1]?.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining([USE, WRITE]),
    );
    expect(person.pages.at(-1)).toMatchObject({ asks: 'consent', scopes: expect.arrayContaining([USE, WRITE]) });

    expect((await client.callTool('order')).content[0].text).toBe('ordered');
    expect(orders.count).toBe(1);
    expect(principalIn(await client.callTool('who-am-i'))['scopes']).toEqual([USE, WRITE]);
    expect(client.sessionId).toBe(session);
    expect(client.requests.filter(({ status }) => status === 403)).toHaveLength(1);
  });
});
