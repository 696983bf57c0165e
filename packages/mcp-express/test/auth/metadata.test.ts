import { describe, expect, test } from '@jest/globals';
import { bearerAuth, type ExpressAuthentication } from 'mcp-express/auth';
import { send } from '../support/raw-client.js';
import { protect } from './support/protected-server.js';

function authAt(resource: string, more: object = {}): ExpressAuthentication {
  return bearerAuth({
    verify: async () => undefined,
    resource,
    authorizationServers: ['https://id.example.com/'],
    ...more,
  });
}

describe('the metadata of the protected resource (R10, RFC 9728)', () => {
  test.each([
    ['https://mcp.example.com/a/mcp', '/.well-known/oauth-protected-resource/a/mcp'],
    ['https://mcp.example.com:8443/b/mcp', '/.well-known/oauth-protected-resource/b/mcp'],
    ['https://mcp.example.com', '/.well-known/oauth-protected-resource'],
    ['https://mcp.example.com/', '/.well-known/oauth-protected-resource'],
    ['HTTPS://MCP.example.com/Mcp', '/.well-known/oauth-protected-resource/Mcp'],
  ])('of %s is at its own path and has the URL byte for byte', async (resource, path) => {
    const auth = authAt(resource, { scopesSupported: ['mcp:use'], metadata: { resource_name: 'Shop' } });
    expect(auth.metadata?.path).toBe(path);
    expect(auth.metadata?.url).toBe(new URL(path, resource).href);
    const { url } = await protect(auth);
    const document = {
      resource,
      authorization_servers: ['https://id.example.com/'],
      scopes_supported: ['mcp:use'],
      bearer_methods_supported: ['header'],
      resource_name: 'Shop',
    };
    for (const asked of [path, `${path}/`, `${path}?x=1`, '/.well-known/oauth-protected-resource']) {
      const answer = await fetch(url + asked);
      expect([asked, answer.status, answer.headers.get('content-type')]).toEqual([
        asked,
        200,
        expect.stringMatching(/^application\/json\b/),
      ]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
      expect(await answer.json()).toEqual(document);
    }
  });

  test('answers HEAD and the preflights of browsers, and nothing else (R27)', async () => {
    const { url } = await protect(authAt('https://mcp.example.com/mcp'));
    const at = `${url}/.well-known/oauth-protected-resource/mcp`;
    const head = await send(at, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    const preflight = await send(at, { method: 'OPTIONS', headers: { origin: 'https://page.example' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': '*, Authorization',
    });
    const post = await send(at, { method: 'POST', body: '{}' });
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  test('is for its own path alone', async () => {
    const { url } = await protect(authAt('https://mcp.example.com/mcp'));
    expect((await fetch(`${url}/.well-known/oauth-protected-resource/other`)).status).toBe(404);
  });

  test('is not published without an authorization server', async () => {
    const auth = bearerAuth({ verify: async () => undefined, resource: 'https://mcp.example.com/mcp' });
    expect(auth.metadata).toBe(undefined);
    const { url } = await protect(auth);
    expect((await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404);
  });

  test('advertises DPoP if configured (RFC 9449)', () => {
    const auth = authAt('https://mcp.example.com/mcp', { dpop: { required: true, algorithms: ['ES256'] } });
    expect(auth.metadata?.document).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256'],
      dpop_bound_access_tokens_required: true,
    });
  });
});
