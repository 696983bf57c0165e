import { describe, expect, test } from '@jest/globals';
import { McpError } from 'mcp-express';
import { bearerAuth, type VerifyToken } from 'mcp-express/auth';
import { RESOURCE } from './support/authorization-server.js';
import { protect } from './support/protected-server.js';

const METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/a/mcp';

const people: Record<string, Awaited<ReturnType<VerifyToken>>> = {
  reader: { subject: 'alice', scopes: ['mcp:use', 'read', 'offline_access'] },
  stranger: { subject: 'bob', scopes: ['other'] },
  expired: { subject: 'carol', scopes: ['mcp:use'], expiresAt: 1 },
  admin: { subject: 'dora', scopes: ['admin'] },
  nobody: { subject: '' },
};

const auth = bearerAuth({
  verify: async (token) => {
    if (token === 'broken') throw new Error('the database is gone');
    if (token === 'explained') throw new McpError('unauthorized', 'Signed "out" \\ of here\r\nX-Evil: 1 ☃');
    if (token === 'indiscreet') throw new McpError('unauthorized', 'I do not know indiscreet');
    return people[token];
  },
  resource: RESOURCE,
  authorizationServers: ['https://id.example.com'],
  scopes: ['mcp:use'],
  scopesSupported: ['mcp:use', 'read'],
  impliedScopes: { admin: ['mcp:use', 'write'] },
});

describe('a request is refused with the right challenge (R46, RFC 6750, RFC 9728)', () => {
  test.each([
    ['nothing', undefined, 401, `Bearer scope="mcp:use", resource_metadata="${METADATA}"`],
    ['another scheme', 'Basic YTpi', 401, `Bearer scope="mcp:use", resource_metadata="${METADATA}"`],
    ['an unknown token', 'Bearer x', 401, said('invalid_token', 'The access token is not valid')],
    ['no token', 'Bearer', 401, said('invalid_token', 'The access token is malformed')],
    ['two tokens in one', 'Bearer a, Bearer b', 401, said('invalid_token', 'The access token is malformed')],
    ['a token too long', `Bearer ${'x'.repeat(8193)}`, 401, said('invalid_token', 'The access token is too long')],
    ['an expired token', 'bearer expired', 401, said('invalid_token', 'The access token expired')],
    ['a token of nobody', 'Bearer nobody', 401, said('invalid_token', 'The access token is not valid')],
    [
      'a token whose verifier says why, with what could break out of a header',
      'Bearer explained',
      401,
      said('invalid_token', 'Signed \\"out\\" \\\\ of here??X-Evil: 1 ?'),
    ],
    [
      'a token whose verifier repeats it',
      'Bearer indiscreet',
      401,
      said('invalid_token', 'The access token was refused'),
    ],
    [
      'a token without the scopes of the endpoint',
      'Bearer stranger',
      403,
      `Bearer error="insufficient_scope", error_description="Needed: mcp:use", scope="other mcp:use", resource_metadata="${METADATA}"`,
    ],
  ])('%s', async (_what, authorization, status, challenge) => {
    const answer = await (await protect(auth)).call(authorization);
    expect(answer.status).toBe(status);
    expect(answer.headers['www-authenticate']).toBe(challenge);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: {
        code: -32000,
        message: expect.any(String),
        data: expect.objectContaining({ reason: expect.any(String) }),
      },
    });
    expect(answer.headers['x-evil']).toBe(undefined);
  });

  test('the caller is let in with what it was granted, and nothing of the token', async () => {
    const answer = await (await protect(auth)).call('Bearer reader');
    expect(answer.json).toEqual({ subject: 'alice', scopes: ['mcp:use', 'read', 'offline_access'] });
  });

  test('a broader scope has those it implies', async () => {
    const answer = await (await protect(auth)).call('Bearer admin');
    expect(answer.json).toEqual({ subject: 'dora', scopes: ['admin', 'mcp:use', 'write'] });
  });

  test('stepping up asks for what is held, what every request needs and what this call needs', () => {
    const refused = auth.insufficientScope(['read', 'offline_access', 'bad"scope'], ['write', 'read']);
    expect(refused.status).toBe(403);
    expect(refused.headers).toEqual({
      'WWW-Authenticate': `Bearer error="insufficient_scope", error_description="Needed: mcp:use write read", scope="read mcp:use write", resource_metadata="${METADATA}"`,
    });
  });

  test('a verifier that fails is 503, neither 401 nor let in', async () => {
    const answer = await (await protect(auth)).call('Bearer broken');
    expect(answer.status).toBe(503);
    expect(answer.headers['www-authenticate']).toBe(undefined);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.text).not.toContain('database');
  });
});

describe('a token is taken from one Authorization header and nowhere else', () => {
  test('not twice', async () => {
    const { call } = await protect(auth);
    const answer = await call(undefined, { headers: { authorization: ['Bearer reader', 'Bearer reader'] } });
    expect(answer.status).toBe(400);
    expect(answer.headers['www-authenticate']).toBe(
      said('invalid_request', 'The request has several Authorization headers'),
    );
  });

  test.each([undefined, 'Bearer reader'])('not from the query, with %s beside it', async (authorization) => {
    const { url } = await protect(auth);
    const answer = await fetch(`${url}/mcp?x=1&access_token=reader`, {
      method: 'POST',
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('www-authenticate')).toBe(
      said('invalid_request', 'An access token is taken from the Authorization header only'),
    );
  });
});

test('with a realm and without a resource, the challenge contains only the realm', async () => {
  const plain = bearerAuth({ verify: async () => undefined, realm: 'the "shop"' });
  const { call } = await protect(plain);
  expect((await call()).headers['www-authenticate']).toBe('Bearer realm="the \\"shop\\""');
  expect(plain.metadata).toBe(undefined);
});

function said(error: string, description: string): string {
  return `Bearer error="${error}", error_description="${description}", scope="mcp:use", resource_metadata="${METADATA}"`;
}
