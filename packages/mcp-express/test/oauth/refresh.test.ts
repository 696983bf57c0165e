import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS, type OAuthClient, signIn } from './support/oauth-clients.js';
import { startOidc, TOKEN_KINDS } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, startResources } from './support/resources.js';

const handshakes = ({ requests }: OAuthClient): number =>
  requests.filter(({ body }) => /"method":"(initialize|server\/discover)"/.test(body)).length;

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test.each(TOKEN_KINDS)('goes on with the next of its %s tokens, in the same session (R5, R21)', async (tokens) => {
    const oidc = await startOidc({ tokens });
    let later = 0;
    const { a, router } = await startResources(oidc, { now: () => Date.now() + later });
    const [person, store] = [new Person('alice'), new ClientStore()];
    const client = await signIn(driver, { url: a, store, person });
    const before = principalIn(await client.callTool('who-am-i'));
    const [session, asked] = [client.sessionId, handshakes(client)];
    const first = store.accessToken;

    // The first token has expired for the resource server then, and the next, which lives longer, has not.
    later = (oidc.tokenLife + 60) * 1000;
    oidc.tokenLife *= 10;
    expect(principalIn(await client.callTool('who-am-i'))).toEqual(before);

    expect(client.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(store.given).toHaveLength(2);
    expect(store.accessToken).not.toBe(first);
    expect(person.pages).toHaveLength(2);
    expect([client.sessionId, handshakes(client)]).toEqual([session, asked]);
    expect((await router.stats()).sessions).toBe(driver.era === 'modern' ? 0 : 1);

    const refused = await send(a, { body: initializeRequest(), headers: { authorization: `Bearer ${first}` } });
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
  });
});
