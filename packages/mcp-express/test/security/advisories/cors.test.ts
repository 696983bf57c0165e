import { expect, test } from '@jest/globals';
import type { RouterOptions } from 'mcp-express';
import { requestAlone } from '../../spec/modern/client.js';
import { type RawAnswer, type RawRequest, send } from '../../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../../support/session.js';
import { testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';
import { ALICE, bearer, startGuarded } from './two-principals.js';

const NAMED = 'https://app.example';
const json = { 'content-type': 'application/json' };

/** Requests of every kind, from a page of this origin; and the status each has from a page that may send it. */
async function answersTo(origin: string | undefined, options: RouterOptions): Promise<[number, RawAnswer][]> {
  const { url } = await startGuarded(testServer(), { maxBodyBytes: 2_000, ...options });
  const session = await openSession(url, undefined, ALICE);
  const asked: readonly (readonly [number, RawRequest])[] = [
    [200, { body: initializeRequest(), headers: ALICE }],
    [200, requestAlone('server/discover', {}, { headers: ALICE })],
    [200, { body: ping(), headers: session.headers }],
    [400, { body: ping(), headers: ALICE }],
    [400, { body: '{', headers: session.headers }],
    [401, { body: initializeRequest() }],
    [401, { body: initializeRequest(), headers: bearer('of-nobody') }],
    [404, { body: ping(), headers: { ...ALICE, 'mcp-session-id': 'unknown' } }],
    [405, { method: 'PUT', headers: ALICE }],
    [406, { body: ping(), headers: { ...session.headers, accept: 'image/png' } }],
    [413, { body: 'x'.repeat(3_000), headers: { ...session.headers, ...json } }],
    [415, { body: ping(), headers: { ...session.headers, 'content-type': 'text/plain' } }],
    [204, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
    [204, { method: 'DELETE', headers: session.headers }],
  ];
  const answers: [number, RawAnswer][] = [];
  for (const [status, given] of asked) {
    answers.push([status, await send(url, { ...given, headers: { ...given.headers, origin } })]);
  }
  return answers;
}

const variesByOrigin = ({ headers }: RawAnswer): boolean => /\borigin\b/i.test(String(headers.vary));

advisory('CVE-2026-34237', () => {
  test.each([
    ['that names none', {}],
    ['that names others', { allowedOrigins: [NAMED] }],
  ])('a foreign page reads nothing of a server %s, and is given no session id (R27)', async (_which, options) => {
    for (const origin of ['https://evil.example', 'null', `${NAMED}.evil.example`]) {
      for (const [, answer] of await answersTo(origin, options)) {
        expect([403, 405]).toContain(answer.status);
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(answer.headers['mcp-session-id']).toBeUndefined();
        expect(variesByOrigin(answer)).toBe(true);
      }
    }
  });

  test('a page that is named reads every status under its own name, never under *, and without cookies (R27)', async () => {
    for (const [status, answer] of await answersTo(NAMED, { allowedOrigins: [NAMED] })) {
      expect([status, answer.status]).toEqual([status, status]);
      expect([status, answer.headers['access-control-allow-origin']]).toEqual([status, NAMED]);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(variesByOrigin(answer)).toBe(true);
    }
  });

  test('who is no page is told nothing of it', async () => {
    for (const [, answer] of await answersTo(undefined, { allowedOrigins: [NAMED] })) {
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
