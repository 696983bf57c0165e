import { expect, test } from '@jest/globals';
import type { Request, Response } from './authentication.js';
import { bearerAuth } from './bearer-auth.js';
import { ownerKey, type Principal } from './principal.js';
import { requestPrincipal } from './request-principal.js';

test.each([
  ['no more than a subject', { subject: 'alice' }],
  ['everything', { subject: 'alice', issuer: 'i', clientId: 'c', scopes: ['a'], expiresAt: 9_999_999_999 }],
  ['an extra that names another user', { subject: 'robot', extra: { username: 'alice', email: 'a@b', id: 7 } }],
  ['an extra that has another subject', { subject: 'robot', extra: { sub: 'alice' } }],
] as [string, Principal][])(
  'a principal left on the request is read again as the same: %s (R5)',
  async (_what, principal) => {
    const auth = bearerAuth({ verify: async () => principal });
    const headers = { authorization: 'Bearer x' };
    const request = { headers, rawHeaders: ['Authorization', 'Bearer x'], url: '/mcp' } as unknown as Request;
    await new Promise<void>((resolve) => auth.middleware(request, {} as Response, () => resolve()));
    expect(ownerKey(requestPrincipal(request))).toBe(ownerKey(principal));
    expect(requestPrincipal(request)?.scopes).toEqual(principal.scopes);
  },
);
