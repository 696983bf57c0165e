import { beforeEach, describe, expect, test } from '@jest/globals';
import { initializeRequest } from '../support/session.js';
import { ClientStore } from './support/client-store.js';
import { OAUTH_DRIVERS, signIn } from './support/oauth-clients.js';
import { startOidc } from './support/oidc.js';
import { Person } from './support/person.js';
import { principalIn, type Resources, startResources } from './support/resources.js';
import { startTlsProxy, trustingFetch } from './support/tls.js';

const PREFIX = '/behind';

let outside: string;
let resources: Resources;

/** `/a/mcp` outside is `/behind/a/mcp` inside; where the metadata is, is left as it is. */
beforeEach(async () => {
  outside = await startTlsProxy(
    () => resources.origin,
    (path) => (path.startsWith('/.well-known/') ? path : `${PREFIX}${path}`),
  );
  resources = await startResources(await startOidc(), { outside, prefix: PREFIX });
});

function post(url: string, token?: string): Promise<Response> {
  return trustingFetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(initializeRequest()),
  });
}

describe.each(['/a/mcp', '/b/mcp'])('%s behind a proxy with TLS that rewrites host and path', (path) => {
  test('is the resource that clients know it as, byte for byte (R10)', async () => {
    const refused = await post(`${outside}${path}`);
    const documentUrl = `${outside}/.well-known/oauth-protected-resource${path}`;
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer scope="mcp:use", resource_metadata="${documentUrl}"`,
    ]);
    const answer = await trustingFetch(documentUrl);
    const { resource } = (await answer.json()) as { resource: string };
    expect([answer.status, resource]).toEqual([200, `${outside}${path}`]);
  });

  test.each(OAUTH_DRIVERS)('is where $name signs in and calls (R10)', async (driver) => {
    const [url, store] = [`${outside}${path}`, new ClientStore()];
    const client = await signIn(driver, { url, store, person: new Person('alice'), fetching: trustingFetch });
    expect(principalIn(await client.callTool('who-am-i'))).toMatchObject({ subject: 'alice' });
    const other = path === '/a/mcp' ? '/b/mcp' : '/a/mcp';
    const refused = await post(`${outside}${other}`, store.accessToken);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('error="invalid_token"'),
    ]);
    await refused.body?.cancel();
  });
});
