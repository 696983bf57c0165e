import { describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { startOidc, TOKEN_KINDS } from './support/oidc.js';
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
