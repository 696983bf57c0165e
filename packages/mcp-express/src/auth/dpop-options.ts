import { ConfigurationError } from '../protocol/errors.js';
import { aFunction, type Check, type Checks, checkOptions, trueOrFalse, wholeFrom } from './checks.js';
import { ClaimShares } from './claim-shares.js';
import { ClaimedNames, type ClaimName, MAX_NAMES } from './claimed-names.js';
import type { DpopRules } from './dpop.js';
import { NonceIssuer } from './dpop-nonce.js';

/**
 * How tokens that are bound to a key are treated (DPoP, RFC 9449). Whatever is set here, a token that says it is bound is
 * taken only with a proof of its key.
 */
export interface DpopOptions {
  /** Takes bound tokens alone. @default false */
  readonly required?: boolean;
  /** Signature algorithms of proofs, asymmetric ones. @default ES256, ES384, ES512, PS256, RS256, EdDSA, Ed25519 */
  readonly algorithms?: readonly string[];
  /** Seconds that the clock of a client may differ and its proof may be on the way, together. @default 60 */
  readonly windowSeconds?: number;
  /** Asks for a nonce of this server in each proof, so that none can be made in advance. @default false */
  readonly nonce?: boolean;
  /**
   * What nonces are sealed with, newest first: texts or bytes of at least 32. Nodes that serve the same clients must share
   * them. @default one that this process makes up
   */
  readonly nonceKeys?: readonly (string | Uint8Array)[];
  /**
   * Remembers the proofs that were used, until they expire. With several nodes, give one that they share, such as
   * `(name, expiresAt) => store.claims.claim(name, expiresAt)`. @default the memory of this process, 100000 proofs
   */
  readonly claim?: ClaimName;
}

const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] as const;

/** Asymmetric signatures: whoever can check one cannot make one. */
const ASYMMETRIC = /^(RS|PS|ES)(256|384|512)$|^EdDSA$|^Ed25519$/;

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

export interface DpopContext {
  readonly url: string | undefined;
  readonly maxLength: number;
  readonly now: () => number;
}

/** `'required'` is short for `{ required: true }`. */
export type DpopOption = DpopOptions | 'required';

export interface Dpop extends DpopRules {
  readonly required: boolean;
  /** Whether clients are told of it without having used it. */
  readonly told: boolean;
}

export const dpopCheck: Check = (value) =>
  value === 'required' || (typeof value === 'object' && value !== null) ? undefined : '"required", or an object';

/** @throws ConfigurationError when an option is wrong, or there is no URL that proofs could be for. */
export function dpopOf(what: string, option: DpopOption | undefined, context: DpopContext): Dpop {
  const given = option === 'required' ? { required: true } : (option ?? {});
  const options = checkOptions(`${what} "dpop"`, given, CHECKS);
  if (option !== undefined && context.url === undefined) {
    throw new ConfigurationError(`${what} needs the option "resource" where it has "dpop"`);
  }
  return {
    ...context,
    required: options.required ?? false,
    told: option !== undefined,
    algorithms: options.algorithms ?? ALGORITHMS,
    windowSeconds: options.windowSeconds ?? 60,
    nonces: options.nonce === true ? new NonceIssuer(options.nonceKeys, context.now) : undefined,
    claim: options.claim ?? new ClaimedNames(context.now).claim,
    shares: new ClaimShares(context.now, MAX_NAMES),
  };
}
