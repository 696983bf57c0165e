/** Which Float token is used for whom. A client never sends one: they come from the configuration alone. */
import { createHash } from 'node:crypto';
import type { Principal } from 'mcp-express';
import { createTokenlessClient, type FloatClient } from '../float/client.js';
import type { UserToken } from './user-tokens.js';

/** A Float account as this server sees it, with connections, a cache and a rate budget of its own. */
export interface Account {
  /** The same for the same token on every node, and no way back to it. */
  readonly key: string;
  readonly api: FloatClient;
}

export interface AccountsOptions {
  /** Tokens of people's own. @default none */
  readonly tokens?: readonly UserToken[];
  /** The token of everybody else. Absent: they are refused. */
  readonly shared?: string | undefined;
  readonly open: OpenClient;
}

/** Makes the client of a token, which calls `written` after each write. */
export type OpenClient = (token: string, account: { key: string; written: () => void }) => FloatClient;

export class Accounts {
  readonly #opened = new Map<string, Account>();
  readonly #tokens: ReadonlyMap<string, string>;
  #written: (account: string) => void = () => {};

  constructor(private readonly options: AccountsOptions) {
    const { tokens = [] } = options;
    this.#tokens = new Map(tokens.map((entry) => [nameOf(entry.issuer, entry.subject), entry.token]));
  }

  /** Calls `listener` with the key of each account that is written to from here. There is one listener. */
  onWrite(listener: (account: string) => void): void {
    this.#written = listener;
  }

  /** Never fails: where there is no token, each call of the account's client says so. */
  of(principal: Principal | undefined): Account {
    const token = (principal && this.#tokenOf(principal)) ?? this.options.shared;
    return token === undefined ? refusing(principal) : this.#accountOf(token);
  }

  /** One that is in use. */
  byKey(key: string): Account | undefined {
    return this.#opened.get(key);
  }

  async close(): Promise<void> {
    for (const { api } of this.#opened.values()) await api.close();
  }

  #tokenOf({ issuer, subject }: Principal): string | undefined {
    return this.#tokens.get(nameOf(issuer, subject)) ?? this.#tokens.get(nameOf(undefined, subject));
  }

  /** Two people with one token have one budget at Float, so they share what is kept of it. */
  #accountOf(token: string): Account {
    const key = accountKey(token);
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const account = { key, api: this.options.open(token, { key, written: () => this.#written(key) }) };
    this.#opened.set(key, account);
    return account;
  }
}

export function accountKey(token: string): string {
  return createHash('sha256').update(`float account ${token}`).digest('base64url').slice(0, 22);
}

function refusing(principal: Principal | undefined): Account {
  const whom = principal === undefined ? 'whoever does not sign in' : `"${principal.subject}"`;
  return { key: 'none', api: createTokenlessClient(`this server has no Float token for ${whom}`) };
}

function nameOf(issuer: string | undefined, subject: string): string {
  return JSON.stringify([issuer ?? '', subject]);
}
