import { describe, expect, test } from '@jest/globals';
import { createTokenlessClient } from 'float-api';
import { failureOf } from '../../../../packages/float-api/test/support/failure.js';
import { type Account, Accounts } from './accounts.js';

const ISSUER = 'https://id.acme.com';

function accountsWith(shared?: string) {
  const opened: string[] = [];
  const accounts = new Accounts({
    tokens: [
      { subject: 'ann', token: 'token-of-ann' },
      { subject: 'bob', token: 'token-of-bob' },
      { subject: 'bea', token: 'token-of-bob' },
      { issuer: ISSUER, subject: 'ann', token: 'token-of-ann-at-acme' },
    ],
    shared,
    open: (token) => {
      opened.push(token);
      return createTokenlessClient(token);
    },
  });
  return { accounts, opened };
}

const saidBy = async ({ api }: Account) => (await failureOf(api.listAll('people'))).message;

describe('token selection', () => {
  test('that of the subject, with the issuer where one is named', async () => {
    const { accounts } = accountsWith('key-of-all');
    expect(await saidBy(accounts.of({ subject: 'ann' }))).toMatch(/^token-of-ann \(/);
    expect(await saidBy(accounts.of({ issuer: ISSUER, subject: 'ann' }))).toMatch(/^token-of-ann-at-acme /);
    expect(await saidBy(accounts.of({ issuer: 'https://elsewhere.com', subject: 'ann' }))).toMatch(/^token-of-ann \(/);
    expect(await saidBy(accounts.of({ subject: 'Ann' }))).toMatch(/^key-of-all /);
    expect(await saidBy(accounts.of(undefined))).toMatch(/^key-of-all /);
  });

  test('without a shared token, a caller without one is rejected by name before anything is sent', async () => {
    const { accounts, opened } = accountsWith();
    const error = await failureOf(accounts.of({ subject: 'eve' }).api.create('clients', { name: 'x' }));
    expect(error).toMatchObject({ code: 'no-token' });
    expect(error.message).toBe('this server has no Float token for "eve" (POST /clients)');
    expect(await saidBy(accounts.of(undefined))).toMatch(/no Float token for callers who do not sign in/);
    expect(opened).toEqual([]);
  });

  test('each has a client of its own, opened once; the same token is the same account', () => {
    const { accounts, opened } = accountsWith();
    const [ann, bob, bea] = ['ann', 'bob', 'bea'].map((subject) => accounts.of({ subject }));
    expect(accounts.of({ subject: 'ann' })).toBe(ann);
    expect(bea).toBe(bob);
    expect(ann?.api).not.toBe(bob?.api);
    expect(opened).toEqual(['token-of-ann', 'token-of-bob']);
    // Its key identifies the account and does not reveal the token.
    expect(ann?.key).not.toContain('token');
    expect(accounts.byKey(String(ann?.key))).toBe(ann);
  });
});
