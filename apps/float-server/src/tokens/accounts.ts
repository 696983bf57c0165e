/** Selects the Float token of each caller. Tokens come from the configuration only; clients never send one. */

import { createHash } from 'node:crypto';
import { createTokenlessClient, type FloatClient } from 'float-api';
import type { Principal } from 'mcp-express';
import type { UserToken } from './user-tokens.js';

/** A Float account with its own connections, cache and rate limit. */
export interface Account {
  /** A digest of the token, equal on every node. */
  readonly key: string;
  readonly api: FloatClient;
}

/** Options of `Accounts`. */
export interface AccountsOptions {
  /** Tokens of individual callers. @default none */
  readonly tokens?: readonly UserToken[];
  /** Token of all other callers. Undefined rejects them. */
  readonly shared?: string | undefined;
  readonly open: OpenClient;
}

/** Creates the client of a token; it must call `written` after each write. */
export type OpenClient = (token: string, account: { key: string; written: () => void }) => FloatClient;

/** The accounts by caller. */
export class Accounts {
  readonly #opened = new Map<string, Account>();
  readonly #tokens: ReadonlyMap<string, string>;
  #written: (account: string) => void = () => {};

  constructor(private readonly options: AccountsOptions) {
    const { tokens = [] } = options;
    this.#tokens = new Map(tokens.map((entry) => [nameOf(entry.issuer, entry.subject), entry.token]));
  }

  /** Sets the one listener, called with the account's key after each write by this node. */
  onWrite(listener: (account: string) => void): void {
    this.#written = listener;
  }

  /** The account of a caller. Never fails: without a token, each call of the account's client fails. */
  of(principal: Principal | undefined): Account {
    const token = (principal && this.#tokenOf(principal)) ?? this.options.shared;
    return token === undefined ? rejectingAccount(principal) : this.#accountOf(token);
  }

  /** An account that was used before. */
  byKey(key: string): Account | undefined {
    return this.#opened.get(key);
  }

  async close(): Promise<void> {
    for (const { api } of this.#opened.values()) await api.close();
  }

  #tokenOf({ issuer, subject }: Principal): string | undefined {
    return this.#tokens.get(nameOf(issuer, subject)) ?? this.#tokens.get(nameOf(undefined, subject));
  }

  /** One account per token: callers with the same token share cache and rate limit. */
  #accountOf(token: string): Account {
    const key = accountKey(token);
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const account = { key, api: this.options.open(token, { key, written: () => this.#written(key) }) };
    this.#opened.set(key, account);
    return account;
  }
}

/** The key of a token's account. */
export function accountKey(token: string): string {
  return createHash('sha256').update(`float account ${token}`).digest('base64url').slice(0, 22);
}

function rejectingAccount(principal: Principal | undefined): Account {
  const whom = principal === undefined ? 'callers who do not sign in' : `"${principal.subject}"`;
  return { key: 'none', api: createTokenlessClient(`this server has no Float token for ${whom}`) };
}

function nameOf(issuer: string | undefined, subject: string): string {
  return JSON.stringify([issuer ?? '', subject]);
}
