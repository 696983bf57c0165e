import { describe, expect, test } from '@jest/globals';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { startOidc, TOKEN_KINDS } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, startResources, USE } from './support/resources.js';

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test.each(TOKEN_KINDS)('calls a tool as the user who signed in, with %s tokens (R5, R41)', async (tokens) => {
    const oidc = await startOidc({ tokens });
    const { a } = await startResources(oidc);
    const people = ['alice', 'bob'].map((login) => ({ person: new Person(login), store: new ClientStore() }));
    const clients = await Promise.all(people.map(({ person, store }) => signIn(driver, { url: a, store, person })));
    const seen = await Promise.all(clients.map(async (client) => principalIn(await client.callTool('who-am-i'))));
    expect(seen).toEqual(
      people.map(({ person, store }) => ({
        issuer: oidc.issuer,
        subject: person.login,
        clientId: store.clientId,
        scopes: [USE],
      })),
    );
  });
});
