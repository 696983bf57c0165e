import { createHash, randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Request } from './authentication.js';
import { ClaimShares } from './claim-shares.js';
import { ClaimedNames } from './claimed-names.js';
import { type DpopRules, proofIssue } from './dpop.js';

const URL_OF_SERVER = 'https://mcp.example.com/mcp';
const TOKEN = 'token';

/** A function that sends a new proof with each call. */
async function senderOf(owner: string, rules: DpopRules): Promise<() => Promise<unknown>> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const jkt = await calculateJwkThumbprint(jwk, 'sha256');
  const ath = createHash('sha256').update(TOKEN).digest('base64url');
  return async () => {
    const dpop = await new SignJWT({ htm: 'POST', htu: URL_OF_SERVER, ath, jti: randomUUID() })
      .setIssuedAt()
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(privateKey);
    const request = { method: 'POST', headers: { dpop }, rawHeaders: ['DPoP', dpop] } as unknown as Request;
    return proofIssue(request, { token: TOKEN, jkt, owner }, rules);
  };
}

/** Sends until the first refusal. */
async function flood(send: () => Promise<unknown>, most: number): Promise<number> {
  for (let sent = 0; sent < most; sent++) {
    try {
      expect(await send()).toBeUndefined();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'rate-limited' });
      return sent;
    }
  }
  return most;
}

test('one key, or one principal with many keys, does not fill the memory of used proofs for others (RFC 9449)', async () => {
  const rules: DpopRules = {
    ...{ url: URL_OF_SERVER, algorithms: ['ES256'], windowSeconds: 60, maxLength: 8192, nonces: undefined },
    claim: new ClaimedNames(Date.now, 100).claim,
    shares: new ClaimShares(Date.now, 100),
    now: Date.now,
  };
  expect(await flood(await senderOf('mallory', rules), 100)).toBe(17);
  for (let key = 0; key < 5; key++) expect(await flood(await senderOf('mallory', rules), 100)).toBe(0);
  const ann = await senderOf('ann', rules);
  for (let sent = 0; sent < 5; sent++) expect(await ann()).toBeUndefined();
});
