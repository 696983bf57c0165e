import { expect, test } from '@jest/globals';
import { McpError } from '../protocol/errors.js';
import type { Request } from './authentication.js';
import { principalOf, verifiedToken, verifierOf } from './verify.js';

const sent = { token: 'secret-token', request: {} as Request, target: { audiences: [] }, now: 5000 };

test.each([
  ['an error', () => Promise.reject(new Error('no row for secret-token'))],
  [
    'an error thrown at once',
    () => {
      throw new Error('no row for secret-token');
    },
  ],
  ['a text', () => Promise.reject('secret-token')],
  ['a refusal', () => Promise.reject(new McpError('unauthorized', 'secret-token is unknown'))],
])('errors of a verifier never contain the token: %s', async (_what, verify: () => Promise<undefined>) => {
  const thrown = await verifiedToken(verifierOf(verify), sent).catch((reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(McpError);
  const { message, stack, cause } = thrown as McpError;
  expect(`${message} ${stack} ${String(cause)} ${(cause as Error | undefined)?.stack}`).not.toContain('secret-token');
});

test.each([undefined, null, {}, { subject: 7 }, { subject: '' }, 'alice', true])(
  '%j has no subject',
  async (verified) => {
    expect(
      await verifiedToken(
        verifierOf(async () => verified as never),
        sent,
      ),
    ).toBe(undefined);
  },
);

test.each([5, 4, -1, Number.NaN, null, 'later'])('a valid token is refused if it expired at %p', async (expiresAt) => {
  const verify = async () => ({ subject: 'alice', expiresAt: expiresAt as number });
  await expect(verifiedToken(verifierOf(verify), sent)).rejects.toThrow('The access token expired');
});

test('a principal contains nothing of the token', () => {
  const extra = { token: 'secret-token', team: 'ops' };
  const verified = { subject: 'alice', extra, confirmation: { jkt: 'x' }, token: 'secret-token' };
  expect(principalOf(verified, 'secret-token', undefined)).toEqual({ subject: 'alice', extra: { team: 'ops' } });
});
