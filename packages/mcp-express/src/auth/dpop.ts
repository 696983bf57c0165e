import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTVerifyResult, jwtVerify } from 'jose';
import { McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Request } from './authentication.js';
import type { Fault } from './challenge.js';
import type { ClaimShares } from './claim-shares.js';
import type { ClaimName } from './claimed-names.js';
import { copiesOf } from './credentials.js';
import type { NonceIssuer } from './dpop-nonce.js';

export interface DpopRules {
  /** The declared URL of the endpoint, normalized; `undefined` when none is declared, and then no proof can be checked. */
  readonly url: string | undefined;
  readonly algorithms: readonly string[];
  /** How far `iat` may be from now, in seconds, either way. */
  readonly windowSeconds: number;
  readonly maxLength: number;
  readonly nonces: NonceIssuer | undefined;
  readonly claim: ClaimName;
  readonly shares: ClaimShares;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A token that is bound to a key. */
export interface BoundToken {
  readonly token: string;
  /** The thumbprint of the key. */
  readonly jkt: string;
  /** The key of its principal. */
  readonly owner: string;
}

/** What is wrong with a proof. */
export type ProofFault = Pick<Fault, 'error' | 'description' | 'nonce'>;

/** Long enough for any random identifier, and nothing to fill memory with. */
const MAX_JTI = 512;

/**
 * Checks that whoever sent the request holds the key its token is bound to (RFC 9449, section 4.3).
 *
 * @returns what is wrong, or nothing.
 * @throws McpError `store-unavailable` when it cannot be found out whether the proof was used before.
 */
export async function proofFault(
  request: Request,
  token: BoundToken,
  rules: DpopRules,
): Promise<ProofFault | undefined> {
  const proof = request.headers['dpop'];
  if (typeof proof !== 'string' || copiesOf(request, 'dpop') !== 1) return invalid('There must be one DPoP proof');
  if (proof.length > rules.maxLength) return invalid('The DPoP proof is too long');
  const verified = await verifiedProof(proof, rules);
  if (verified === undefined) return invalid('The DPoP proof is not valid');
  const { payload, protectedHeader } = verified;
  const fault = claimsFault(payload, request.method, rules) ?? nonceFault(payload['nonce'], rules);
  if (fault !== undefined) return fault;
  if (payload['ath'] !== sha256(token.token)) return invalid('The DPoP proof is for another access token');
  // `verifiedProof` has seen that it is a public key.
  if ((await calculateJwkThumbprint(protectedHeader.jwk ?? {}, 'sha256')) !== token.jkt) {
    return { error: 'invalid_token', description: 'The access token is bound to another key' };
  }
  return (await isReplay(token, payload, rules)) ? invalid('The DPoP proof was used before') : undefined;
}

function invalid(description: string): ProofFault {
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
    // Everything that is checked came with the proof, so whatever cannot be done with it is its fault.
    return undefined;
  }
}

function claimsFault(
  { htm, htu, iat, jti }: JWTVerifyResult['payload'],
  method: string,
  { url, windowSeconds, now }: DpopRules,
): ProofFault | undefined {
  if (htm !== method) return invalid('The DPoP proof is for another method');
  if (typeof htu !== 'string' || url === undefined || placeOf(htu) !== url) {
    return invalid('The DPoP proof is for another URL');
  }
  if (typeof iat !== 'number' || Math.abs(now() / 1000 - iat) > windowSeconds) {
    return invalid('The DPoP proof is too old, or of a clock that is wrong');
  }
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI) return invalid('The DPoP proof has no identifier');
  return undefined;
}

/** Compared after normalization, without query and fragment (RFC 9449, section 4.3, check 9). */
function placeOf(htu: string): string | undefined {
  if (!URL.canParse(htu)) return undefined;
  const url = new URL(htu);
  url.search = '';
  url.hash = '';
  return url.href;
}

function nonceFault(nonce: unknown, { nonces }: DpopRules): ProofFault | undefined {
  if (nonces === undefined || nonces.isGood(nonce)) return undefined;
  const description = 'The DPoP proof must have the nonce of this server';
  return { error: 'use_dpop_nonce', description, nonce: nonces.current() };
}

/** A proof is good for one request (RFC 9449, section 11.1), and after its window for none. */
async function isReplay(
  { jkt, owner }: BoundToken,
  { iat, jti }: JWTVerifyResult['payload'],
  rules: DpopRules,
): Promise<boolean> {
  const expiresAt = Math.ceil((Number(iat) + rules.windowSeconds) * 1000) + 1;
  // Before it is remembered, so that one key, or one principal with many keys, cannot fill the memory of all.
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
