import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ClientStore, REDIRECT_URL } from './support/client-store.js';
import { expectingWarning, GRANT_REFUSED } from './support/expected-warnings.js';
import { authorized, OAUTH_DRIVERS, V2_SESSIONS } from './support/oauth-clients.js';
import { startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { startResources } from './support/resources.js';

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('is given a code after login and consent, and tokens for the code and its verifier (R10)', async () => {
    const oidc = await startOidc();
    const { a } = await startResources(oidc);
    const [person, store] = [new Person('alice'), new ClientStore()];
    const client = driver.open(a, store);
    const callback = await authorized(driver, client, person, client.connect());
    expect(person.pages.map(({ asks, client: id, resource }) => [asks, id, resource])).toEqual([
      ['login', store.clientId, a],
      ['consent', store.clientId, a],
    ]);
    const asked = store.authorizations[0]?.searchParams;
    const challenge = createHash('sha256').update(store.codeVerifier()).digest('base64url');
    expect([asked?.get('code_challenge_method'), asked?.get('code_challenge')]).toEqual(['S256', challenge]);
    expect(callback.searchParams.get('state')).toBe(asked?.get('state'));
    expect(callback.searchParams.get('iss')).toBe(oidc.issuer);
    expect(store.given).toHaveLength(1);
  });

  test('is given nothing for the code with the verifier of somebody else (R10)', async () => {
    const { a } = await startResources(await startOidc());
    const [person, store] = [new Person('alice'), new ClientStore()];
    const client = driver.open(a, store);
    await client.connect().catch(() => {});
    const callback = await person.authorize(store.authorizations[0] as URL, REDIRECT_URL);
    store.saveCodeVerifier('v'.repeat(43));
    await expectingWarning(GRANT_REFUSED, () => expect(client.finish(callback)).rejects.toThrow());
    expect(store.given).toEqual([]);
  });
});

test('a person who says no leaves the client without tokens, and with the reason (R10)', async () => {
  const { a } = await startResources(await startOidc());
  const store = new ClientStore();
  const client = V2_SESSIONS.open(a, store);
  const refusing = authorized(V2_SESSIONS, client, new Person('alice', 'no'), client.connect());
  await expect(refusing).rejects.toThrow('The person said no');
  expect(store.given).toEqual([]);
});
