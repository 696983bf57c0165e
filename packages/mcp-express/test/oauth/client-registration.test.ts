import { describe, expect, test } from '@jest/globals';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, startResources } from './support/resources.js';

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('registers itself once, and its tokens are of the client it became (R5, R10)', async () => {
    const oidc = await startOidc();
    const { a } = await startResources(oidc);
    const [person, store] = [new Person('alice'), new ClientStore()];
    const client = await signIn(driver, { url: a, store, person });
    expect(principalIn(await client.callTool('who-am-i'))).toMatchObject({
      subject: 'alice',
      clientId: store.clientId,
    });
    store.invalidateCredentials('tokens');
    await signIn(driver, { url: a, store, person });
    expect(oidc.asked.filter((asked) => asked === 'POST /reg')).toHaveLength(1);
  });

  test('twice, for the same user, is two principals: neither has the sessions of the other (R5)', async () => {
    const { a, router } = await startResources(await startOidc());
    const stores = [new ClientStore(), new ClientStore()];
    const clients = await Promise.all(
      stores.map((store) => signIn(driver, { url: a, store, person: new Person('alice') })),
    );
    const ids = await Promise.all(clients.map(async (client) => principalIn(await client.callTool('who-am-i'))));
    expect(new Set(ids.map(({ subject }) => subject)).size).toBe(1);
    expect(new Set(ids.map(({ clientId }) => clientId)).size).toBe(2);
    if (driver.era === 'modern') return;
    const [first, second] = clients;
    const answer = await fetch(a, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${second?.store.accessToken}`, 'mcp-session-id': String(first?.sessionId) },
    });
    await answer.body?.cancel();
    expect([answer.status, (await router.stats()).sessions]).toEqual([404, 2]);
  });
});
