import { describe, expect, test } from '@jest/globals';
import { ClientStore, REDIRECT_URL } from './support/client-store.js';
import { expectingWarning } from './support/expected-warnings.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, startResources } from './support/resources.js';
import { startTls, trustingFetch } from './support/tls.js';

/** A client that published who it is, at the URL that is its id. */
async function publish(): Promise<{ clientId: string; asked: string[] }> {
  const asked: string[] = [];
  const origin = await startTls((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const document = {
      client_id: clientId,
      client_name: 'official',
      redirect_uris: [REDIRECT_URL],
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  const clientId = `${origin}/clients/official.json`;
  return { clientId, asked };
}

/** The provider looks for the agent of Node where a test has none; what it would watch is replaced here anyway. */
const NO_AGENT = 'failed to setup SSRF protection';

describe.each(OAUTH_DRIVERS)('$name', (driver) => {
  test('is who its document says, without registering: the URL is the client of the principal (R5, R10)', async () => {
    const { clientId, asked } = await publish();
    const oidc = await startOidc({ fetch: trustingFetch });
    const { a } = await startResources(oidc);
    const [person, store] = [new Person('alice'), new ClientStore({ clientMetadataUrl: clientId })];
    const client = await expectingWarning(NO_AGENT, () => signIn(driver, { url: a, store, person }));
    expect(principalIn(await client.callTool('who-am-i'))).toMatchObject({ subject: 'alice', clientId });
    expect(asked).toEqual(['GET /clients/official.json']);
    expect(oidc.asked).not.toContain('POST /reg');
  });
});
