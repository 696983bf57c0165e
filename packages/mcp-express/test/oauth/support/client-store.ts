import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/** Nobody listens there. */
export const REDIRECT_URL = 'http://127.0.0.1:9/callback';

export interface StoreOptions {
  /** Where the client publishes who it is. Without it, the client registers. */
  readonly clientMetadataUrl?: string;
  readonly grantTypes?: readonly string[];
}

/** What a program that uses an official client keeps for it: who it is, its tokens, and what it is in the middle of. */
export class ClientStore implements OAuthClientProvider {
  readonly redirectUrl = REDIRECT_URL;
  readonly clientMetadata: OAuthClientMetadata;
  readonly clientMetadataUrl?: string;
  /** Where the user was sent, each time. */
  readonly authorizations: URL[] = [];
  /** Each set of tokens that was given, in order. */
  readonly given: StoredOAuthTokens[] = [];
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;

  constructor({ clientMetadataUrl, grantTypes = ['authorization_code', 'refresh_token'] }: StoreOptions = {}) {
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
    this.clientMetadata = {
      client_name: 'official',
      redirect_uris: [REDIRECT_URL],
      grant_types: [...grantTypes],
      token_endpoint_auth_method: 'none',
    };
  }

  get clientId(): string {
    return String(this.#client?.client_id);
  }

  get accessToken(): string {
    return String(this.#tokens?.access_token);
  }

  get refreshToken(): string {
    return String(this.#tokens?.refresh_token);
  }

  get discovery(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  state(): string {
    return `state-${this.authorizations.length}`;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
    this.given.push(tokens);
  }

  redirectToAuthorization(url: URL): void {
    this.authorizations.push(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }

  invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (what === 'all' || what === 'tokens') this.#tokens = undefined;
    if (what === 'all' || what === 'client') this.#client = undefined;
  }
}
