import { ConfigurationError } from '../protocol/errors.js';
import { aFunction, type Check, type Checks, checkOptions, trueOrFalse, wholeFrom } from './checks.js';
import { ClaimShares } from './claim-shares.js';
import { ClaimedNames, type ClaimName, MAX_NAMES } from './claimed-names.js';
import type { DpopRules } from './dpop.js';
import { NonceIssuer } from './dpop-nonce.js';

/**
 * Settings for tokens that are bound to a key (DPoP, RFC 9449). Independent of them, a bound token is accepted only with a
 * proof of its key.
 */
export interface DpopOptions {
  /** Accepts only bound tokens. @default false */
  readonly required?: boolean;
  /** Asymmetric signature algorithms of proofs. @default ES256, ES384, ES512, PS256, RS256, EdDSA, Ed25519 */
  readonly algorithms?: readonly string[];
  /** Seconds allowed for both the clock difference of a client and the transmission of its proof. @default 60 */
  readonly windowSeconds?: number;
  /** Requires a nonce of this server in each proof, which prevents proofs made in advance. @default false */
  readonly nonce?: boolean;
  /**
   * Keys that sign nonces, newest first, each of at least 32 characters or bytes. Nodes that serve the same clients must
   * share them.
   *
   * @default a random key of this process
   */
  readonly nonceKeys?: readonly (string | Uint8Array)[];
  /**
   * Records used proofs until they expire. Several nodes need a shared one, such as `(name, expiresAt) =>
   * store.claims.claim(name, expiresAt)`.
   *
   * @default the memory of this process, 100000 proofs
   */
  readonly claim?: ClaimName;
}

const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;

/** Asymmetric signatures: a party that can verify them cannot create them. */
const ASYMMETRIC = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** Whether an algorithm is an asymmetric signature algorithm of JOSE. */
export function isAsymmetric(algorithm: unknown): boolean {
  return typeof algorithm === 'string' && ASYMMETRIC.test(algorithm);
}

const MIN_KEY = 32;

const keyList: Check = (value) => {
  const isKey = (key: unknown): boolean =>
    (typeof key === 'string' || key instanceof Uint8Array) && key.length >= MIN_KEY;
  const wanted = `a list of at least one text or bytes, each of ${MIN_KEY} characters or bytes at least`;
  return Array.isArray(value) && value.length > 0 && value.every(isKey) ? undefined : wanted;
};

/** Checks for a non-empty list of asymmetric signature algorithms. */
export const asymmetricList: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isAsymmetric)
    ? undefined
    : 'a list of asymmetric signature algorithms, such as "ES256"';

const CHECKS: Checks<DpopOptions> = {
  required: trueOrFalse,
  algorithms: asymmetricList,
  windowSeconds: wholeFrom(1, 3600),
  nonce: trueOrFalse,
  nonceKeys: keyList,
  claim: aFunction('of a name and when it expires'),
};

/** Settings of `bearerAuth` that proofs depend on. */
export interface DpopContext {
  /** The declared URL of the endpoint, normalized. */
  readonly url: string | undefined;
  /** The longest accepted proof, in characters. */
  readonly maxLength: number;
  /** The current time in milliseconds since 1970. */
  readonly now: () => number;
}

/** `'required'` is short for `{ required: true }`. */
export type DpopOption = DpopOptions | 'required';

/** The resolved DPoP settings. */
export interface Dpop extends DpopRules {
  readonly required: boolean;
  /** Whether challenges and metadata advertise DPoP. */
  readonly advertised: boolean;
}

/** Checks the option `dpop`. */
export const dpopCheck: Check = (value) =>
  value === 'required' || (typeof value === 'object' && value !== null) ? undefined : '"required", or an object';

/**
 * Resolves the option `dpop`.
 *
 * @param what the name of the function that takes the option, for messages.
 * @throws ConfigurationError if an option is invalid, or no URL is declared that proofs could be for.
 */
export function dpopOf(what: string, option: DpopOption | undefined, context: DpopContext): Dpop {
  const given = option === 'required' ? { required: true } : (option ?? {});
  const options = checkOptions(`${what} "dpop"`, given, CHECKS);
  if (option !== undefined && context.url === undefined) {
    throw new ConfigurationError(`${what} needs the option "resource" where it has "dpop"`);
  }
  return {
    ...context,
    required: options.required ?? false,
    advertised: option !== undefined,
    algorithms: options.algorithms ?? ALGORITHMS,
    windowSeconds: options.windowSeconds ?? 60,
    nonces: options.nonce === true ? new NonceIssuer(options.nonceKeys, context.now) : undefined,
    claim: options.claim ?? new ClaimedNames(context.now).claim,
    shares: new ClaimShares(context.now, MAX_NAMES),
  };
}
