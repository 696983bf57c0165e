import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTVerifyResult, jwtVerify } from 'jose';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import type { CredentialsError } from './challenge.js';
import type { ClaimShares } from './claim-shares.js';
import type { ClaimName } from './claimed-names.js';
import { copiesOf } from './credentials.js';
import type { NonceIssuer } from './dpop-nonce.js';

/** The rules by which proofs are checked. */
export interface DpopRules {
  /** The declared URL of the endpoint, normalized; `undefined` if none is declared, and then every proof is refused. */
  readonly url: string | undefined;
  readonly algorithms: readonly string[];
  /** The largest difference of `iat` to now, in seconds, in both directions. */
  readonly windowSeconds: number;
  /** The longest accepted proof, in characters. */
  readonly maxLength: number;
  readonly nonces: NonceIssuer | undefined;
  readonly claim: ClaimName;
  readonly shares: ClaimShares;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

/** A token that is bound to a key. */
export interface BoundToken {
  readonly token: string;
  /** The thumbprint of the key. */
  readonly jkt: string;
  /** The owner key of its principal. */
  readonly owner: string;
}

/** The reason why a proof is refused. */
export type ProofIssue = Pick<CredentialsError, 'error' | 'description' | 'nonce'>;

/** The longest accepted `jti`: enough for any random identifier, and too short to fill memory. */
const MAX_JTI = 512;

/**
 * Checks the proof that the sender of a request holds the key of its token (RFC 9449, section 4.3).
 *
 * @returns the reason for refusing the proof, or `undefined` if it is valid.
 * @throws McpError `store-unavailable` if the proof cannot be checked for replay; `rate-limited` if its key or principal
 *   has used too many proofs.
 */
export async function proofIssue(
  request: Request,
  token: BoundToken,
  rules: DpopRules,
): Promise<ProofIssue | undefined> {
  const proof = request.headers['dpop'];
  if (typeof proof !== 'string' || copiesOf(request, 'dpop') !== 1) return invalid('There must be one DPoP proof');
  if (proof.length > rules.maxLength) return invalid('The DPoP proof is too long');
  const verified = await verifiedProof(proof, rules);
  if (verified === undefined) return invalid('The DPoP proof is not valid');
  const { payload, protectedHeader } = verified;
  const issue = claimsIssue(payload, request.method, rules) ?? nonceIssue(payload['nonce'], rules);
  if (issue !== undefined) return issue;
  if (payload['ath'] !== sha256(token.token)) return invalid('The DPoP proof is for another access token');
  // `verifiedProof` has checked that it is a public key.
  if ((await calculateJwkThumbprint(protectedHeader.jwk ?? {}, 'sha256')) !== token.jkt) {
    return { error: 'invalid_token', description: 'The access token is bound to another key' };
  }
  return (await isReplay(token, payload, rules)) ? invalid('The DPoP proof was used before') : undefined;
}

function invalid(description: string): ProofIssue {
  return { error: 'invalid_dpop_proof', description };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

async function verifiedProof(proof: string, rules: DpopRules): Promise<JWTVerifyResult | undefined> {
  try {
    const verified = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...rules.algorithms],
      currentDate: new Date(rules.now()),
    });
    const { jwk } = verified.protectedHeader;
    return isObject(jwk) && !PRIVATE_MEMBERS.some((member) => member in jwk) ? verified : undefined;
  } catch {
    // All inputs come from the proof, so any failure means that the proof is invalid.
    return undefined;
  }
}

function claimsIssue(
  { htm, htu, iat, jti }: JWTVerifyResult['payload'],
  method: string,
  { url, windowSeconds, now }: DpopRules,
): ProofIssue | undefined {
  if (htm !== method) return invalid('The DPoP proof is for another method');
  if (typeof htu !== 'string' || url === undefined || normalizedUrl(htu) !== url) {
    return invalid('The DPoP proof is for another URL');
  }
  if (typeof iat !== 'number' || Math.abs(now() / 1000 - iat) > windowSeconds) {
    return invalid('The DPoP proof is too old, or its clock is wrong');
  }
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI) return invalid('The DPoP proof has no identifier');
  return undefined;
}

/** The URL without query and fragment, normalized for comparison (RFC 9449, section 4.3, check 9). */
function normalizedUrl(htu: string): string | undefined {
  if (!URL.canParse(htu)) return undefined;
  const url = new URL(htu);
  url.search = '';
  url.hash = '';
  return url.href;
}

function nonceIssue(nonce: unknown, { nonces }: DpopRules): ProofIssue | undefined {
  if (nonces === undefined || nonces.isValid(nonce)) return undefined;
  const description = 'The DPoP proof must have the nonce of this server';
  return { error: 'use_dpop_nonce', description, nonce: nonces.current() };
}

/** A proof is valid for one request (RFC 9449, section 11.1) and only within its time window. */
async function isReplay(
  { jkt, owner }: BoundToken,
  { iat, jti }: JWTVerifyResult['payload'],
  rules: DpopRules,
): Promise<boolean> {
  const expiresAt = Math.ceil((Number(iat) + rules.windowSeconds) * 1000) + 1;
  // Checked before the proof is recorded, so that one key, or one principal with many keys, cannot fill the shared memory.
  if (!rules.shares.take([`key ${jkt}`, `principal ${owner}`], expiresAt)) {
    throw new McpError('rate-limited', 'Too many DPoP proofs of this key or principal at this time');
  }
  try {
    return !(await rules.claim(`dpop:${sha256(`${jkt}.${jti}`)}`, expiresAt));
  } catch (thrown) {
    if (McpError.is(thrown)) throw thrown;
    throw new McpError('store-unavailable', 'The DPoP proof cannot be checked at this time', { cause: thrown });
  }
}
